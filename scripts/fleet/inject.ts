import type { improvise } from './director.ts';
import { faultKinds, isFaultKind } from './faults.ts';

const USAGE = `say: fault ${faultKinds.join('|')} DEVICE|any [SECONDS 5-3600], e.g. fault leak pump-001 20`;

/**
 * Carries out one typed line (`fault leak pump-001 20`); the answer is one line for a person.
 *
 * @param now milliseconds since the epoch
 */
export function injectByLine(
  line: string,
  director: Pick<ReturnType<typeof improvise>, 'inject'>,
  now: number,
): string {
  const [verb, kind = '', device = '', secondsText = '20', ...rest] = line.trim().split(/\s+/);
  const seconds = Number(secondsText);
  if (verb !== 'fault' || !isFaultKind(kind) || device === '' || rest.length > 0) return USAGE;
  if (!Number.isFinite(seconds) || seconds < 5 || seconds > 3600) return USAGE;
  return director.inject(kind, device, seconds, now);
}
