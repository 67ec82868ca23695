import { fieldsOf, listOf, numberOf, textOf } from '../fields.ts';
import type { Layout } from './layout.ts';
import type { StandingPolicy } from '../policy/standing.ts';

/** Raised when blocks are laid out in a way older words do not tell. Words of version 1 say nothing of rules. */
const VERSION = 2;
const READABLE: readonly unknown[] = [1, VERSION];

/** A layout in words, of whatever policies it was made with. */
export interface Described {
  readonly id: number;
  readonly deviceType: string | undefined;
  readonly source: string;
  /** The name of its scope. */
  readonly scope: string | undefined;
  readonly width: number;
  readonly series: readonly { readonly name: string; readonly at: number }[];
  readonly lanes: readonly DescribedLane[];
}

export interface DescribedLane {
  readonly policyKey: string;
  /** Of `StandingPolicy`. */
  readonly since: number;
  readonly metric: string | undefined;
  /** Names of the numbers that are kept, in their order. */
  readonly fields: readonly string[];
  readonly at: number;
}

/** What all lanes of a policy have in common. */
type DescribedPolicy = Pick<DescribedLane, 'policyKey' | 'since' | 'fields'>;

/** The rules that layouts were made by, where a log had told them. */
export interface DescribedRules {
  readonly text: string;
  /** Of each policy in force. */
  readonly standing: readonly (readonly [key: string, since: number, begunAt: number])[];
}

export interface DescribedState {
  readonly rules: DescribedRules | undefined;
  readonly layouts: readonly Described[];
}

/** A layout of now in words. */
export function describe(layout: Layout): Described {
  const { id, deviceType, source, scope, width, series, lanes } = layout;
  return {
    ...{ id, deviceType, source, scope: scope?.name, width },
    series: series.map(({ name, at }) => ({ name, at })),
    lanes: lanes.map(({ policy, since, metric, judge, at }) => ({
      ...{ policyKey: policy.key, since, metric, fields: judge.keptFields, at },
    })),
  };
}

/**
 * Layouts as text, short enough for tens of thousands of them: `series` is `[name, at]`, `lanes` is
 * `[place in policies, at, place in series or -1]`.
 */
export function writeLayouts(
  layouts: readonly Layout[],
  rules?: { readonly text: string; readonly standing: readonly StandingPolicy[] },
): string {
  const places = new Map<string, number>();
  const policies: DescribedPolicy[] = [];
  const described = layouts.map((layout) => {
    const { id, deviceType, source, width, series, lanes } = layout;
    const numbers = new Map(series.map(({ name, number }) => [name, number]));
    const placed = lanes.map(({ policy, since, metric, judge, at }) => {
      const name = `${since} ${policy.key}`;
      let place = places.get(name);
      if (place === undefined) {
        place = policies.push({ policyKey: policy.key, since, fields: judge.keptFields }) - 1;
        places.set(name, place);
      }
      return [place, at, metric === undefined ? -1 : numbers.get(metric)];
    });
    const named = series.map(({ name, at }) => [name, at]);
    const scope = layout.scope?.name;
    return { id, deviceType, source, scope, width, series: named, lanes: placed };
  });
  const standing = rules?.standing.map((one) => [one.policy.key, one.since, one.begunAt]);
  const told = rules && { text: rules.text, standing };
  return JSON.stringify({ version: VERSION, rules: told, policies, layouts: described });
}

/** Reads what `writeLayouts` wrote; throws where it did not. */
export function readLayouts(text: string): DescribedState {
  const root = fieldsOf(JSON.parse(text), 'words');
  if (!READABLE.includes(root.get('version'))) {
    throw new Error(`the layouts have version ${String(root.get('version'))}; ${VERSION} is known`);
  }
  const policies = listOf(root.get('policies'), 'policies').map((value): DescribedPolicy => {
    const fields = fieldsOf(value, 'policies');
    const policyKey = textOf(fields, 'policyKey') ?? '';
    const since = fields.has('since') ? numberOf(fields, 'since') : 0;
    return { policyKey, since, fields: listOf(fields.get('fields'), 'fields').map(String) };
  });
  const layouts = listOf(root.get('layouts'), 'layouts');
  return {
    rules: root.has('rules') ? readRules(root.get('rules')) : undefined,
    layouts: layouts.map((value) => readLayout(value, policies)),
  };
}

function readRules(value: unknown): DescribedRules {
  const fields = fieldsOf(value, 'rules');
  return {
    text: textOf(fields, 'text') ?? '',
    standing: listOf(fields.get('standing'), 'standing').map((one) => {
      const [key, since, begunAt] = listOf(one, 'standing');
      return [String(key), Number(since), Number(begunAt)];
    }),
  };
}

function readLayout(value: unknown, policies: readonly DescribedPolicy[]): Described {
  const fields = fieldsOf(value, 'layouts');
  const series = listOf(fields.get('series'), 'series').map((one) => {
    const [name, at] = listOf(one, 'series');
    if (typeof name === 'string' && typeof at === 'number') return { name, at };
    throw new Error('the layouts have a series that is not a name and a number');
  });
  return {
    id: numberOf(fields, 'id'),
    deviceType: textOf(fields, 'deviceType'),
    source: textOf(fields, 'source') ?? '',
    scope: textOf(fields, 'scope'),
    width: numberOf(fields, 'width'),
    series,
    lanes: listOf(fields.get('lanes'), 'lanes').map((one) => {
      const [place, at, number] = listOf(one, 'lanes');
      const policy = policies[Number(place)];
      const metric = series[Number(number)]?.name;
      if (
        policy !== undefined &&
        typeof at === 'number' &&
        (metric !== undefined || number === -1)
      ) {
        return { ...policy, metric, at };
      }
      throw new Error('the layouts have a lane that is not three places');
    }),
  };
}
