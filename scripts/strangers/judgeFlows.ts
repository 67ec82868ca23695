import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFlows } from '../../local-org/src/flow/compile.ts';
import { FlowLoadError } from '../../local-org/src/flow/errors.ts';
import type { FlowSource } from '../../local-org/src/flow/model.ts';
import { parseFlow } from '../../local-org/src/flow/parse/flow.ts';
import type { ObjectDef, OrgMetadata } from '../../local-org/src/metadata/schema.ts';
import { Unsupported } from '../../local-org/src/metadata/schema.ts';
import { standardObjects } from '../../local-org/src/metadata/standardObjects.ts';
import { MadeUpObjects } from './madeUpObjects.ts';

export interface FlowFile {
  readonly name: string;
  readonly file: string;
  readonly xml: string;
}

/** What the local org makes of a flow that nobody here wrote. */
export type FlowVerdict =
  /** It would run in an org with the standard objects. */
  | { readonly kind: 'loads' }
  /** It would run in an org that also has the objects and fields it names. */
  | { readonly kind: 'loads-with-its-objects' }
  /** Something in it is not implemented, and the org says what. */
  | { readonly kind: 'unsupported'; readonly element: string; readonly feature: string }
  /** It contradicts itself or its objects, as far as those are known. */
  | { readonly kind: 'contradiction'; readonly element: string; readonly problem: string }
  /** A bug of the local org: anything but a refusal that names file and element. */
  | { readonly kind: 'crash'; readonly problem: string };

/** Finds `NAME.flow-meta.xml` and `NAME.flow` at any depth, in the order of their paths. */
export function findFlows(folder: string): FlowFile[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.flow(?:-meta\.xml)?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((file) => ({ file, xml: readFileSync(file, 'utf8') }))
      // The type annotations of other languages have files of this name, too.
      .filter(({ xml }) => /<Flow[\s>]/.test(xml))
      .map(({ file, xml }) => ({
        name: (file.split('/').at(-1) ?? '').replace(/\.flow(?:-meta\.xml)?$/, ''),
        file,
        xml,
      }))
  );
}

/** Judges a flow together with the flows it calls, which are looked for among `others` by name. */
export function judgeFlow(flow: FlowFile, others: ReadonlyMap<string, FlowFile>): FlowVerdict {
  const known = new Map(
    standardObjects.map((object): [string, ObjectDef] => [object.name, object]),
  );
  const alone = attempt(flow, others, known);
  if (alone.kind === 'loads' || alone.kind === 'crash') return alone;
  const supplied = attempt(flow, others, new MadeUpObjects(known));
  return supplied.kind === 'loads' ? { kind: 'loads-with-its-objects' } : supplied;
}

function attempt(
  flow: FlowFile,
  others: ReadonlyMap<string, FlowFile>,
  objects: ReadonlyMap<string, ObjectDef>,
): FlowVerdict {
  const flows = new Map([[flow.name, flow]]);
  const metadata: OrgMetadata = {
    objects,
    permissionSets: new Map(),
    queues: new Map(),
    validationRules: [],
    flows: [],
  };
  try {
    addCalled(parseFlow(flow.name, flow.file, flow.xml), flows, others);
    compileFlows({ ...metadata, flows: [...flows.values()] });
    return { kind: 'loads' };
  } catch (error) {
    if (error instanceof Unsupported) {
      const isNamed =
        flows.values().some(({ file }) => file === error.file) && error.element !== '';
      if (isNamed) return { kind: 'unsupported', element: error.element, feature: error.feature };
    }
    if (error instanceof FlowLoadError && error.element !== '') {
      const problem = error.message.replace(`${error.file}: ${error.element}: `, '');
      return { kind: 'contradiction', element: error.element, problem };
    }
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'crash', problem };
  }
}

function addCalled(
  source: FlowSource,
  flows: Map<string, FlowFile>,
  others: ReadonlyMap<string, FlowFile>,
): void {
  for (const element of source.elements.values()) {
    const called = element.kind === 'subflows' ? others.get(element.flow) : undefined;
    if (called === undefined || flows.has(called.name)) continue;
    flows.set(called.name, called);
    addCalled(parseFlow(called.name, called.file, called.xml), flows, others);
  }
}
