import { toDeviceKey } from '../../model/brand.ts';
import type { EpochMs } from '../../model/brand.ts';
import type { Mapping } from '../../model/mapping.ts';
import { payloadOf, topicOf } from '../../model/message.ts';
import type { Message } from '../../model/message.ts';
import type { MetricSet, Reading, Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { skewProblem } from './clock.ts';
import { parseJson } from './json.ts';
import { makeMetricSets } from '../../model/metricSets.ts';
import { makeJudge, pick } from './picked.ts';
import type { Judge } from './picked.ts';
import { quote } from './text.ts';
import { parseTopicTemplate } from './topic.ts';
import type { TopicMatch, TopicTemplate } from './topic.ts';

/** One message in, one reading or the reason why not out. Never throws, whatever the bytes. */
export type Decoder = (message: Message) => Result<Reading, Rejection>;

/**
 * Decoder for JSON messages: the first mapping whose topic matches decides.
 *
 * The same message always gives the same answer. The payload must be valid UTF-8
 * JSON (RFC 8259) of at most `maxBytes`; of duplicate keys the last counts. What the mapping picks
 * from it is judged by a zod schema, compiled once; the first field that is wrong gives the reason.
 * Throws while being made where a topic template is not valid; the text names the mapping.
 */
export function makeDecoder(mappings: readonly Mapping[]): Decoder {
  const compiled = mappings.map(compile);
  return (message) => {
    const topic = topicOf(message);
    for (const entry of compiled) {
      const match = entry.template.match(topic);
      if (match !== undefined) return decode(entry, match, payloadOf(message), message.receivedAt);
    }
    return err({ kind: 'no-mapping', reason: `no mapping covers the topic ${quote(topic)}` });
  };
}

/** The MQTT topic filters of the mappings, as far as they are valid, without duplicates. */
export function topicFilters(mappings: readonly Mapping[]): ReadonlyMap<string, 0 | 1 | 2> {
  const filters = new Map<string, 0 | 1 | 2>();
  for (const mapping of mappings) {
    const { filter } = templateOf(mapping);
    const { qos } = mapping;
    const before = filters.get(filter) ?? qos;
    filters.set(filter, before > qos ? before : qos);
  }
  return filters;
}

interface Compiled {
  readonly mapping: Mapping;
  readonly template: TopicTemplate;
  readonly judge: Judge;
  readonly setOf: (names: readonly string[]) => MetricSet;
}

function compile(mapping: Mapping): Compiled {
  const setOf = makeMetricSets(mapping.units);
  return { mapping, template: templateOf(mapping), judge: makeJudge(mapping), setOf };
}

function templateOf(mapping: Mapping): TopicTemplate {
  const template = parseTopicTemplate(mapping.topic);
  if (!template.ok) throw new Error(`mapping ${quote(mapping.name)}: ${template.error}`);
  if (!template.value.namesDevice && mapping.device === undefined) {
    throw new Error(
      `mapping ${quote(mapping.name)} does not say where the device is: ` +
        'put {device} into its topic or set a path as device',
    );
  }
  return template.value;
}

function decode(
  { mapping, judge, setOf }: Compiled,
  match: TopicMatch,
  payload: Uint8Array,
  receivedAt: EpochMs,
): Result<Reading, Rejection> {
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
    values: [...metrics.values()],
    source: mapping.name,
  });
}
