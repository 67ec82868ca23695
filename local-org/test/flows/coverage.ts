import type { FlowElement, FlowSource } from '../../src/flow/model.ts';
import type { FlowStep, Interview } from '../../src/flow/runtime.ts';

/** What the tests of a flow have to reach, and what they did, by name. */
export interface Goals {
  /** Names of elements. */
  readonly elements: readonly string[];
  /** `Element: Outcome` of decisions, the default one among them, and both arrows of loops. */
  readonly outcomes: readonly string[];
  /** Names of the elements that have a fault path. */
  readonly faults: readonly string[];
  /** The ways in: at once, asynchronously, and by name each scheduled path. */
  readonly paths: readonly string[];
}

export interface FlowCoverage {
  readonly flow: string;
  readonly goals: Goals;
  readonly missed: Goals;
}

/** The least share of a flow's elements that tests execute. */
export const LEAST_ELEMENTS = 0.95;

const DEFAULT = '(default)';
const NEXT_VALUE = '(next value)';
const NO_MORE_VALUES = '(no more values)';
const AT_ONCE = '(at once)';
const ASYNCHRONOUS = '(asynchronous)';

type Source = Pick<FlowSource, 'elements' | 'start'>;

/** What there is to reach in a flow. */
export function goalsOf({ elements, start }: Source): Goals {
  const all = [...elements.values()];
  return {
    elements: all.map(({ name }) => name),
    outcomes: all.flatMap((element) => outcomesOf(element).map((one) => `${element.name}: ${one}`)),
    faults: all.flatMap((element) =>
      'fault' in element && element.fault !== undefined ? [element.name] : [],
    ),
    paths: pathsOf(start),
  };
}

function pathsOf(start: FlowSource['start']): string[] {
  // A flow that is called is entered by whoever calls it.
  if (start.kind === 'none') return [];
  const atOnce = start.next === undefined ? [] : [AT_ONCE];
  if (start.kind !== 'record') return atOnce;
  return [
    ...atOnce,
    ...(start.asynchronous === undefined ? [] : [ASYNCHRONOUS]),
    ...start.scheduled.map(({ name }) => name),
  ];
}

function outcomesOf(element: FlowElement): string[] {
  if (element.kind === 'loops') return [NEXT_VALUE, NO_MORE_VALUES];
  if (element.kind === 'decisions') return [...element.rules.map(({ name }) => name), DEFAULT];
  return [];
}

/** What steps have reached, whatever their order; a step counted twice counts once. */
export function makeCoverage(): {
  readonly add: (step: FlowStep) => void;
  /** An interview began. */
  readonly begin: (interview: Pick<Interview, 'flow' | 'path'>) => void;
  readonly of: (flow: string, source: Source) => FlowCoverage;
} {
  const reached = new Set<string>();
  const key = (flow: string, what: keyof Goals, name: string): string => `${flow} ${what} ${name}`;
  return {
    add: (step) => {
      const { flow, element } = step;
      reached.add(key(flow, 'elements', element));
      if (step.connector === 'fault') reached.add(key(flow, 'faults', element));
      const outcome = outcomeOf(step);
      if (outcome !== undefined) reached.add(key(flow, 'outcomes', `${element}: ${outcome}`));
    },
    begin: ({ flow, path }) => {
      const isByTime = path !== undefined && flow.source.start.kind === 'record';
      const name = isByTime ? path || ASYNCHRONOUS : AT_ONCE;
      reached.add(key(flow.source.name, 'paths', name));
    },
    of: (flow, source) => {
      const goals = goalsOf(source);
      const missed = (what: keyof Goals): string[] =>
        goals[what].filter((name) => !reached.has(key(flow, what, name)));
      return {
        flow,
        goals,
        missed: {
          elements: missed('elements'),
          outcomes: missed('outcomes'),
          faults: missed('faults'),
          paths: missed('paths'),
        },
      };
    },
  };
}

function outcomeOf({ connector, detail }: FlowStep): string | undefined {
  switch (connector) {
    case 'rule':
      return detail;
    case 'default':
      return DEFAULT;
    case 'nextValue':
      return NEXT_VALUE;
    case 'noMoreValues':
      return NO_MORE_VALUES;
    default:
      return undefined;
  }
}

/** What is not good enough, one line each, by name; empty when the flows are covered. */
export function shortcomings(flows: readonly FlowCoverage[]): string[] {
  return flows.flatMap(({ flow, goals, missed }) => {
    const share = 1 - missed.elements.length / Math.max(goals.elements.length, 1);
    return [
      ...(share < LEAST_ELEMENTS
        ? [
            `${flow}: ${percent(share)} of its elements are executed, ${percent(LEAST_ELEMENTS)} are needed; missing: ${missed.elements.join(', ')}`,
          ]
        : []),
      ...missed.outcomes.map((name) => `${flow}: no test takes the outcome ${name}`),
      ...missed.faults.map((name) => `${flow}: no test takes the fault path of ${name}`),
      ...missed.paths.map((name) => `${flow}: no test comes in by the path ${name}`),
    ];
  });
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** The flows as a table of reached of all, with a line for their sum. */
export function coverageTable(flows: readonly FlowCoverage[]): string {
  const count = (of: readonly FlowCoverage[], what: keyof Goals): string => {
    const all = of.reduce((sum, { goals }) => sum + goals[what].length, 0);
    const missed = of.reduce((sum, one) => sum + one.missed[what].length, 0);
    return `${all - missed} of ${all}`;
  };
  const row = (name: string, of: readonly FlowCoverage[]): string[] => [
    name,
    count(of, 'elements'),
    count(of, 'outcomes'),
    count(of, 'faults'),
    count(of, 'paths'),
  ];
  const rows = [
    ['flow', 'elements', 'outcomes', 'fault paths', 'ways in'],
    ...flows.toSorted((a, b) => (a.flow < b.flow ? -1 : 1)).map((one) => row(one.flow, [one])),
    row('all', flows),
  ];
  const widths = [0, 1, 2, 3, 4].map((at) =>
    Math.max(...rows.map((cells) => cells[at]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, at) =>
          at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
