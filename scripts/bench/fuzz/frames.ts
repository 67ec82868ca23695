import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';

import { makeRandom } from '../../../bridge/src/core/fixtures/random.ts';
import type { Random } from '../../../bridge/src/core/fixtures/random.ts';
import { makeFrameScanner } from '../../../bridge/src/edge/ingress/frames.ts';
import type { FrameSink } from '../../../bridge/src/edge/ingress/frames.ts';
import {
  MalformedPacket,
  makePublishPlaces,
  readProperties,
  readPublish,
} from '../../../bridge/src/edge/ingress/publishPacket.ts';
import { Finding } from './round.ts';
import type { RoundCounts } from './round.ts';

type Version = 4 | 5;

/** Packets of one stream. */
const PACKETS = 20;
/** Packets made once for each version; streams are put together from them. */
const POOL = 3_000;
/** Above every sound packet, and so low that many are cut. */
const LIMIT = { sound: 1_000_000, small: 400 };
const pools = new Map<Version, readonly Buffer[]>();

/**
 * One stream of packets as a broker sends them, cut at random places. Every third stream is sound, and has to say the same as
 * to the `mqtt-packet` library; of the others bytes were changed, cut out, doubled or made up, and they have to be
 * read or refused in words.
 */
export function fuzzFrames(seed: number): RoundCounts {
  const random = makeRandom(seed);
  const version: Version = random.below(2) === 0 ? 4 : 5;
  const pool = poolOf(version);
  const sound = Buffer.concat(
    Array.from({ length: PACKETS }, () => pool[random.below(pool.length)] ?? Buffer.alloc(0)),
  );
  if (seed % 3 === 0) {
    const expected = readByLibrary(sound, version);
    const seen = readByUs(cut(sound, random), version, LIMIT.sound);
    const at = expected.findIndex((text, index) => text !== seen.texts[index]);
    if (at >= 0 || seen.refused > 0 || seen.texts.length !== expected.length) {
      throw new Finding(`frame ${at}: ${seen.texts[at] ?? 'nothing'}, not ${expected[at] ?? ''}`);
    }
    return { tried: PACKETS, read: seen.texts.length, refused: 0 };
  }
  const bytes = random.below(10) === 0 ? noise(random, 2_000) : mutate(sound, random);
  const limit = random.below(2) === 0 ? LIMIT.sound : LIMIT.small;
  const { texts, refused } = readByUs(cut(bytes, random), version, limit);
  return { tried: Math.max(texts.length + refused, 1), read: texts.length, refused };
}

/** Reads until the end or the first refusal, after which a connection is closed. */
function readByUs(
  chunks: readonly Buffer[],
  version: Version,
  limit: number,
): { readonly texts: readonly string[]; readonly refused: number } {
  const texts: string[] = [];
  const places = makePublishPlaces();
  const sink: FrameSink = {
    publish(bytes, start, body, end) {
      readPublish(bytes, start, body, end, version, places);
      const { topicStart, topicEnd, payloadStart, payloadEnd, qos, packetId } = places;
      const inOrder =
        body <= topicStart &&
        topicStart < topicEnd &&
        topicEnd <= payloadStart &&
        payloadStart <= payloadEnd &&
        payloadEnd === end;
      if (!inOrder) throw new Finding(`parts outside their frame: ${JSON.stringify(places)}`);
      readProperties(bytes, places);
      texts.push(
        `${bytes.toString('latin1', topicStart, topicEnd)} ${qos} ${packetId} ${digest(bytes, payloadStart, payloadEnd)}`,
      );
    },
    oversized(bytes, body, end, size) {
      if (size <= limit || end > limit || end > bytes.length) {
        throw new Finding(`${end} bytes of a message of ${size}, where ${limit} are the limit`);
      }
      readPublish(bytes, 0, body, end, 4, places);
      texts.push(`too large ${size}`);
    },
    control: (packet) => texts.push(`control ${(packet[0] ?? 0) >> 4}`),
  };
  const scanner = makeFrameScanner(sink, limit);
  try {
    for (const chunk of chunks) {
      if (!scanner.push(chunk)) return { texts, refused: 1 };
    }
    return { texts, refused: 0 };
  } catch (error) {
    if (error instanceof MalformedPacket && error.message.length > 0) return { texts, refused: 1 };
    throw error;
  }
}

