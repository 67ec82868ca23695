import type { Mapping } from '../../model/mapping.ts';
import { payloadOf, topicOf } from '../../model/message.ts';
import type { Message } from '../../model/message.ts';
import type { Reading, Rejection } from '../../model/reading.ts';
import { addReading, clearReadings, makeReadings, readingAt } from '../../model/readings.ts';
import type { Readings } from '../../model/readings.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { makeMessageJudge } from './judgeMessage.ts';
import type { MessageJudge } from './judgeMessage.ts';
import { makeQuickDecoder } from './shapes/quickDecoder.ts';
import type { QuickDecoder } from './shapes/quickDecoder.ts';
import { compileTopic } from './shapes/topicBytes.ts';
import type { TopicBytes } from './shapes/topicBytes.ts';
import { makePlaces } from './shapes/tree.ts';
import { quote } from './text.ts';
import { parseTopicTemplate } from './topic.ts';
import type { TopicTemplate } from './topic.ts';

/** One message in, one reading or the reason why not out. Never throws, whatever the bytes. */
export interface Decoder {
  (message: Message): Result<Reading, Rejection>;
  /** The same: adds the reading to others, or answers the reason why not. */
  readonly into: (message: Message, readings: Readings) => Rejection | undefined;
}

/** Messages since the start: how many were like others before them, and how many were judged whole. */
export interface DecoderCounts {
  quick: number;
  judged: number;
}

/**
 * Decoder for JSON messages: the first mapping whose topic matches decides.
 *
 * The same message always gives the same answer. The payload must be valid UTF-8
 * JSON (RFC 8259) of at most `maxBytes`; of duplicate keys the last counts. What the mapping picks
 * from it is judged by a zod schema, compiled once; the first field that is wrong gives the reason.
 * Messages of a shape that the schema accepted before are read without it, to the same reading.
 * Throws while being made where a topic template is not valid; the text names the mapping.
 */
export function makeDecoder(
  mappings: readonly Mapping[],
  counts: DecoderCounts = { quick: 0, judged: 0 },
): Decoder {
  const judged = mappings.map(compile);
  const quick = quickOf(judged);
  const places = makePlaces();
  return decoderOf((message, readings) => {
    const { bytes, topicStart, topicEnd } = message;
    let learner: QuickDecoder | undefined;
    for (const { topic, decoder } of quick) {
      if (!topic(bytes, topicStart, topicEnd, places)) continue;
      if (decoder.read(message, places, readings)) {
        counts.quick += 1;
        return undefined;
      }
      learner = decoder;
      break;
    }
    counts.judged += 1;
    const result = judgeWhole(judged, message);
    if (!result.ok) return result.error;
    learner?.learn(message, result.value, places);
    addReading(readings, result.value);
    return undefined;
  });
}

/** A reading by itself is one that was added to none. */
function decoderOf(into: Decoder['into']): Decoder {
  const alone = makeReadings();
  const decode = (message: Message): Result<Reading, Rejection> => {
    clearReadings(alone);
    const rejection = into(message, alone);
    return rejection === undefined ? ok(readingAt(alone, 0)) : err(rejection);
  };
  return Object.assign(decode, { into });
}

/** The same answers as `makeDecoder`, each message judged whole. */
export function makeJudgingDecoder(mappings: readonly Mapping[]): Decoder {
  const judged = mappings.map(compile);
  const decode = (message: Message): Result<Reading, Rejection> => judgeWhole(judged, message);
  return Object.assign(decode, {
    into(message: Message, readings: Readings) {
      const result = decode(message);
      if (!result.ok) return result.error;
      addReading(readings, result.value);
      return undefined;
    },
  });
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
  readonly judge: MessageJudge;
}

function compile(mapping: Mapping): Compiled {
  return { mapping, template: templateOf(mapping), judge: makeMessageJudge(mapping) };
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

function judgeWhole(judged: readonly Compiled[], message: Message): Result<Reading, Rejection> {
  const topic = topicOf(message);
  for (const { template, judge } of judged) {
    const match = template.match(topic);
    if (match !== undefined) return judge(match, payloadOf(message), message.receivedAt);
  }
  return err({ kind: 'no-mapping', reason: `no mapping covers the topic ${quote(topic)}` });
}

interface Quick {
  readonly topic: TopicBytes;
  readonly decoder: QuickDecoder;
}

/** None at all where the bytes of a topic cannot tell for each of the mappings whether it is theirs. */
function quickOf(judged: readonly Compiled[]): readonly Quick[] {
  const quick: Quick[] = [];
  for (const { mapping, template } of judged) {
    const topic = compileTopic(template);
    if (topic === undefined) return [];
    quick.push({ topic, decoder: makeQuickDecoder(mapping) });
  }
  return quick;
}
