import { toDeviceKey } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import type { Mapping } from '../../model/mapping.ts';
import type { Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { valueAt } from './path.ts';
import type { Json } from './path.ts';
import { describeValue, MAX_DEVICE_KEY, MAX_NAME, nameProblem } from './text.ts';
import type { TopicMatch } from './topic.ts';

/** The device key: from the path of the mapping, else from the topic. 1 to 120 characters. */
export function readDevice(
  payload: Json,
  mapping: Mapping,
  match: TopicMatch,
): Result<DeviceKey, Rejection> {
  const label = mapping.device ?? 'the device in the topic';
  const value = mapping.device === undefined ? match.device : valueAt(payload, mapping.device);
  if (value === undefined) {
    return err({ kind: 'missing-field', reason: `${label} is missing; it names the device` });
  }
  if (typeof value !== 'string') {
    const reason = `${label} is ${describeValue(value)}; a string that names the device is required`;
    return err({ kind: 'wrong-type', reason });
  }
  const problem = nameProblem(value, MAX_DEVICE_KEY);
  if (problem === undefined) return ok(toDeviceKey(value));
  return err({
    kind: value === '' ? 'missing-field' : 'wrong-type',
    reason: `${label} ${problem}`,
  });
}

/** The device type, where the topic or the payload names one. 1 to 80 characters. */
export function readDeviceType(
  payload: Json,
  mapping: Mapping,
  match: TopicMatch,
): Result<string | undefined, Rejection> {
  const label = mapping.deviceType ?? 'the device type in the topic';
  const value =
    mapping.deviceType === undefined ? match.deviceType : valueAt(payload, mapping.deviceType);
  // The type only narrows policies down, so a message without one is still a reading.
  if (value === undefined || value === null) return ok(undefined);
  if (typeof value !== 'string') {
    return err({
      kind: 'wrong-type',
      reason: `${label} is ${describeValue(value)}; a string is required`,
    });
  }
  const problem = nameProblem(value, MAX_NAME);
  if (problem === undefined) return ok(value);
  return err({ kind: 'wrong-type', reason: `${label} ${problem}` });
}
