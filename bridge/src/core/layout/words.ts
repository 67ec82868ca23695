import { toDeviceKey } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import { fieldsOf, listOf, numberOf, textOf } from '../fields.ts';
import type { Layout } from './layout.ts';

/** Raised when blocks are laid out in a way older words do not tell. */
const VERSION = 1;

/** A layout in words, of whatever policies it was made with. */
export interface Described {
  readonly id: number;
  readonly deviceType: string | undefined;
  readonly source: string;
  readonly device: DeviceKey | undefined;
  readonly width: number;
  readonly series: readonly { readonly name: string; readonly at: number }[];
  readonly lanes: readonly DescribedLane[];
}

export interface DescribedLane {
  readonly policyKey: string;
  readonly metric: string | undefined;
  /** Names of the numbers that are kept, in their order. */
  readonly fields: readonly string[];
  readonly at: number;
}

/** What all lanes of a policy have in common. */
type DescribedPolicy = Pick<DescribedLane, 'policyKey' | 'fields'>;

/**
 * Layouts as text, short enough for tens of thousands of them: `series` is `[name, at]`, `lanes` is
 * `[place in policies, at, place in series or -1]`.
 */
export function writeLayouts(layouts: readonly Layout[]): string {
  const places = new Map<string, number>();
  const policies: DescribedPolicy[] = [];
  const described = layouts.map((layout) => {
    const { id, deviceType, source, device, width, series, lanes } = layout;
    const numbers = new Map(series.map(({ name, number }) => [name, number]));
    const placed = lanes.map(({ policy, metric, judge, at }) => {
      let place = places.get(policy.key);
      if (place === undefined) {
        place = policies.push({ policyKey: policy.key, fields: judge.keptFields }) - 1;
        places.set(policy.key, place);
      }
      return [place, at, metric === undefined ? -1 : numbers.get(metric)];
    });
    const named = series.map(({ name, at }) => [name, at]);
    return { id, deviceType, source, device, width, series: named, lanes: placed };
  });
  return JSON.stringify({ version: VERSION, policies, layouts: described });
}

/** Reads what `writeLayouts` wrote; throws where it did not. */
export function readLayouts(text: string): readonly Described[] {
  const root = fieldsOf(JSON.parse(text), 'words');
  if (root.get('version') !== VERSION) {
    throw new Error(`the layouts have version ${String(root.get('version'))}; ${VERSION} is known`);
  }
  const policies = listOf(root.get('policies'), 'policies').map((value): DescribedPolicy => {
    const fields = fieldsOf(value, 'policies');
    const policyKey = textOf(fields, 'policyKey') ?? '';
    return { policyKey, fields: listOf(fields.get('fields'), 'fields').map(String) };
  });
  return listOf(root.get('layouts'), 'layouts').map((value) => readLayout(value, policies));
}

function readLayout(value: unknown, policies: readonly DescribedPolicy[]): Described {
  const fields = fieldsOf(value, 'layouts');
  const device = textOf(fields, 'device');
  const series = listOf(fields.get('series'), 'series').map((one) => {
    const [name, at] = listOf(one, 'series');
    if (typeof name === 'string' && typeof at === 'number') return { name, at };
    throw new Error('the layouts have a series that is not a name and a number');
  });
  return {
    id: numberOf(fields, 'id'),
    deviceType: textOf(fields, 'deviceType'),
    source: textOf(fields, 'source') ?? '',
    device: device === undefined ? undefined : toDeviceKey(device),
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
