import { z } from 'zod';
import type { EpochMs } from '../../model/brand.ts';
import type { Mapping } from '../../model/mapping.ts';
import { duration } from '../words.ts';
import { describeValue } from './text.ts';
import { parseTime, timeWanted } from './time.ts';

/** The rules for the time of a payload, text or number by its format: a point in time as a result. */
export function timeSchema({ path, format }: NonNullable<Mapping['time']>) {
  const error = ({ input }: { readonly input: unknown }) =>
    input === undefined
      ? `${path} is missing; it holds the time`
      : `${path} is ${describeValue(input)}; ${timeWanted[format]}`;
  const value: z.ZodType<string | number> =
    format === 'iso' ? z.string({ error }) : z.number({ error });
  return value.transform((input, { issues }): EpochMs => {
    const parsed = parseTime(input, format);
    if (parsed.ok) return parsed.value;
    const { kind, reason } = parsed.error;
    issues.push({ code: 'custom', input, message: `${path} ${reason}`, params: { kind } });
    return z.NEVER;
  });
}

/**
 * Why a device's time cannot be trusted: further from that of receipt than `maxFutureMs` and
 * `maxAgeMs` allow. A recording that is played back may be of any time.
 */
export function skewProblem(
  at: EpochMs,
  mapping: Mapping,
  receivedAt: EpochMs,
): string | undefined {
  if (mapping.recorded) return undefined;
  const ahead = at - receivedAt;
  if (ahead <= mapping.maxFutureMs && -ahead <= mapping.maxAgeMs) return undefined;
  const shown = `${mapping.time?.path ?? 'the time'} is ${new Date(at).toISOString()}`;
  return ahead > mapping.maxFutureMs
    ? `${shown}, ${duration(ahead)} ahead of the bridge's clock; at most ${duration(mapping.maxFutureMs)} is allowed`
    : `${shown}, ${duration(-ahead)} old; at most ${duration(mapping.maxAgeMs)} is allowed`;
}
