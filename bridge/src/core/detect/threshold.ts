import type { ThresholdOptions } from '../../model/policy.ts';
import type { Detector } from './detector.ts';

export interface ThresholdState {
  /** 1 from the first value beyond the limit to the first behind the clearing point, else 0. */
  readonly active: number;
  /** The worst value of that time. */
  readonly worst: number;
}

/**
 * A fixed limit with hysteresis: abnormal beyond `limit`, healthy at or behind `clear`, and in
 * between whatever it was before. Beyond the limit of `escalate` the verdict asks for its severity.
 *
 * The score is the distance beyond the limit in widths of the hysteresis (or tenths of the limit
 * where there is none). Source: ISA-18.2-2016, deadband of an alarm.
 */
export const threshold: Detector<ThresholdState, ThresholdOptions> = {
  initial: { active: 0, worst: 0 },

  step(state, { value }, options) {
    const sign = options.direction === 'above' ? 1 : -1;
    const beyond = sign * (value - options.limit);
    const abnormal = beyond > 0;
    const active = abnormal || (state.active === 1 && sign * (value - options.clear) > 0);
    const worse = state.active === 0 || sign * (value - state.worst) > 0;
    const escalated =
      options.escalate !== undefined && sign * (value - options.escalate.limit) > 0
        ? options.escalate.severity
        : undefined;
    const width = Math.abs(options.limit - options.clear) || Math.abs(options.limit) / 10 || 1;
    return {
      state: active ? { active: 1, worst: worse ? value : state.worst } : threshold.initial,
      verdict: {
        level: abnormal ? 'abnormal' : active ? 'between' : 'normal',
        value,
        baseline: options.limit,
        score: Math.max(0, beyond / width),
        ...(escalated === undefined ? {} : { severity: escalated }),
      },
    };
  },

  trouble({ value }, state, { direction, limit, clear, escalate }, show) {
    const sign = direction === 'above' ? 1 : -1;
    const second = escalate !== undefined && sign * (value - escalate.limit) > 0;
    const name = second ? 'second limit' : 'limit';
    const passed = `${direction} the ${name} of ${show(second ? escalate.limit : limit)}`;
    if (sign * (value - limit) <= 0) {
      return `is at ${show(value)} after ${show(state.worst)}, not yet back ${behind(direction)} ${show(clear)}`;
    }
    return `${direction === 'above' ? 'rose' : 'fell'} to ${show(value)}, ${passed}`;
  },

  relief({ value }, _state, { direction, clear }, show) {
    return `is back at ${show(value)}, ${behind(direction)} ${show(clear)}`;
  },
};

function behind(direction: 'above' | 'below'): string {
  return direction === 'above' ? 'below' : 'above';
}
