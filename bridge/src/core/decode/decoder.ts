import type { EpochMs } from '../../model/brand.ts';
import type { Mapping } from '../../model/mapping.ts';
import type { Reading, Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { readTime } from './clock.ts';
import { readDevice, readDeviceType } from './device.ts';
import { parseJson } from './json.ts';
import { readMetrics } from './metrics.ts';
import { quote } from './text.ts';
import { parseTopicTemplate } from './topic.ts';
import type { TopicMatch, TopicTemplate } from './topic.ts';

/** One message in, one reading or the reason why not out. Never throws, whatever the bytes. */
export type Decoder = (
  topic: string,
  payload: Uint8Array,
  receivedAt: EpochMs,
) => Result<Reading, Rejection>;

/**
 * Decoder for JSON messages: the first mapping whose topic matches decides.
 *
 * The same message and `receivedAt` always give the same answer. The payload must be valid UTF-8
 * JSON (RFC 8259) of at most `maxBytes`; of duplicate keys the last counts.
 * Throws while being made where a topic template is not valid; the text names the mapping.
 */
export function makeDecoder(mappings: readonly Mapping[]): Decoder {
  const compiled = mappings.map(compile);
  return (topic, payload, receivedAt) => {
    for (const { mapping, template, units } of compiled) {
      const match = template.match(topic);
      if (match !== undefined) return decode({ mapping, units, match, payload, receivedAt });
    }
    return err({ kind: 'no-mapping', reason: `no mapping covers the topic ${quote(topic)}` });
  };
}

/** The MQTT topic filters of the mappings, as far as they are valid, without duplicates. */
export function topicFilters(mappings: readonly Mapping[]): ReadonlyMap<string, 0 | 1> {
  const filters = new Map<string, 0 | 1>();
  for (const mapping of mappings) {
    const { filter } = compile(mapping).template;
    filters.set(filter, filters.get(filter) === 1 ? 1 : mapping.qos);
  }
  return filters;
}

interface Compiled {
  readonly mapping: Mapping;
  readonly template: TopicTemplate;
  readonly units: ReadonlyMap<string, string>;
}

function compile(mapping: Mapping): Compiled {
  const template = parseTopicTemplate(mapping.topic);
  if (!template.ok) throw new Error(`mapping ${quote(mapping.name)}: ${template.error}`);
  if (!template.value.namesDevice && mapping.device === undefined) {
    throw new Error(
      `mapping ${quote(mapping.name)} does not say where the device is: ` +
        'put {device} into its topic or set a path as device',
    );
  }
  return { mapping, template: template.value, units: new Map(Object.entries(mapping.units)) };
}

interface Message {
  readonly mapping: Mapping;
  readonly units: ReadonlyMap<string, string>;
  readonly match: TopicMatch;
  readonly payload: Uint8Array;
  readonly receivedAt: EpochMs;
}

function decode(message: Message): Result<Reading, Rejection> {
  const { mapping, units, match, receivedAt } = message;
  const parsed = parseJson(message.payload, mapping.maxBytes);
  if (!parsed.ok) return parsed;
  const device = readDevice(parsed.value, mapping, match);
  if (!device.ok) return device;
  const deviceType = readDeviceType(parsed.value, mapping, match);
  if (!deviceType.ok) return deviceType;
  const at = readTime(parsed.value, mapping, receivedAt);
  if (!at.ok) return at;
  const metrics = readMetrics(parsed.value, mapping);
  if (!metrics.ok) return metrics;
  return ok({
    device: device.value,
    ...(deviceType.value === undefined ? {} : { deviceType: deviceType.value }),
    at: at.value,
    receivedAt,
    metrics: metrics.value,
    units,
    source: mapping.name,
  });
}
