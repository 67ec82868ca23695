import type { Mapping } from '../../../model/mapping.ts';
import type { Reading } from '../../../model/reading.ts';
import { makeKind } from '../../../model/readings.ts';
import { LARGEST } from '../metrics.ts';
import { MAX_NAME } from '../name.ts';
import { layOut } from './layOut.ts';
import type { Use } from './layOut.ts';
import { locate } from './locate.ts';
import { makeFewKinds } from './names.ts';
import { outlineOf } from './outline.ts';
import type { Outline } from './outline.ts';
import type { Part, Shape } from './shape.ts';
import { MOST_SLOTS } from './tree.ts';

/** The double next below the bound that values must keep under; between 2^39 and 2^40 they are 2^-13 apart. */
const MOST_VALUE = LARGEST - 2 ** -13;

/**
 * The shape of a payload that the judge accepted as `reading`, and its parts in their order.
 *
 * Undefined where another payload with the same literals might have to be read in another way:
 * paths that more than one place could answer, one place for two names, keys that come twice.
 */
export function learnShape(
  payload: Buffer,
  mapping: Mapping,
  reading: Reading,
): { readonly parts: readonly Part[]; readonly shape: Shape } | undefined {
  const root = outlineOf(payload);
  const found = root && usesOf(root, mapping);
  if (root === undefined || found === undefined) return undefined;
  const { uses, time, metrics } = found;
  const laid = layOut(payload, root, { paths: pathsOf(mapping), uses });
  if (laid === undefined || laid.slots.size > MOST_SLOTS) return undefined;
  const { names } = reading.metrics;
  const slots = names.map((name) => laid.slots.get(metrics.get(name) ?? root) ?? -1);
  const timeSlot = time === undefined ? -1 : (laid.slots.get(time) ?? -1);
  if (metrics.size !== names.length || slots.includes(-1)) return undefined;
  if ((timeSlot === -1) !== (mapping.time === undefined)) return undefined;
  const ranges = new Map(Object.entries(mapping.ranges));
  return {
    parts: laid.parts,
    shape: {
      slots,
      lows: Float64Array.from(names, (name) =>
        Math.max(-MOST_VALUE, ranges.get(name)?.min ?? -MOST_VALUE),
      ),
      highs: Float64Array.from(names, (name) =>
        Math.min(MOST_VALUE, ranges.get(name)?.max ?? MOST_VALUE),
      ),
      timeSlot,
      timeScale: mapping.time?.format === 's' ? 1_000 : 1,
      kind: makeKind(reading.metrics, reading.deviceType, mapping.name),
      kinds:
        reading.deviceType === undefined
          ? undefined
          : makeFewKinds(reading.metrics, mapping.name, MAX_NAME),
    },
  };
}

interface Found {
  readonly uses: ReadonlyMap<Outline, Use>;
  readonly time: Outline | undefined;
  /** By name. */
  readonly metrics: ReadonlyMap<string, Outline>;
}

function usesOf(root: Outline, mapping: Mapping): Found | undefined {
  const uses = new Map<Outline, Use>();
  let certain = true;
  const use = (value: Outline, as: Use, kind: Outline['kind']): void => {
    // A number may be the time and a metric, or two metrics; text is for one purpose.
    const before = uses.get(value);
    if (value.kind !== kind || (before !== undefined && before !== 'number')) certain = false;
    if (before === 'number' && as !== 'number') certain = false;
    uses.set(value, as);
  };
  const at = (path: string | undefined): Outline | undefined =>
    path === undefined ? undefined : locate(root, path);
  const device = at(mapping.device);
  if (device !== undefined) use(device, 'device', 'string');
  const type = at(mapping.deviceType);
  if (type?.kind === 'word') use(type, 'literal', 'word');
  else if (type !== undefined) use(type, 'deviceType', 'string');
  const time = at(mapping.time?.path);
  if (time !== undefined && mapping.time?.format === 'iso') use(time, 'time', 'string');
  else if (time !== undefined) use(time, 'number', 'number');
  const metrics = metricsOf(root, mapping.metrics);
  for (const value of metrics.values()) use(value, 'number', 'number');
  return certain ? { uses, time, metrics } : undefined;
}

function metricsOf(root: Outline, metrics: Mapping['metrics']): ReadonlyMap<string, Outline> {
  if ('path' in metrics) return locate(root, metrics.path)?.members ?? new Map();
  const found = new Map<string, Outline>();
  for (const [name, path] of Object.entries(metrics.each)) {
    const value = locate(root, path);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

function pathsOf({ device, deviceType, time, metrics }: Mapping): readonly string[] {
  const each = 'path' in metrics ? [metrics.path] : Object.values(metrics.each);
  return [device, deviceType, time?.path, ...each].filter((path) => path !== undefined);
}
