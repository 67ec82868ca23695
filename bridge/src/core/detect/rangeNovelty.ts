import type { RangeNoveltyOptions } from '../../model/policy.ts';
import type { Detector, Verdict } from './detector.ts';

export interface RangeNoveltyState {
  /** Readings seen, up to `learn`. */
  readonly count: number;
  /** The range of the series as far as it has been taken for normal. */
  readonly low: number;
  readonly high: number;
  /** How far beyond the last alarm went, fading away; the next must go further. */
  readonly rest: number;
  /** 1 from an alarm until the series has been calm again, else 0. */
  readonly active: number;
  /** Healthy readings in a row while active. */
  readonly calm: number;
}

/*
 * The pace of everything, as shares of `learn`, which is the one time scale. Measured on the 31
 * files of the Numenta Anomaly Benchmark that `scripts/evalDefaultPolicy.ts` reads (learn 300,
 * margin 0.2; labelled windows hit of 58, episodes outside of windows):
 *   ABSORB  1/12: 32, 31 · 1/6: 33, 43 · 1/3: 35, 52
 *   REST    none: 37, 109 · 1: 36, 83 · 3: 33, 43 · 10: 31, 24
 *   CALM    1/100: 33, 45 · 1/12: 33, 43 · 1/4: 33, 42, and four times the time in alarm
 */
/** A value outside moves the edge of the range by one in this many parts of the way. */
const ABSORB = 1 / 6;
/** The memory of the last alarm falls to a third in this many readings. */
const REST = 3;
/** So many healthy readings in a row end an alarm. */
const CALM = 1 / 12;

/** A series that stood still has no range; this share of its level is taken for one. */
const LEAST_RANGE = 0.01;

/**
 * A value further beyond the range the series has shown than `margin` times that range, and
 * further than a fading memory of the last alarm. The first `learn` readings only teach.
 *
 * Values outside are slowly taken into the range, so a lasting change alarms for about `learn`
 * readings and then is the new normal, and a drift slower than that never alarms. Everything is
 * counted in readings, never in time, so one setting serves a reading a second and one an hour.
 * The score is how far beyond what would just have alarmed.
 *
 * Source: own; record values of a series, as in Chandler (1952), "The Distribution and Frequency
 * of Record Values", J. R. Stat. Soc. B 14(2).
 */
export const rangeNovelty: Detector<RangeNoveltyState, RangeNoveltyOptions> = {
  initial: { count: 0, low: 0, high: 0, rest: 0, active: 0, calm: 0 },

  step(state, { value }, { learn, margin }) {
    const { count, low, high } = state;
    if (count < learn) {
      const next = {
        ...state,
        count: count + 1,
        low: count === 0 ? value : Math.min(low, value),
        high: count === 0 ? value : Math.max(high, value),
      };
      return { state: next, verdict: { level: 'normal', value, baseline: value, score: 0 } };
    }
    const range = Math.max(high - low, LEAST_RANGE * Math.max(Math.abs(high), Math.abs(low)));
    // A series of nothing but 0 has no scale at all: any other value is as far beyond as can be.
    const distance = Math.max(value - high, low - value, 0);
    const beyond = distance === 0 ? 0 : range > 0 ? Math.min(distance / range, MOST) : MOST;
    const rest = state.rest * (1 - 1 / (REST * learn));
    const limit = state.active === 1 ? margin : Math.max(margin, rest);
    const abnormal = beyond > limit;
    const calm = state.active === 1 && beyond <= margin / 2 ? state.calm + 1 : 0;
    const active = abnormal || (state.active === 1 && calm < CALM * learn);
    const part = 1 / Math.max(1, ABSORB * learn);
    return {
      state: {
        count,
        low: low - Math.max(low - value, 0) * part,
        high: high + Math.max(value - high, 0) * part,
        rest: active ? Math.max(rest, beyond) : rest,
        active: active ? 1 : 0,
        calm: active ? calm : 0,
      },
      verdict: {
        level: abnormal ? 'abnormal' : active ? 'between' : 'normal',
        value,
        baseline: value > high ? high : value < low ? low : value,
        score: Math.max(0, beyond / limit - 1),
      },
    };
  },

  trouble({ value, baseline }: Verdict, { low, high }, _options, show) {
    if (value === baseline) {
      return `is back in its usual range at ${show(value)}, but not for long enough yet`;
    }
    return value > baseline
      ? `rose to ${show(value)}, above its usual range of ${show(low)} to ${show(baseline)}`
      : `fell to ${show(value)}, below its usual range of ${show(baseline)} to ${show(high)}`;
  },

  relief({ value }, { low, high }, _options, show) {
    return `is back at ${show(value)}, within its usual range of ${show(low)} to ${show(high)}`;
  },
};

/** Beyond this factor "further" says nothing any more, and the rest memory would never fade. */
const MOST = 100;
