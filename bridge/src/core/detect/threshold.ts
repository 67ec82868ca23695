import type { ThresholdOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

/** 1 from the first value beyond the limit to the first behind the clearing point, else 0. */
const ACTIVE = 0;
/** The worst value of that time. */
const WORST = 1;

/**
 * A fixed limit with hysteresis: abnormal beyond `limit`, healthy at or behind `clear`, and in
 * between whatever it was before. Beyond the limit of `escalate` the verdict asks for its severity.
 *
 * The score is the distance beyond the limit in widths of the hysteresis (or tenths of the limit
 * where there is none). Source: ISA-18.2-2016, deadband of an alarm.
 */
export const threshold: Detector<ThresholdOptions> = {
  fields: ['active', 'worst'],

  step(numbers, at, { value }, { direction, limit, clear, escalate }, verdict) {
    const sign = direction === 'above' ? 1 : -1;
    const beyond = sign * (value - limit);
    const abnormal = beyond > 0;
    const wasActive = numbers[at + ACTIVE] === 1;
    const active = abnormal || (wasActive && sign * (value - clear) > 0);
    if (active) {
      const worse = !wasActive || sign * (value - (numbers[at + WORST] as number)) > 0;
      numbers[at + ACTIVE] = 1;
      if (worse) numbers[at + WORST] = value;
    } else if (wasActive) {
      numbers[at + ACTIVE] = 0;
      numbers[at + WORST] = 0;
    }
    const width = Math.abs(limit - clear) || Math.abs(limit) / 10 || 1;
    const escalated = escalate !== undefined && sign * (value - escalate.limit) > 0;
    verdict.level = abnormal ? 'abnormal' : active ? 'between' : 'normal';
    verdict.value = value;
    verdict.baseline = limit;
    verdict.score = Math.max(0, beyond / width);
    verdict.severity = escalated ? escalate.severity : undefined;
    verdict.since = Number.NaN;
  },

  trouble({ value }, numbers, at, { direction, limit, clear, escalate }, show) {
    const sign = direction === 'above' ? 1 : -1;
    const second = escalate !== undefined && sign * (value - escalate.limit) > 0;
    const name = second ? 'second limit' : 'limit';
    const passed = `${direction} the ${name} of ${show(second ? escalate.limit : limit)}`;
    if (sign * (value - limit) <= 0) {
      const worst = show(numbers[at + WORST] as number);
      return `is at ${show(value)} after ${worst}, not yet back ${behind(direction)} ${show(clear)}`;
    }
    return `${direction === 'above' ? 'rose' : 'fell'} to ${show(value)}, ${passed}`;
  },

  relief({ value }, _numbers, _at, { direction, clear }, show) {
    return `is back at ${show(value)}, ${behind(direction)} ${show(clear)}`;
  },
};

function behind(direction: 'above' | 'below'): string {
  return direction === 'above' ? 'below' : 'above';
}
