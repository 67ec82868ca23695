import type { RangeNoveltyOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

export interface RangeNoveltyState {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  /** The score of the last alarm, fading away; a new one must be higher. */
  readonly rest: number;
}

/** placeholder */
export const rangeNovelty: Detector<RangeNoveltyState, RangeNoveltyOptions> = {
  initial: { count: 0, low: 0, high: 0, rest: 0 },

  step(state, { value }, { learn, margin }) {
    if (state.count === 0) {
      return {
        state: { count: 1, low: value, high: value, rest: 0 },
        verdict: { level: 'normal', value, baseline: value, score: 0 },
      };
    }
    const range = Math.max(state.high - state.low, 1e-9);
    const beyond = Math.max(value - state.high, state.low - value, 0) / range;
    const baseline = value > state.high ? state.high : value < state.low ? state.low : value;
    const abnormal = state.count >= learn && beyond > margin && beyond > state.rest;
    return {
      state: {
        count: Math.min(state.count + 1, learn),
        low: Math.min(state.low, value),
        high: Math.max(state.high, value),
        rest: Math.max(state.rest * 0.99, abnormal ? beyond : 0),
      },
      verdict: { level: abnormal ? 'abnormal' : 'normal', value, baseline, score: beyond / margin },
    };
  },

  trouble({ value, baseline }, _state, _options, show) {
    const up = value > baseline;
    return `${up ? 'rose' : 'fell'} to ${show(value)}, ${up ? 'above' : 'below'} anything seen so far (${show(baseline)})`;
  },

  relief({ value }, _state, _options, show) {
    return `is back in its range at ${show(value)}`;
  },
};
