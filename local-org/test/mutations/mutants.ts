import type { OrgMetadata } from '../../src/metadata/schema.ts';
import { OPERATORS } from './operators.ts';
import { childText, readTree, textOf, walk } from './xmlTree.ts';
import type { XmlNode } from './xmlTree.ts';

/** A flow of the package with one change. */
export interface Mutant {
  /** `Flow.Element: what was changed`; no two are the same. */
  readonly name: string;
  readonly operator: string;
  readonly flow: string;
  /** The element's name; `start` for the start, and the name of a formula or a variable for those. */
  readonly element: string;
  /** Elements that it leads to or that mention it: a case that comes through them as well finds out more. */
  readonly near: readonly string[];
  readonly xml: string;
}

/* What is of no consequence for a run. */
const SILENT: ReadonlySet<string> = new Set(['description', 'label', 'interviewLabel']);

/** Every mutant of every flow, in the order of flows, elements and operators. */
export function makeMutants(flows: OrgMetadata['flows']): Mutant[] {
  const mutants: Mutant[] = [];
  const names = new Map<string, number>();
  for (const { name: flow, xml } of flows) {
    const nodes = readTree(xml).children;
    for (const node of nodes) {
      if (SILENT.has(node.name) || node.name === 'processMetadataValues') continue;
      const element = childText(xml, node, 'name') || node.name;
      const near = [...targetsOf(xml, node), ...mentioning(xml, nodes, element)];
      for (const [operator, change] of Object.entries(OPERATORS)) {
        for (const { what, xml: changed } of change(xml, node)) {
          const plain = `${flow}.${element}: ${what}`;
          const before = names.get(plain) ?? 0;
          names.set(plain, before + 1);
          const name = before === 0 ? plain : `${plain} (${before + 1})`;
          mutants.push({ name, operator, flow, element, near, xml: changed });
        }
      }
    }
  }
  return mutants;
}

const targetsOf = (xml: string, element: XmlNode): string[] =>
  [...walk(element)]
    .filter(({ name }) => name === 'targetReference')
    .map((node) => textOf(xml, node));

const mentioning = (xml: string, nodes: readonly XmlNode[], name: string): string[] =>
  nodes
    .filter((node) => new RegExp(`[>!]${name}[<.\\}]`, 'v').test(textOf(xml, node)))
    .map((node) => childText(xml, node, 'name'))
    .filter((other) => other !== '' && other !== name);
