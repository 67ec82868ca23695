import type { OrgMetadata } from '../../src/metadata/schema.ts';
import { OPERATORS } from './operators.ts';
import { childText, readTree } from './xmlTree.ts';

/** A flow of the package with one change. */
export interface Mutant {
  /** `Flow.Element: what was changed`; no two are the same. */
  readonly name: string;
  readonly operator: string;
  readonly flow: string;
  /** The element's name; `start` for the start, and the name of a formula or a variable for those. */
  readonly element: string;
  readonly xml: string;
}

/* What is of no consequence for a run. */
const SILENT: ReadonlySet<string> = new Set(['description', 'label', 'interviewLabel']);

/** Every mutant of every flow, in the order of flows, elements and operators. */
export function makeMutants(flows: OrgMetadata['flows']): Mutant[] {
  const mutants: Mutant[] = [];
  const names = new Map<string, number>();
  for (const { name: flow, xml } of flows) {
    for (const node of readTree(xml).children) {
      if (SILENT.has(node.name) || node.name === 'processMetadataValues') continue;
      const element = childText(xml, node, 'name') || node.name;
      for (const [operator, change] of Object.entries(OPERATORS)) {
        for (const { what, xml: changed } of change(xml, node)) {
          const plain = `${flow}.${element}: ${what}`;
          const before = names.get(plain) ?? 0;
          names.set(plain, before + 1);
          const name = before === 0 ? plain : `${plain} (${before + 1})`;
          mutants.push({ name, operator, flow, element, xml: changed });
        }
      }
    }
  }
  return mutants;
}