function readByLibrary(bytes: Buffer, version: Version): string[] {
  const seen: string[] = [];
  const parser = mqttPacket.parser({ protocolVersion: version });
  parser.on('packet', (packet: Packet) => {
    if (packet.cmd !== 'publish') seen.push(`control ${CONTROL[packet.cmd] ?? 0}`);
    else {
      const topic = Buffer.from(packet.topic).toString('latin1');
      const payload = Buffer.from(packet.payload);
      seen.push(
        `${topic} ${packet.qos} ${packet.messageId ?? 0} ${digest(payload, 0, payload.length)}`,
      );
    }
  });
  parser.parse(bytes);
  return seen;
}

const digest = (bytes: Buffer, from: number, to: number): string =>
  from === to ? 'empty' : `${to - from} ${bytes[from]} ${bytes[to - 1]}`;

/** Types of the packets in the pool. Source: MQTT 5 table 2-1. */
const CONTROL: Readonly<Record<string, number>> = { pingresp: 13, pubrel: 6, puback: 4, suback: 9 };

function poolOf(version: Version): readonly Buffer[] {
  const made = pools.get(version);
  if (made !== undefined) return made;
  const random = makeRandom(version);
  const pool = Array.from({ length: POOL }, () =>
    mqttPacket.generate(randomPacket(random, version), { protocolVersion: version }),
  );
  pools.set(version, pool);
  return pool;
}

function randomPacket(random: Random, version: Version): Packet {
  const messageId = 1 + random.below(65_535);
  if (random.below(8) === 0) {
    const others: readonly Packet[] = [
      { cmd: 'pingresp' },
      { cmd: 'pubrel', messageId },
      { cmd: 'puback', messageId },
      { cmd: 'suback', messageId, granted: [0, 1] },
    ];
    return others[random.below(others.length)] ?? { cmd: 'pingresp' };
  }
  const qos = random.below(3) as 0 | 1 | 2;
  const half = (): boolean => random.below(2) === 0;
  const properties = {
    ...(half() && { contentType: 'application/json' }),
    ...(half() && { messageExpiryInterval: random.below(2 ** 31) }),
    ...(half() && { correlationData: Buffer.from([0, 255, 1]) }),
    ...(half() && { userProperties: { unit: ['mm/s', 'µm'], site: 'Übersee' } }),
  };
  const topics = ['a', 'plant/pump/pump-001/telemetry', 'größe/度', 'x'.repeat(300)];
  const sizes = [0, 1, 90, 90, 90, 127, 128, 300, 16_383];
  return {
    cmd: 'publish',
    topic: topics[random.below(topics.length)] ?? 'a',
    payload: Buffer.alloc(sizes[random.below(sizes.length)] ?? 1, random.below(256)),
    qos,
    retain: random.below(5) === 0,
    dup: qos > 0 && half(),
    ...(qos > 0 && { messageId }),
    ...(version === 5 && Object.keys(properties).length > 0 && { properties }),
  };
}

function mutate(sound: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(sound);
  for (let count = 1 + random.below(5); count > 0; count -= 1) {
    const at = random.below(bytes.length + 1);
    const kind = random.below(4);
    if (kind === 0 && at < bytes.length) bytes[at] = random.below(256);
    else if (kind === 1)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(20))]);
    else if (kind === 2)
      bytes = Buffer.concat([bytes.subarray(0, at), noise(random, 20), bytes.subarray(at)]);
    else
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(random.below(bytes.length + 1)),
      ]);
  }
  return bytes;
}

const noise = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: random.below(most) }, () => random.below(256)));

/** As the network delivers: a few bytes at a time, or everything at once. */
function cut(bytes: Buffer, random: Random): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = random.below(3) === 0 ? 1 + random.below(6) : 1 + random.below(30_000);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
