import { z } from 'zod';
import type { Mapping } from '../../model/mapping.ts';
import { MAX_NAME, nameSchema } from './name.ts';
import { valueAt } from './path.ts';
import type { Json } from './path.ts';
import { describeValue, quote } from './text.ts';

/** `Value__c` is Number(18,6): twelve digits before the point. Values lie between, not on it. */
export const LARGEST = 1e12;

/**
 * An object with more is not a reading but a bulk upload; detection keeps state for each. Paths
 * that somebody wrote down one by one are as many as they meant.
 */
const MAX_METRICS = 256;

/**
 * The metrics of a payload as a map by name, in the order of the payload, or what stands there
 * instead of an object. With a path for each metric those that are absent are left out: devices
 * may report only what changed.
 */
export function pickMetrics(payload: Json, metrics: Mapping['metrics']): Json {
  if ('path' in metrics) {
    const value = valueAt(payload, metrics.path);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? new Map<string, Json>(Object.entries(value)) : value;
  }
  const found = new Map<string, Json>();
  for (const [name, path] of Object.entries(metrics.each)) {
    const value = valueAt(payload, path);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/**
 * The rules for metrics: one at least, of an object 256 at most, each a finite number that
 * Number(18,6) holds and within the mapping's plausible range for it.
 *
 * A map and not a record: zod's records drop the key `__proto__`, which is a metric like any other
 * here, and a map is what a reading holds. It compiles whole, refinements included (zod 4.6.7).
 */
export function metricsSchema({ metrics, ranges }: Mapping) {
  const label = 'path' in metrics ? metrics.path || 'the payload' : 'the message';
  const most = 'path' in metrics ? MAX_METRICS : Object.keys(metrics.each).length;
  return (
    z
      .map(nameSchema('a metric name', MAX_NAME, 'a string is required'), numberSchema(metrics), {
        error: ({ input }) =>
          `${label} is ${input === undefined ? 'missing' : describeValue(input)}; an object of numbers is required`,
      })
      // The most comes first: zod then counts before it looks at any of them.
      .max(most, {
        error: ({ input }) =>
          `${label} has ${input instanceof Map ? input.size : 'too many'} metrics; at most ${most} are allowed`,
      })
      .min(1, {
        error:
          'path' in metrics
            ? `${label} is empty; at least one number is required`
            : `none of the metrics is there; looked for ${Object.values(metrics.each).slice(0, 5).join(', ')}`,
      })
      .check(...Object.entries(ranges).map(([name, range]) => rangeCheck(metrics, name, range)))
  );
}

function numberSchema(metrics: Mapping['metrics']) {
  const where = ({ path }: z.core.$ZodRawIssue) => pathTo(metrics, String(path?.at(-1)));
  const error = (issue: z.core.$ZodRawIssue) =>
    `${where(issue)} is ${String(issue.input)}; numbers must lie between -10^12 and 10^12`;
  return (
    z
      .number({
        error: (issue) =>
          `${where(issue)} is ${describeValue(issue.input)}; a finite number is required`,
      })
      .gt(-LARGEST, { error })
      .lt(LARGEST, { error })
      // Adding 0 turns -0 into 0, which JSON cannot tell apart anyway.
      .overwrite((value) => value + 0)
  );
}

function rangeCheck(
  metrics: Mapping['metrics'],
  name: string,
  { min, max }: Mapping['ranges'][string],
): z.core.CheckFn<Map<string, number>> {
  return ({ value, issues }) => {
    const input = value.get(name);
    if (input === undefined || (input >= min && input <= max)) return;
    const message = `${pathTo(metrics, name)} is ${input}; plausible is ${min} to ${max}`;
    issues.push({ code: 'custom', input, path: [name], message, params: { kind: 'out-of-range' } });
  };
}

/** Where a metric stands in the payload, for a sentence. */
function pathTo(metrics: Mapping['metrics'], name: string): string {
  if ('each' in metrics) return metrics.each[name] ?? name;
  const shown = /^[\w-]{1,80}$/.test(name) ? name : quote(name);
  return metrics.path === '' ? shown : `${metrics.path}.${shown}`;
}
