import { z } from 'zod';
import type { Mapping } from '../../model/mapping.ts';
import type { Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { timeSchema } from './clock.ts';
import { metricsSchema, pickMetrics } from './metrics.ts';
import { MAX_DEVICE_KEY, MAX_NAME, nameSchema } from './name.ts';
import { valueAt } from './path.ts';
import type { Json } from './path.ts';
import type { TopicMatch } from './topic.ts';

/** What a mapping finds in a message, before anybody judged it; undefined is not there. */
export interface Picked {
  readonly device: Json;
  readonly deviceType: Json;
  readonly time: Json;
  readonly metrics: Json;
}

/** What was picked if it keeps all rules, else the reason of the first field that does not. */
export type Judge = (
  picked: Picked,
) => Result<z.output<ReturnType<typeof pickedSchema>>, Rejection>;

/** Looks each field up where `mapping` says, or takes it from the topic. */
export function pick(payload: Json, mapping: Mapping, match: TopicMatch): Picked {
  const { device, deviceType, time, metrics } = mapping;
  return {
    device: device === undefined ? match.device : valueAt(payload, device),
    // For what may be absent or is asked for by name, null says as much as nothing.
    deviceType: deviceType === undefined ? match.deviceType : present(valueAt(payload, deviceType)),
    time: time === undefined ? undefined : present(valueAt(payload, time.path)),
    metrics: pickMetrics(payload, metrics),
  };
}

function present(value: Json): Json {
  return value === null ? undefined : value;
}

/** The rules for what `mapping` picks. Each error is a sentence for a person. */
export function pickedSchema(mapping: Mapping) {
  const device = mapping.device ?? 'the device in the topic';
  const deviceType = mapping.deviceType ?? 'the device type in the topic';
  return z.object({
    device: nameSchema(device, MAX_DEVICE_KEY, 'a string that names the device is required'),
    // The type only narrows policies down, so a message without one is still a reading.
    deviceType: nameSchema(deviceType, MAX_NAME, 'a string is required').optional(),
    time: mapping.time === undefined ? z.undefined() : timeSchema(mapping.time),
    metrics: metricsSchema(mapping),
  });
}

/** Compiles the rules of a mapping, which takes milliseconds: once for each, never for a message. */
export function makeJudge(mapping: Mapping): Judge {
  const schema = z.compile(pickedSchema(mapping));
  return (picked) => {
    const judged = schema.safeParse(picked, { reportInput: true });
    if (judged.success) return ok(judged.data);
    const [issue] = judged.error.issues;
    if (issue === undefined) throw new Error('zod refused a message and gave no issue');
    return err({ kind: kindOf(issue), reason: issue.message });
  };
}

function kindOf(issue: z.core.$ZodIssue): Rejection['kind'] {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'missing-field' : 'wrong-type';
    case 'too_big':
      return 'out-of-range';
    case 'too_small':
      if (issue.origin === 'number') return 'out-of-range';
      // No device and no metrics are missing; an empty type or metric name is a wrong one.
      return issue.origin === 'map' || issue.path[0] === 'device' ? 'missing-field' : 'wrong-type';
    case 'custom':
      return issue.params?.['kind'] === 'out-of-range' ? 'out-of-range' : 'wrong-type';
    default:
      return 'wrong-type';
  }
}
