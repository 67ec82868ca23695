import type { LevelShiftOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

export interface LevelShiftState {
  /** Readings seen, up to `learn`. */
  readonly count: number;
  /** Average over few readings: where the series is. */
  readonly fast: number;
  /** Average over many: where it used to be. */
  readonly slow: number;
  /** The largest difference of the two seen so far, fading away. */
  readonly past: number;
  /** 1 from an alarm until the series has been calm again, else 0. */
  readonly active: number;
  /** Healthy readings in a row while active. */
  readonly calm: number;
}

/*
 * The pace, as shares of `learn`, which is the one time scale. Measured as for range novelty with
 * learn 300, factor 2.5 (labelled windows hit of 58, episodes outside of windows):
 *   FAST  1/25: 38, 74 · 1/12: 37, 43 · 1/6: 33, 26
 *   SLOW  1/3: 31, 24 · 2/3: 37, 43 · 1: 38, 60
 *   FADE  6: 39, 90 · 12: 37, 43 · 24: 30, 27 · never: 24, 16
 *   CALM  1/100: 37, 44 · 1/12: 37, 43 · 1/4: 37, 40, and twice the time in alarm
 */
/** Length of the fast average. */
const FAST = 1 / 12;
/** Length of the slow average. */
const SLOW = 2 / 3;
/** The memory of the largest difference falls to a third in this many readings. */
const FADE = 12;
/** So many healthy readings in a row end an alarm. */
const CALM = 1 / 12;

/** A series that stood still has shown no difference; this share of its level is taken for one. */
const LEAST_SHIFT = 0.001;

/**
 * The level of the series has moved: its fast average is further from its slow one than `factor`
 * times the largest distance the two have shown (a fading memory). The first `learn` readings
 * only teach.
 *
 * While it alarms the memory grows towards the new distance and the slow average follows, so a
 * lasting change becomes the new normal after about `learn` readings. Counted in readings, never
 * in time. Value and baseline of the verdict are the two averages; the score is how far beyond
 * what would just have alarmed.
 *
 * Source: moving average cross-over against its own record; Roberts (1959), "Control Chart Tests
 * Based on Geometric Moving Averages", Technometrics 1(3).
 */
export const levelShift: Detector<LevelShiftState, LevelShiftOptions> = {
  initial: { count: 0, fast: 0, slow: 0, past: 0, active: 0, calm: 0 },

  step(state, { value }, { learn, factor }) {
    const count = Math.min(state.count + 1, learn);
    const fast = state.fast + (value - state.fast) / Math.max(1, Math.min(count, FAST * learn));
    const slow = state.slow + (value - state.slow) / Math.max(1, Math.min(count, SLOW * learn));
    const shift = Math.abs(fast - slow);
    const past = state.past * (1 - 1 / (FADE * learn));
    if (state.count < learn) {
      // Both averages begin as the mean of the same few readings and say nothing until they part.
      const next = { ...state, count, fast, slow, past: Math.max(past, shift) };
      return { state: next, verdict: { level: 'normal', value: fast, baseline: slow, score: 0 } };
    }
    const limit = factor * Math.max(past, LEAST_SHIFT * Math.abs(slow));
    const abnormal = shift > limit;
    const calm = state.active === 1 && shift <= past ? state.calm + 1 : 0;
    const active = abnormal || (state.active === 1 && calm < CALM * learn);
    return {
      state: {
        count,
        fast,
        slow,
        past: past + Math.max(shift - past, 0) / (SLOW * learn),
        active: active ? 1 : 0,
        calm: active ? calm : 0,
      },
      verdict: {
        level: abnormal ? 'abnormal' : active ? 'between' : 'normal',
        value: fast,
        baseline: slow,
        score: limit > 0 ? Math.max(0, shift / limit - 1) : abnormal ? 1 : 0,
      },
    };
  },

  trouble({ value, baseline }, _state, _options, show) {
    const way = value > baseline ? 'up' : 'down';
    return `has moved ${way}: it averages ${show(value)} now and averaged ${show(baseline)} before`;
  },

  relief({ value }, _state, _options, show) {
    return `keeps its level again, averaging ${show(value)}`;
  },
};
