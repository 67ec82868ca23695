import type { EpochMs } from '../../model/brand.ts';
import type { Mapping } from '../../model/mapping.ts';
import type { Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { duration } from '../words.ts';
import { valueAt } from './path.ts';
import type { Json } from './path.ts';
import { parseTime } from './time.ts';

/**
 * When the device measured. Without a time in the mapping that is `receivedAt`; else the time
 * must lie within `maxFutureMs` and `maxAgeMs` of it, unless the mapping plays back a recording.
 */
export function readTime(
  payload: Json,
  mapping: Mapping,
  receivedAt: EpochMs,
): Result<EpochMs, Rejection> {
  if (mapping.time === undefined) return ok(receivedAt);
  const { path, format } = mapping.time;
  const value = valueAt(payload, path);
  if (value === undefined || value === null) {
    return err({ kind: 'missing-field', reason: `${path} is missing; it holds the time` });
  }
  const time = parseTime(value, format);
  if (!time.ok) return err({ kind: time.error.kind, reason: `${path} ${time.error.reason}` });
  const skew = skewProblem(time.value, mapping, receivedAt);
  if (skew !== undefined) return err({ kind: 'clock-skew', reason: `${path} ${skew}` });
  return time;
}

function skewProblem(at: EpochMs, mapping: Mapping, receivedAt: EpochMs): string | undefined {
  if (mapping.recorded) return undefined;
  const ahead = at - receivedAt;
  const shown = `is ${new Date(at).toISOString()}`;
  if (ahead > mapping.maxFutureMs) {
    return `${shown}, ${duration(ahead)} ahead of the bridge's clock; at most ${duration(mapping.maxFutureMs)} is allowed`;
  }
  if (-ahead > mapping.maxAgeMs) {
    return `${shown}, ${duration(-ahead)} old; at most ${duration(mapping.maxAgeMs)} is allowed`;
  }
  return undefined;
}
