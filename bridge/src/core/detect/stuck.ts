import { toEpochMs } from '../../model/brand.ts';
import type { StuckOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

export interface StuckState {
  readonly value: number;
  /** Equal readings in a row, this one included; 0 before the first. */
  readonly count: number;
  /** Device time of the first of them. */
  readonly since: number;
}

/**
 * The very same number `repeats` times in a row: a frozen sensor or a gateway that repeats its
 * last value. The condition began with the first of the equal readings.
 *
 * Meant for measured values with more digits than their noise; a counter or a switch is stuck
 * by nature. The score grows with the length of the run. Source: flat line test of the Manual for
 * Real-Time Quality Control of In-Situ Temperature and Salinity Data (QARTOD, test 8).
 */
export const stuck: Detector<StuckState, StuckOptions> = {
  initial: { value: 0, count: 0, since: 0 },

  step(state, { at, value }, { repeats }) {
    const same = state.count > 0 && state.value === value;
    const next = same ? { ...state, count: state.count + 1 } : { value, count: 1, since: at };
    const abnormal = next.count >= repeats;
    return {
      state: next,
      verdict: {
        level: abnormal ? 'abnormal' : 'normal',
        value,
        baseline: next.value,
        score: abnormal ? (next.count - repeats) / repeats : 0,
        ...(abnormal ? { since: toEpochMs(next.since) } : {}),
      },
    };
  },

  trouble({ value }, { count }, _options, show) {
    return `has read exactly ${show(value)} ${count} times in a row`;
  },

  relief({ value }, _state, _options, show) {
    return `moves again and reads ${show(value)}`;
  },
};
