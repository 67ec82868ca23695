import { toEpochMs } from '../../model/brand.ts';
import type { EpochMs } from '../../model/brand.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { describeValue, quote } from './text.ts';

export type TimeFormat = 'iso' | 's' | 'ms';

/** Why a value is no time: `wrong-type` is not one at all, `out-of-range` is none we can keep. */
export interface TimeProblem {
  readonly kind: 'wrong-type' | 'out-of-range';
  readonly reason: string;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Salesforce keeps times up to the year 4000; negative ones are a device without a clock. */
export const LATEST = Date.UTC(4000, 0, 1);

/**
 * A point in time from a payload, in whole milliseconds.
 *
 * `iso` takes `2026-11-23T06:00:00.123Z`, any offset, a space for the `T`, and no zone, which is
 * read as UTC. Digits below a millisecond are dropped. `s` and `ms` take JSON numbers since
 * 1970-01-01T00:00:00Z. Allowed are 1970 up to the year 4000. Source of the text form: RFC 3339.
 */
export function parseTime(value: unknown, format: TimeFormat): Result<EpochMs, TimeProblem> {
  const parsed = format === 'iso' ? parseIso(value) : parseNumber(value, format);
  if (!parsed.ok) return err({ kind: 'wrong-type', reason: parsed.error });
  if (parsed.value < 0 || parsed.value >= LATEST) {
    return err({
      kind: 'out-of-range',
      reason: `is ${describeValue(value)}, which as ${formatNames[format]} lies outside 1970 to 3999`,
    });
  }
  return ok(toEpochMs(parsed.value));
}

const formatNames = {
  iso: 'a date and time',
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
} as const satisfies Record<TimeFormat, string>;

/** The second half of the sentence about what is no time at all. */
export const timeWanted = {
  iso: 'a time such as 2026-11-23T06:00:00.123Z is required',
  s: `a number of ${formatNames.s} is required`,
  ms: `a number of ${formatNames.ms} is required`,
} as const satisfies Record<TimeFormat, string>;

function parseNumber(value: unknown, format: 's' | 'ms'): Result<number, string> {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return err(`is ${describeValue(value)}; ${timeWanted[format]}`);
  }
  // Adding 0 turns -0 into 0.
  return ok(Math.round(format === 's' ? value * 1000 : value) + 0);
}

function parseIso(value: unknown): Result<number, string> {
  if (typeof value !== 'string') return err(`is ${describeValue(value)}; ${timeWanted.iso}`);
  const parts = ISO.exec(value);
  if (parts === null) return err(`is ${describeValue(value)}; ${timeWanted.iso}`);
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z'] = parts;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), ms);
  const offset = offsetMinutes(zone);
  // Date rolls 30 February over into March; a time that did not survive the way was not one.
  const kept =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    date.getUTCHours() === Number(hour) &&
    date.getUTCMinutes() === Number(minute) &&
    date.getUTCSeconds() === Number(second);
  if (!kept || offset === undefined) return err(`is ${quote(value)}, which is no date and time`);
  return ok(date.getTime() - offset * 60_000);
}

function offsetMinutes(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
