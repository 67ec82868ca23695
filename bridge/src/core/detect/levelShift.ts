import type { LevelShiftOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

export interface LevelShiftState {
  readonly count: number;
  readonly fast: number;
  readonly slow: number;
  /** The largest difference seen while healthy, fading away. */
  readonly past: number;
}

/** placeholder */
export const levelShift: Detector<LevelShiftState, LevelShiftOptions> = {
  initial: { count: 0, fast: 0, slow: 0, past: 0 },

  step(state, { value }, { learn, factor }) {
    const count = Math.min(state.count + 1, learn);
    const fast = state.fast + (value - state.fast) / Math.min(count, 10);
    const slow = state.slow + (value - state.slow) / Math.min(count, 100);
    const shift = Math.abs(fast - slow);
    const abnormal = state.count >= learn && shift > factor * state.past;
    return {
      state: { count, fast, slow, past: Math.max(state.past * 0.999, shift) },
      verdict: {
        level: abnormal ? 'abnormal' : 'normal',
        value: fast,
        baseline: slow,
        score: state.past > 0 ? Math.max(0, shift / (factor * state.past) - 1) : 0,
      },
    };
  },

  trouble({ value, baseline }, _state, _options, show) {
    return `moved to a level of ${show(value)} from ${show(baseline)}`;
  },

  relief({ value, baseline }, _state, _options, show) {
    return `keeps a level of ${show(value)}, no longer far from ${show(baseline)}`;
  },
};
