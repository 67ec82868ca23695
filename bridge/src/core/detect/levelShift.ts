import type { LevelShiftOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

/** Readings seen, up to `learn`. */
const COUNT = 0;
/** Average over few readings: where the series is. */
const FAST_NOW = 1;
/** Average over many: where it used to be. */
const SLOW_NOW = 2;
/** The largest distance of the two while healthy, fading away. */
const PAST = 3;
/** How far the present excursion went, up to what would alarm; 0 when there is none. */
const REACH = 4;
/** 1 from an alarm until the series has been calm again, else 0. */
const ACTIVE = 5;
/** Healthy readings in a row while active. */
const CALM_NOW = 6;

/*
 * The pace, as shares of `learn`, which is the one time scale. "a / b" says on the recordings of
 * `scripts/evalDefaultPolicy.ts` (learn 300, factor 2; as set: 23 / 17): labelled windows hit of
 * 58 / episodes outside of windows in 1,476 days of recording.
 */
/** Length of the fast average. 1/25: 22 / 19, 1/6: 23 / 14. */
const FAST = 1 / 12;
/** Length of the slow average. 1/3: 23 / 16, 1: 24 / 19. */
const SLOW = 2 / 3;
/**
 * The memory of the largest distance falls to a third in so many `learn`. 6: 31 / 26, but 1.8
 * instead of 0.2 episodes in 100,000 readings of noise (neighbours correlate by 0.9); 24: 21 / 12.
 */
const FADE = 12;
/** So much of `learn` healthy in a row ends an alarm. 1/4: 23 / 14, twice the time in alarm. */
const CALM = 1 / 12;

/** A series that stood still has shown no distance; this share of its level is taken for one. */
const LEAST_SHIFT = 0.001;

/**
 * The level of the series has moved: its fast average is further from its slow one than `factor`
 * times the largest distance the two have shown (a fading memory). The first `learn` readings
 * only teach.
 *
 * An excursion is compared with the memory as it was before; once it is over, what it reached is
 * remembered. While it lasts the memory and the slow average follow, so a lasting change is the
 * new normal after about `learn` readings. Counted in readings, never in time. Value and baseline
 * of the verdict are the two averages; the score is how far beyond what would just have alarmed.
 *
 * Source: crossing of moving averages against its own record; Roberts (1959), "Control Chart
 * Tests Based on Geometric Moving Averages", Technometrics 1(3).
 */
export const levelShift: Detector<LevelShiftOptions> = {
  fields: ['count', 'fast', 'slow', 'past', 'reach', 'active', 'calm'],

  step(numbers, at, { value }, { learn, factor }, verdict) {
    const before = numbers[at + COUNT] as number;
    const count = Math.min(before + 1, learn);
    const wasFast = numbers[at + FAST_NOW] as number;
    const wasSlow = numbers[at + SLOW_NOW] as number;
    const wasPast = numbers[at + PAST] as number;
    const fast = wasFast + (value - wasFast) / Math.max(1, Math.min(count, FAST * learn));
    const slow = wasSlow + (value - wasSlow) / Math.max(1, Math.min(count, SLOW * learn));
    const shift = Math.abs(fast - slow);
    const past = wasPast * (1 - 1 / (FADE * learn));
    numbers[at + COUNT] = count;
    numbers[at + FAST_NOW] = fast;
    numbers[at + SLOW_NOW] = slow;
    verdict.value = fast;
    verdict.baseline = slow;
    verdict.severity = undefined;
    verdict.since = Number.NaN;
    if (before < learn) {
      numbers[at + PAST] = Math.max(past, shift);
      verdict.level = 'normal';
      verdict.score = 0;
      return;
    }
    const limit = factor * Math.max(past, LEAST_SHIFT * Math.abs(slow));
    const abnormal = shift > limit;
    const wasActive = numbers[at + ACTIVE] === 1;
    const calm = wasActive && shift <= past ? (numbers[at + CALM_NOW] as number) + 1 : 0;
    const active = abnormal || (wasActive && calm < CALM * learn);
    const reach = numbers[at + REACH] as number;
    const outside = shift > past;
    numbers[at + PAST] = outside
      ? past + (shift - past) / Math.max(1, SLOW * learn)
      : Math.max(past, reach);
    numbers[at + REACH] = outside ? Math.max(reach, Math.min(shift, limit)) : 0;
    numbers[at + ACTIVE] = active ? 1 : 0;
    numbers[at + CALM_NOW] = active ? calm : 0;
    verdict.level = abnormal ? 'abnormal' : active ? 'between' : 'normal';
    verdict.score = limit > 0 ? Math.max(0, shift / limit - 1) : abnormal ? 1 : 0;
  },

  trouble({ value, baseline }, _numbers, _at, _options, show) {
    const way = value > baseline ? 'up' : 'down';
    return `has moved ${way}: it averages ${show(value)} now and averaged ${show(baseline)} before`;
  },

  relief({ value }, _numbers, _at, _options, show) {
    return `keeps its level again, averaging ${show(value)}`;
  },
};
