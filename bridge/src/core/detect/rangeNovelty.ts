import type { RangeNoveltyOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

/** Readings seen. */
const COUNT = 0;
/** The range of the series as far as it is taken for normal. */
const LOW = 1;
const HIGH = 2;
/** What the range will be when the present excursion is over; the range when there is none. */
const REACH_LOW = 3;
const REACH_HIGH = 4;
/** How far beyond the last alarm went, fading away; the next must go further. */
const REST_NOW = 5;
/** 1 from an alarm until the series has been calm again, else 0. */
const ACTIVE = 6;
/** Healthy readings in a row while active. */
const CALM_NOW = 7;

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
export const rangeNovelty: Detector<RangeNoveltyOptions> = {
  fields: ['count', 'low', 'high', 'reachLow', 'reachHigh', 'rest', 'active', 'calm'],

  step(numbers, at, { value }, { learn, margin }, verdict) {
    const count = (numbers[at + COUNT] as number) + 1;
    numbers[at + COUNT] = count;
    verdict.value = value;
    verdict.severity = undefined;
    verdict.since = Number.NaN;
    if (count <= learn) {
      widen(numbers, at, value, count === 1);
      verdict.level = 'normal';
      verdict.baseline = value;
      verdict.score = 0;
      return;
    }
    const low = numbers[at + LOW] as number;
    const high = numbers[at + HIGH] as number;
    const range = Math.max(high - low, LEAST_RANGE * Math.max(Math.abs(high), Math.abs(low)));
    const distance = Math.max(value - high, low - value, 0);
    // A series of nothing but 0 has no scale at all, so every other value is as far off as can be.
    const beyond = distance === 0 ? 0 : range > 0 ? Math.min(distance / range, MOST) : MOST;
    const least = margin * (1 + (YOUNG * learn) / count);
    const rest = (numbers[at + REST_NOW] as number) * (1 - 1 / (REST * learn));
    const wasActive = numbers[at + ACTIVE] === 1;
    const limit = wasActive ? least : Math.max(least, rest);
    const abnormal = beyond > limit;
    const calm = wasActive && beyond <= least / 2 ? (numbers[at + CALM_NOW] as number) + 1 : 0;
    const active = abnormal || (wasActive && calm < CALM * learn);
    numbers[at + REST_NOW] = active ? Math.max(rest, beyond) : rest;
    numbers[at + ACTIVE] = active ? 1 : 0;
    numbers[at + CALM_NOW] = active ? calm : 0;
    follow(numbers, at, value, 1 / Math.max(1, ABSORB * learn), least * range);
    verdict.level = abnormal ? 'abnormal' : active ? 'between' : 'normal';
    verdict.baseline = value > high ? high : value < low ? low : value;
    verdict.score = Math.max(0, beyond / limit - 1);
  },

  trouble({ value, baseline }, numbers, at, _options, show) {
    if (value === baseline) {
      return `is back in its usual range at ${show(value)}, but not for long enough yet`;
    }
    const low = numbers[at + LOW] as number;
    const high = numbers[at + HIGH] as number;
    return value > baseline
      ? `rose to ${show(value)}, above its usual range of ${show(low)} to ${show(baseline)}`
      : `fell to ${show(value)}, below its usual range of ${show(baseline)} to ${show(high)}`;
  },

  relief({ value }, numbers, at, _options, show) {
    const range = `${show(numbers[at + LOW] as number)} to ${show(numbers[at + HIGH] as number)}`;
    return `is back at ${show(value)}; its usual range is ${range}`;
  },
};

/** The range takes in `value`. */
function widen(numbers: Float64Array, at: number, value: number, isFirst: boolean): void {
  const low = isFirst ? value : Math.min(numbers[at + LOW] as number, value);
  const high = isFirst ? value : Math.max(numbers[at + HIGH] as number, value);
  numbers[at + LOW] = low;
  numbers[at + HIGH] = high;
  numbers[at + REACH_LOW] = low;
  numbers[at + REACH_HIGH] = high;
}

/**
 * The range after `value`: outside it follows by `part`, back inside it takes what was reached.
 * `most` is the distance that just does not alarm.
 */
function follow(
  numbers: Float64Array,
  at: number,
  value: number,
  part: number,
  most: number,
): void {
  const low = numbers[at + LOW] as number;
  const high = numbers[at + HIGH] as number;
  const reachLow = numbers[at + REACH_LOW] as number;
  const reachHigh = numbers[at + REACH_HIGH] as number;
  const up = value > high;
  const down = value < low;
  const far = Math.max(up ? value - high : low - value, 0);
  // Where the series stood still there is no range to double, and the value is all there is.
  const span = high - low || far;
  const by = Math.min(far, span) * part;
  const reach = Math.min(far, most + Math.min(Math.max(far - most, 0) * SHARE, span));
  const nextHigh = up ? high + by : Math.max(high, reachHigh);
  const nextLow = down ? low - by : Math.min(low, reachLow);
  numbers[at + HIGH] = nextHigh;
  numbers[at + LOW] = nextLow;
  numbers[at + REACH_HIGH] = up ? Math.max(reachHigh, nextHigh, high + reach) : nextHigh;
  numbers[at + REACH_LOW] = down ? Math.min(reachLow, nextLow, low - reach) : nextLow;
}
