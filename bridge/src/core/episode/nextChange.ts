import { healthyMs, rank, REJOIN_FACTOR } from './episode.ts';
import type { EpisodeState, Observation, Timing } from './episode.ts';

/**
 * Until when `advance` would do nothing if it went on to see what it has just seen: the time, by the clock of the lane,
 * from which on it has to be asked again. Infinity where only another observation can change anything,
 * -Infinity where it has something to do already.
 */
export function nextChange(
  state: EpisodeState,
  { level, severity }: Pick<Observation, 'level' | 'severity'>,
  timing: Timing,
): number {
  const { sequence, clearedAt, pendingSince, healthySince, saidAt } = state;
  if (sequence >= 0 && clearedAt < 0) {
    if (level === 'normal') {
      return healthySince < 0 ? -Infinity : healthySince + healthyMs(state, timing);
    }
    const worse = level === 'abnormal' && rank(severity) < state.severity;
    return worse || healthySince >= 0 ? -Infinity : saidAt + timing.updateEveryMs;
  }
  if (level === 'abnormal') {
    return pendingSince < 0 ? -Infinity : pendingSince + timing.openAfterMs;
  }
  if (pendingSince >= 0) return -Infinity;
  return sequence < 0 ? Infinity : clearedAt + REJOIN_FACTOR * healthyMs(state, timing);
}
