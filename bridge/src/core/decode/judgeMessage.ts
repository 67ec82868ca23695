import { toDoubles } from '../../model/doubles.ts';
import { toDeviceKey } from '../../model/brand.ts';
import type { EpochMs } from '../../model/brand.ts';
import type { Mapping } from '../../model/mapping.ts';
import { makeMetricSets } from '../../model/metricSets.ts';
import type { Reading, Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { skewProblem } from './clock.ts';
import { parseJson } from './json.ts';
import { makeJudge, pick } from './picked.ts';
import type { TopicMatch } from './topic.ts';

/** What a payload says by one mapping, or the first thing that is wrong with it. */
export type MessageJudge = (
  match: TopicMatch,
  payload: Buffer,
  receivedAt: EpochMs,
) => Result<Reading, Rejection>;

/** The one truth about what is a reading: all of JSON, and the mapping's rules as a zod schema. */
export function makeMessageJudge(mapping: Mapping): MessageJudge {
  const setOf = makeMetricSets(mapping.units);
  const judge = makeJudge(mapping);
  return (match, payload, receivedAt) => {
    const parsed = parseJson(payload, mapping.maxBytes);
    if (!parsed.ok) return parsed;
    const judged = judge(pick(parsed.value, mapping, match));
    if (!judged.ok) return judged;
    const { device, deviceType, time: at = receivedAt, metrics } = judged.value;
    const skew = skewProblem(at, mapping, receivedAt);
    if (skew !== undefined) return err({ kind: 'clock-skew', reason: skew });
    return ok({
      device: toDeviceKey(device),
      ...(deviceType === undefined ? {} : { deviceType }),
      at,
      receivedAt,
      metrics: setOf([...metrics.keys()]),
      values: toDoubles([...metrics.values()]),
      source: mapping.name,
    });
  };
}
