import type { OrgMetadata } from '../../src/metadata/schema.ts';
import { Unsupported } from '../../src/metadata/schema.ts';
import { compileFlows } from '../../src/flow/compile.ts';
import { FlowLoadError } from '../../src/flow/errors.ts';
import type { CompiledFlow } from '../../src/flow/runtime.ts';
import { elements, flows as asTheyAre, metadata } from '../flows/packageOrg.ts';
import type { FlowCase } from '../cases/collect.ts';
import { EQUIVALENT } from './equivalent.ts';
import type { Mutant } from './mutants.ts';
import { observe } from './observe.ts';
import type { Observation } from './observe.ts';

/** How a mutant was found out. */
export type Fate =
  /** The org refuses to load it, naming file and element. */
  | { readonly kind: 'refused'; readonly error: string }
  /** A case fails with it. */
  | { readonly kind: 'failed'; readonly by: string }
  /** No case fails, but after one of them records or events are others. */
  | { readonly kind: 'differs'; readonly by: string }
  /** Nothing that any case can see has changed. */
  | { readonly kind: 'survived' };

/** A case with what it comes to when the flows are as they should be. */
export interface Baseline {
  readonly flowCase: FlowCase;
  readonly expected: Observation;
}

export async function makeBaselines(cases: readonly FlowCase[]): Promise<Baseline[]> {
  const baselines: Baseline[] = [];
  for (const flowCase of cases) {
    const expected = await observe({ files: metadata.flows, bound: asTheyAre }, flowCase);
    if (expected.failure !== undefined)
      throw new Error(`${flowCase.name} fails with the flows as they are: ${expected.failure}`);
    baselines.push({ flowCase, expected });
  }
  // The quick ones first: most mutants are found out by any case that comes their way.
  return baselines.toSorted((a, b) => a.expected.took - b.expected.took);
}

/* How many cases try a mutant that is known to do what the flow does; all of them would take minutes each time. */
const CASES_FOR_EQUIVALENT = 12;

/**
 * Makes a judge of mutants: it loads each, then runs the cases that come through it until one shows that something
 * changed. A case that found out another mutant of the same element is tried first.
 */
export function makeJudge(baselines: readonly Baseline[]): (mutant: Mutant) => Promise<Fate> {
  const finders = new Map<string, Set<Baseline>>();
  return async (mutant) => {
    const files = metadata.flows.map((flow) =>
      flow.name === mutant.flow ? { ...flow, xml: mutant.xml } : flow,
    );
    const bound = bind(files);
    if (typeof bound === 'string') return { kind: 'refused', error: bound };
    const place = `${mutant.flow}.${mutant.element}`;
    const first = finders.get(place) ?? new Set<Baseline>();
    finders.set(place, first);
    const all = baselines.filter(({ expected }) => comesThrough(mutant, expected));
    const fitting = [...new Set([...first, ...likely(mutant, all), ...all])];
    const isKnown = Object.hasOwn(EQUIVALENT, mutant.name);
    for (const baseline of isKnown ? fitting.slice(0, CASES_FOR_EQUIVALENT) : fitting) {
      const { flowCase, expected } = baseline;
      const seen = await observe({ files, bound }, flowCase);
      if (seen.failure === undefined && seen.result === expected.result) continue;
      first.add(baseline);
      return { kind: seen.failure === undefined ? 'differs' : 'failed', by: flowCase.name };
    }
    return { kind: 'survived' };
  };
}

/* How many cases of each branch are tried before all others. */
const CASES_OF_A_BRANCH = 3;

/** The quickest cases that come through what is near the mutant, of the rarest first; then those through its flow. */
function likely({ flow, near }: Mutant, fitting: readonly Baseline[]): Baseline[] {
  const branches = near
    .map((name) => fitting.filter(({ expected }) => expected.executed.has(`${flow}.${name}`)))
    .toSorted((a, b) => a.length - b.length);
  const inFlow = fitting.filter(({ expected }) =>
    [...expected.executed].some((one) => one.startsWith(`${flow}.`)),
  );
  return [...branches.flatMap((branch) => branch.slice(0, CASES_OF_A_BRANCH)), ...inFlow];
}

/** The flows bound, only those anew that are others; or why the org refuses them. */
function bind(files: OrgMetadata['flows']): ReadonlyMap<string, CompiledFlow> | string {
  try {
    return compileFlows({ ...metadata, flows: files }, asTheyAre);
  } catch (error) {
    if (error instanceof Unsupported || error instanceof FlowLoadError) return error.message;
    throw error;
  }
}

/** An element has to be executed; formulas and variables belong to the whole flow, a start to all. */
function comesThrough({ flow, element }: Mutant, { executed }: Observation): boolean {
  if (elements.has(`${flow}.${element}`)) return executed.has(`${flow}.${element}`);
  return element === 'start' || [...executed].some((one) => one.startsWith(`${flow}.`));
}
