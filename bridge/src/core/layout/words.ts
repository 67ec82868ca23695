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

/** Layouts as text. Names are values, never keys. */
export function writeLayouts(layouts: readonly Layout[]): string {
  return JSON.stringify({
    version: VERSION,
    layouts: layouts.map(({ id, deviceType, source, device, width, series, lanes }): Described => ({
      id,
      deviceType,
      source,
      device,
      width,
      series: series.map(({ name, at }) => ({ name, at })),
      lanes: lanes.map(({ policy, metric, judge, at }) => ({
        policyKey: policy.key,
        metric,
        fields: judge.keptFields,
        at,
      })),
    })),
  });
}

/** Reads what `writeLayouts` wrote; throws where it did not. */
export function readLayouts(text: string): readonly Described[] {
  const root = fieldsOf(JSON.parse(text), 'words');
  if (root.get('version') !== VERSION) {
    throw new Error(`the layouts have version ${String(root.get('version'))}; ${VERSION} is known`);
  }
  return listOf(root.get('layouts'), 'layouts').map(readLayout);
}

function readLayout(value: unknown): Described {
  const fields = fieldsOf(value, 'layouts');
  const device = textOf(fields, 'device');
  return {
    id: numberOf(fields, 'id'),
    deviceType: textOf(fields, 'deviceType'),
    source: textOf(fields, 'source') ?? '',
    device: device === undefined ? undefined : toDeviceKey(device),
    width: numberOf(fields, 'width'),
    series: listOf(fields.get('series'), 'series').map((one) => {
      const series = fieldsOf(one, 'series');
      return { name: textOf(series, 'name') ?? '', at: numberOf(series, 'at') };
    }),
    lanes: listOf(fields.get('lanes'), 'lanes').map((one) => {
      const lane = fieldsOf(one, 'lanes');
      return {
        policyKey: textOf(lane, 'policyKey') ?? '',
        metric: textOf(lane, 'metric'),
        fields: listOf(lane.get('fields'), 'fields').map(String),
        at: numberOf(lane, 'at'),
      };
    }),
  };
}
