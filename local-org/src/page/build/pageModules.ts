import { join } from 'node:path';

import type { Plugin } from 'rollup';

import type { ObjectDef } from '../../metadata/schema.ts';
import { ENGINE_MODULES } from './basePart.ts';
import { BROWSER_FOLDER, baseComponents, platformFile } from './modules.ts';
import type { PageSources } from './pagePart.ts';

const entry = 'page:entry';
const bundleList = 'page:bundles';
const label = /^@salesforce\/label\/c\.(\w+)$/;
const schema = /^@salesforce\/schema\/(\w+)(?:\.([\w.]+))?$/;

/**
 * Resolves what a page imports besides relative files: bundles, the platform's modules, labels, schema
 * and, told to `useBase`, base components and the engine, which another build has made.
 */
export function pageModules(sources: PageSources, useBase: (name: string) => void): Plugin {
  const components = baseComponents();
  const engine: readonly string[] = ENGINE_MODULES;

  function isBase(id: string): boolean {
    return engine.includes(id) || components.has(/^lightning\/(\w+)$/.exec(id)?.[1] ?? '');
  }

  return {
    name: 'page-modules',
    resolveId(id, importer) {
      if (id === entry || id === bundleList) return `\0${id}`;
      const file = platformFile(id);
      if (file !== undefined) return file;
      const fail = (message: string): never =>
        this.error({ message, ...(importer === undefined ? {} : { id: withoutQuery(importer) }) });
      if (isBase(id)) {
        useBase(id);
        return { id, external: true };
      }
      if (id.startsWith('c/')) {
        const name = id.slice(2);
        const bundle = sources.bundles.get(name);
        // The query tells the compiler the name space, which the folder does not.
        if (bundle !== undefined) return `${join(bundle.folder, `${name}.js`)}?specifier=${id}`;
        return fail(`"${id}": there is no bundle ${name} under the metadata folders`);
      }
      const labelName = label.exec(id)?.[1];
      if (labelName !== undefined) {
        if (sources.labels.has(labelName)) return `\0${id}`;
        return fail(`"${id}": there is no label ${labelName} in the labels files`);
      }
      const path = schema.exec(id);
      if (path === null) return undefined;
      const problem = problemOf(sources.objects, path[1] ?? '', path[2]);
      return problem === undefined ? `\0${id}` : fail(`"${id}": ${problem}`);
    },
    load(id) {
      if (!id.startsWith('\0')) return undefined;
      const name = id.slice(1);
      if (name === entry) return entryCode();
      if (name === bundleList) return bundleCode([...sources.bundles.keys()]);
      const labelName = label.exec(name)?.[1];
      if (labelName !== undefined) return exported(sources.labels.get(labelName));
      const path = schema.exec(name);
      return path === null ? undefined : exported(schemaValue(path[1] ?? '', path[2]));
    },
  };
}

function withoutQuery(id: string): string {
  return id.split('?')[0] ?? id;
}

function exported(value: unknown): string {
  return `export default ${JSON.stringify(value)};`;
}

/** The synthetic shadow must be there before the engine looks for it. */
function entryCode(): string {
  const main = JSON.stringify(join(BROWSER_FOLDER, 'page/main.ts'));
  return `import '@lwc/synthetic-shadow';\nimport 'lwc';\nimport ${main};\n`;
}

function bundleCode(names: readonly string[]): string {
  const entries = names.map((name) => `${JSON.stringify(name)}: () => import('c/${name}')`);
  return `export const bundles = { ${entries.join(', ')} };`;
}

function schemaValue(object: string, field: string | undefined): unknown {
  return field === undefined
    ? { objectApiName: object }
    : { fieldApiName: field, objectApiName: object };
}

/** Why a schema import means nothing, or undefined; follows lookups (`Case.Asset.Name`). */
function problemOf(
  objects: ReadonlyMap<string, ObjectDef>,
  objectName: string,
  path: string | undefined,
): string | undefined {
  let object = objects.get(objectName);
  if (object === undefined) return `there is no object ${objectName} in the metadata`;
  const steps = path?.split('.') ?? [];
  for (const [index, step] of steps.entries()) {
    if (index === steps.length - 1) {
      if (object.fields.has(step)) return undefined;
      return `the object ${object.name} has no field ${step} in the metadata`;
    }
    const lookup = [...object.fields.values()].find((one) => one.relationshipName === step);
    const target: ObjectDef | undefined = objects.get(lookup?.referenceTo?.[0] ?? '');
    if (target === undefined) return `the object ${object.name} has no lookup called ${step}`;
    object = target;
  }
  return undefined;
}
