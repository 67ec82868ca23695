import type { RangeNoveltyOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

export interface RangeNoveltyState {
  /** Readings seen. */
  readonly count: number;
  /** The range of the series as far as it is taken for normal. */
  readonly low: number;
  readonly high: number;
  /** What the range will be when the present excursion is over; the range when there is none. */
  readonly reachLow: number;
  readonly reachHigh: number;
  /** How far beyond the last alarm went, fading away; the next must go further. */
  readonly rest: number;
  /** 1 from an alarm until the series has been calm again, else 0. */
  readonly active: number;
  /** Healthy readings in a row while active. */
  readonly calm: number;
}

/*
 * The pace of everything, as shares of `learn`, which is the one time scale. "a / b" says on the
 * recordings of `scripts/evalDefaultPolicy.ts` (learn 300, margin 0.15; as set: 29 / 13): labelled
 * windows hit of 58 / episodes outside of windows in 1,476 days of recording.
 */
/** While outside, the edge moves by one in this share of `learn`. 1/6 to 2/3: the same. */
const ABSORB = 1 / 3;
/** The memory of an alarm falls to a third in so many `learn`. None: 29 / 16, 3: 24 / 11. */
const REST = 1;
/** So much of `learn` healthy in a row ends an alarm. 1/4: the same, thrice the time in alarm. */
const CALM = 1 / 12;
/**
 * The margin is wider by this many times the share that `learn` has of all that was seen. None:
 * 32 / 17, but 1.5 instead of 0.4 episodes in 100,000 readings of noise whose neighbours
 * correlate by 0.99; 4: 28 / 9.
 */
const YOUNG = 2;
/**
 * An excursion that alarmed widens the range by what did not alarm and this share of the rest, but
 * never to more than its double: one wild reading must not blind. 0: 30 / 27, 1/2: 28 / 12.
 */
const SHARE = 1 / 4;

/** A series that stood still has no range; this share of its level is taken for one. */
const LEAST_RANGE = 0.01;
/** Further beyond says nothing more, and the memory of the alarm would never fade. */
const MOST = 100;

/**
 * A value further beyond the range the series has shown than `margin` times that range, and
 * further than a fading memory of the last alarm. The first `learn` readings only teach, and while
 * little more has been seen the margin is wider.
 *
 * A value is compared with the range as it was before the excursion began, so a slow climb counts
 * as a whole; once the series is back, what it reached belongs to the range, in part where it
 * alarmed. While it stays outside the range follows slowly: a lasting change alarms for about `learn` readings and then
 * is the new normal, and a drift slower than that never alarms. Everything is counted in
 * readings, never in time, so one setting serves a reading a second and one an hour.
 * The score is how far beyond what would just have alarmed.
 *
 * Source: own; record values of a series as in Chandler (1952), "The Distribution and Frequency
 * of Record Values", J. R. Stat. Soc. B 14(2).
 */
export const rangeNovelty: Detector<RangeNoveltyState, RangeNoveltyOptions> = {
  initial: { count: 0, low: 0, high: 0, reachLow: 0, reachHigh: 0, rest: 0, active: 0, calm: 0 },

  step(state, { value }, { learn, margin }) {
    if (state.count < learn) {
      const next = { ...state, ...widened(state, value), count: state.count + 1 };
      return { state: next, verdict: { level: 'normal', value, baseline: value, score: 0 } };
    }
    const { low, high } = state;
    const count = state.count + 1;
    const range = Math.max(high - low, LEAST_RANGE * Math.max(Math.abs(high), Math.abs(low)));
    const distance = Math.max(value - high, low - value, 0);
    // A series of nothing but 0 has no scale at all, so every other value is as far off as can be.
    const beyond = distance === 0 ? 0 : range > 0 ? Math.min(distance / range, MOST) : MOST;
    const least = margin * (1 + (YOUNG * learn) / count);
    const rest = state.rest * (1 - 1 / (REST * learn));
    const limit = state.active === 1 ? least : Math.max(least, rest);
    const abnormal = beyond > limit;
    const calm = state.active === 1 && beyond <= least / 2 ? state.calm + 1 : 0;
    const active = abnormal || (state.active === 1 && calm < CALM * learn);
    return {
      state: {
        ...followed(state, value, 1 / Math.max(1, ABSORB * learn), least * range),
        count,
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

  trouble({ value, baseline }, { low, high }, _options, show) {
    if (value === baseline) {
      return `is back in its usual range at ${show(value)}, but not for long enough yet`;
    }
    return value > baseline
      ? `rose to ${show(value)}, above its usual range of ${show(low)} to ${show(baseline)}`
      : `fell to ${show(value)}, below its usual range of ${show(baseline)} to ${show(high)}`;
  },

  relief({ value }, { low, high }, _options, show) {
    return `is back at ${show(value)}; its usual range is ${show(low)} to ${show(high)}`;
  },
};

type Range = Pick<RangeNoveltyState, 'low' | 'high' | 'reachLow' | 'reachHigh'>;

function widened({ count, low, high }: RangeNoveltyState, value: number): Range {
  const lower = count === 0 ? value : Math.min(low, value);
  const upper = count === 0 ? value : Math.max(high, value);
  return { low: lower, high: upper, reachLow: lower, reachHigh: upper };
}

/**
 * The range after `value`: outside it follows by `part`, back inside it takes what was reached.
 * `most` is the distance that just does not alarm.
 */
function followed(
  { low, high, reachLow, reachHigh }: RangeNoveltyState,
  value: number,
  part: number,
  most: number,
): Range {
  const up = value > high;
  const down = value < low;
  const far = Math.max(up ? value - high : low - value, 0);
  // Where the series stood still there is no range to double, and the value is all there is.
  const span = high - low || far;
  const follow = Math.min(far, span) * part;
  const reach = Math.min(far, most + Math.min(Math.max(far - most, 0) * SHARE, span));
  const nextHigh = up ? high + follow : Math.max(high, reachHigh);
  const nextLow = down ? low - follow : Math.min(low, reachLow);
  return {
    high: nextHigh,
    low: nextLow,
    reachHigh: up ? Math.max(reachHigh, nextHigh, high + reach) : nextHigh,
    reachLow: down ? Math.min(reachLow, nextLow, low - reach) : nextLow,
  };
}
