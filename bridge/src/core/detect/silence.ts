import { toEpochMs } from '../../model/brand.ts';
import type { SilenceOptions } from '../../model/policy.ts';
import { duration } from '../words.ts';
import type { Detector } from './detector.ts';

export interface SilenceState {
  /** How long it was quiet when last judged; evidence only, nothing depends on it. */
  readonly quietMs: number;
}

/**
 * No message for longer than `afterMs`.
 *
 * The input's value is how long the device has been quiet, in milliseconds of time during which
 * the bridge was listening: an outage of broker or bridge is not the device's silence. A message
 * counts as a value of 0. The condition began with the last message. Verdicts are in seconds. The score is the time beyond in `afterMs`.
 */
export const silence: Detector<SilenceState, SilenceOptions> = {
  initial: { quietMs: 0 },

  step(_state, { at, value }, { afterMs }) {
    const abnormal = value > afterMs;
    return {
      state: { quietMs: value },
      verdict: {
        level: abnormal ? 'abnormal' : 'normal',
        value: value / 1000,
        baseline: afterMs / 1000,
        score: Math.max(0, value / afterMs - 1),
        ...(abnormal ? { since: toEpochMs(at - value) } : {}),
      },
    };
  },

  trouble({ value }, _state, { afterMs }) {
    return `has sent nothing for ${duration(value * 1000)}; a message is due every ${duration(afterMs)} at least`;
  },

  relief() {
    return 'sends again';
  },
};
