import type { SilenceOptions } from '../../model/policy.ts';
import { duration } from '../words.ts';
import type { Detector } from './detector.ts';

/** How long it is quiet; evidence only. */
const QUIET_MS = 0;

/**
 * No message for longer than `afterMs`.
 *
 * The input's value is how long the device has been quiet, in milliseconds of time during which
 * the bridge was listening: an outage of broker or bridge is not the device's silence. A message
 * counts as a value of 0. The condition began with the last message. Verdicts are in seconds. The score is the time beyond in `afterMs`.
 */
export const silence: Detector<SilenceOptions> = {
  fields: ['quietMs'],
  isOfOneStep: true,

  step(numbers, first, { at, value }, { afterMs }, verdict) {
    const abnormal = value > afterMs;
    numbers[first + QUIET_MS] = value;
    verdict.level = abnormal ? 'abnormal' : 'normal';
    verdict.value = value / 1000;
    verdict.baseline = afterMs / 1000;
    verdict.score = Math.max(0, value / afterMs - 1);
    verdict.severity = undefined;
    verdict.since = abnormal ? at - value : Number.NaN;
  },

  trouble({ value }, _numbers, _at, { afterMs }) {
    return `has sent nothing for ${duration(value * 1000)}; a message is due every ${duration(afterMs)} at least`;
  },

  relief() {
    return 'sends again';
  },
};
