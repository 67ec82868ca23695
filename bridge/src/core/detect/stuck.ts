import type { StuckOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

const VALUE = 0;
/** Equal readings in a row, this one included; 0 before the first. */
const COUNT = 1;
/** Device time of the first of them. */
const SINCE = 2;

/**
 * The very same number `repeats` times in a row: a frozen sensor or a gateway that repeats its
 * last value. The condition began with the first of the equal readings.
 *
 * Meant for measured values with more digits than their noise; a counter or a switch is stuck
 * by nature. The score grows with the length of the run. Source: flat line test of the Manual for
 * Real-Time Quality Control of In-Situ Temperature and Salinity Data (QARTOD, test 8).
 */
export const stuck: Detector<StuckOptions> = {
  fields: ['value', 'count', 'since'],

  step(numbers, first, { at, value }, { repeats }, verdict) {
    let count = numbers[first + COUNT] as number;
    if (count > 0 && numbers[first + VALUE] === value) count += 1;
    else {
      count = 1;
      numbers[first + VALUE] = value;
      numbers[first + SINCE] = at;
    }
    numbers[first + COUNT] = count;
    const abnormal = count >= repeats;
    verdict.level = abnormal ? 'abnormal' : 'normal';
    verdict.value = value;
    verdict.baseline = numbers[first + VALUE] as number;
    verdict.score = abnormal ? (count - repeats) / repeats : 0;
    verdict.severity = undefined;
    verdict.since = abnormal ? (numbers[first + SINCE] as number) : Number.NaN;
  },

  trouble({ value }, numbers, at, _options, show) {
    return `has read exactly ${show(value)} ${numbers[at + COUNT] ?? 0} times in a row`;
  },

  relief({ value }, _numbers, _at, _options, show) {
    return `moves again and reads ${show(value)}`;
  },
};
