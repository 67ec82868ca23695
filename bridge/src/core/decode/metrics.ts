import type { Mapping } from '../../model/mapping.ts';
import type { Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { valueAt } from './path.ts';
import type { Json } from './path.ts';
import { describeValue, MAX_NAME, nameProblem, quote } from './text.ts';

/** `Value__c` is Number(18,6): twelve digits before the point. */
const LARGEST = 1e12;

/** A message with more is not a reading but a bulk upload; detection keeps state for each. */
export const MAX_METRICS = 256;

/**
 * The numbers of a payload by metric name, in the order of the payload.
 *
 * With one path to an object every member must be a finite number. With a path for each metric
 * those that are absent are left out (devices may report only what changed), but one at least
 * must be there. Also checked: the plausible range of the mapping and what Number(18,6) holds.
 */
export function readMetrics(
  payload: Json,
  mapping: Mapping,
): Result<ReadonlyMap<string, number>, Rejection> {
  const found =
    'path' in mapping.metrics
      ? all(payload, mapping.metrics.path)
      : each(payload, mapping.metrics.each);
  if (!found.ok) return found;
  const metrics = new Map<string, number>();
  for (const { name, path, value } of found.value) {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      const reason = `${path} is ${describeValue(value)}; a finite number is required`;
      return err({ kind: 'wrong-type', reason });
    }
    const problem = nameProblem(name, MAX_NAME);
    if (problem !== undefined) {
      return err({ kind: 'wrong-type', reason: `a metric name ${problem}` });
    }
    const outside = rangeProblem(value, mapping, name);
    if (outside !== undefined) return err({ kind: 'out-of-range', reason: `${path} ${outside}` });
    // Adding 0 turns -0 into 0, which JSON cannot tell apart anyway.
    metrics.set(name, value + 0);
  }
  return ok(metrics);
}

interface Found {
  readonly name: string;
  readonly path: string;
  readonly value: Json;
}

function all(payload: Json, path: string): Result<readonly Found[], Rejection> {
  const value = valueAt(payload, path);
  const label = path === '' ? 'the payload' : path;
  if (value === undefined) {
    return err({
      kind: 'missing-field',
      reason: `${label} is missing; an object of numbers is required`,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const reason = `${label} is ${describeValue(value)}; an object of numbers is required`;
    return err({ kind: 'wrong-type', reason });
  }
  const entries: readonly (readonly [string, Json])[] = Object.entries(value);
  if (entries.length === 0) {
    return err({
      kind: 'missing-field',
      reason: `${label} is empty; at least one number is required`,
    });
  }
  if (entries.length > MAX_METRICS) {
    const reason = `${label} has ${entries.length} metrics; at most ${MAX_METRICS} are allowed`;
    return err({ kind: 'out-of-range', reason });
  }
  return ok(
    entries.map(([name, item]) => ({
      name,
      path: (path === '' ? '' : `${path}.`) + (/^[\w-]{1,80}$/.test(name) ? name : quote(name)),
      value: item,
    })),
  );
}

function each(
  payload: Json,
  paths: Readonly<Record<string, string>>,
): Result<readonly Found[], Rejection> {
  const found: Found[] = [];
  for (const [name, path] of Object.entries(paths)) {
    const value = valueAt(payload, path);
    if (value !== undefined) found.push({ name, path, value });
  }
  if (found.length > 0) return ok(found);
  const wanted = Object.values(paths).slice(0, 5).join(', ');
  return err({
    kind: 'missing-field',
    reason: `none of the metrics is there; looked for ${wanted}`,
  });
}

function rangeProblem(value: number, mapping: Mapping, name: string): string | undefined {
  if (Math.abs(value) >= LARGEST) {
    return `is ${value}; numbers must lie between -10^12 and 10^12`;
  }
  if (!Object.hasOwn(mapping.ranges, name)) return undefined;
  const range = mapping.ranges[name];
  if (range === undefined || (value >= range.min && value <= range.max)) return undefined;
  return `is ${value}; plausible is ${range.min} to ${range.max}`;
}
