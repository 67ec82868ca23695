import assert from 'node:assert/strict';
import { test } from 'node:test';

import mqttPacket from 'mqtt-packet';
import type { IPublishPacket, Packet } from 'mqtt-packet';

import { makeRandom } from '../../core/fixtures/random.ts';
import { makeFrameScanner, NO_LIMIT } from './frames.ts';
import type { FrameSink } from './frames.ts';
import {
  MalformedPacket,
  makePublishPlaces,
  readProperties,
  readPublish,
} from './publishPacket.ts';

type Version = 4 | 5;

/** Short enough to be shown when a test fails. */
const digest = (bytes: Buffer): string => `${bytes.length} ${bytes.at(0)} ${bytes.at(-1)}`;

/** What our reading makes of a stream: messages as plain values, the other packets as hex. */
function scan(
  chunks: readonly Buffer[],
  version: Version,
  describe: (packet: Buffer) => unknown = (packet) => scanByLibrary(packet, version)[0],
  limit = NO_LIMIT,
): unknown[] {
  const seen: unknown[] = [];
  const places = makePublishPlaces();
  const sink: FrameSink = {
    publish(bytes, start, body, end) {
      readPublish(bytes, start, body, end, version, places);
      const { topicStart, topicEnd, payloadStart, payloadEnd } = places;
      const { qos, packetId, retained, duplicate } = places;
      seen.push({
        topic: bytes.toString('utf8', topicStart, topicEnd),
        qos,
        packetId,
        retained,
        duplicate,
        properties: readProperties(bytes, places),
        payload: digest(bytes.subarray(payloadStart, payloadEnd)),
      });
    },
    oversized: (oversized, body, end, size) =>
      seen.push(`${size} bytes: ${digest(oversized.subarray(body, end))}`),
    control: (packet) => seen.push(describe(packet)),
  };
  const scanner = makeFrameScanner(sink, limit);
  for (const chunk of chunks) {
    if (!scanner.push(chunk)) seen.push('not MQTT');
  }
  return seen;
}

/** The same stream as the library reads it that we do not use for messages. */
function scanByLibrary(bytes: Buffer, version: Version): unknown[] {
  const seen: unknown[] = [];
  const parser = mqttPacket.parser({ protocolVersion: version });
  parser.on('packet', (packet: Packet) => {
    seen.push(packet.cmd === 'publish' ? readable(packet, version) : generate(packet, version));
  });
  parser.on('error', () => seen.push('refused'));
  parser.parse(bytes);
  return seen;
}

function generate(packet: Packet, version: Version): string {
  return mqttPacket.generate(packet, { protocolVersion: version }).toString('hex');
}

function readable(packet: IPublishPacket, version: Version): unknown {
  const { contentType, messageExpiryInterval, responseTopic, correlationData, userProperties } =
    packet.properties ?? {};
  const properties = {
    ...(contentType !== undefined && { contentType }),
    ...(messageExpiryInterval !== undefined && { expiresInSeconds: messageExpiryInterval }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData }),
    ...(userProperties !== undefined && {
      userProperties: Object.entries(userProperties).flatMap(([name, values]) =>
        [values].flat().map((value) => [name, value]),
      ),
    }),
  };
  return {
    topic: packet.topic,
    qos: packet.qos,
    packetId: packet.messageId ?? 0,
    retained: packet.retain,
    duplicate: packet.dup,
    properties:
      version === 5 && Object.keys(packet.properties ?? {}).length > 0 ? properties : undefined,
    payload: digest(Buffer.from(packet.payload)),
  };
}

function randomPacket(random: () => number, version: Version): Packet {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const qos = pick([0, 1, 2] as const);
  if (random() < 0.25) {
    const messageId = 1 + Math.floor(random() * 65_535);
    return pick<Packet>([
      { cmd: 'pingresp' },
      { cmd: 'pubrel', messageId },
      { cmd: 'puback', messageId },
      { cmd: 'suback', messageId, granted: [0, 1] },
    ]);
  }
  const properties = {
    ...(random() < 0.3 && { payloadFormatIndicator: random() < 0.5 }),
    ...(random() < 0.3 && { subscriptionIdentifier: 1 + Math.floor(random() * 268_435_455) }),
    ...(random() < 0.5 && { contentType: 'application/json' }),
    ...(random() < 0.5 && { messageExpiryInterval: Math.floor(random() * 2 ** 32) }),
    ...(random() < 0.3 && { responseTopic: 'antwort/ä' }),
    ...(random() < 0.3 && { correlationData: Buffer.from([0, 255, 1]) }),
    ...(random() < 0.5 && { userProperties: { unit: ['mm/s', 'µm'], site: 'Übersee' } }),
  };
  return {
    cmd: 'publish',
    topic: pick(['a', 'plant/pump/pump-001/telemetry', 'größe/度', 'x'.repeat(300)]),
    payload: Buffer.alloc(pick([0, 1, 90, 127, 128, 16_383, 20_000]), Math.floor(random() * 256)),
    qos,
    retain: random() < 0.2,
    dup: qos > 0 && random() < 0.2,
    ...(qos > 0 && { messageId: 1 + Math.floor(random() * 65_535) }),
    ...(version === 5 && Object.keys(properties).length > 0 && { properties }),
  };
}

for (const version of [4, 5] as const) {
  const name = version === 5 ? 'MQTT 5' : 'MQTT 3.1.1';

  test(`${name}: a stream says the same as to the library, however it is cut`, () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const source = makeRandom(seed);
      const random = (): number => source.next();
      const packets = Array.from({ length: 40 }, () => randomPacket(random, version));
      const bytes = Buffer.concat(
        packets.map((packet) => mqttPacket.generate(packet, { protocolVersion: version })),
      );
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length;) {
        const size = random() < 0.5 ? 1 + Math.floor(random() * 6) : Math.floor(random() * 40_000);
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const expected = scanByLibrary(bytes, version);
      assert.equal(expected.length, 40);
      assert.deepEqual(scan(chunks, version), expected, `seed ${seed}`);
    }
  });

  test(`${name}: packets of each QoS may be cut at every two bytes, and come byte by byte`, () => {
    const properties = {
      payloadFormatIndicator: true,
      messageExpiryInterval: 9,
      contentType: 'c',
      userProperties: { a: ['1', '2'] },
    };
    const packets: Packet[] = ([0, 1, 2] as const).map((qos) => ({
      cmd: 'publish',
      topic: 't/ä',
      payload: 'x'.repeat(qos === 2 ? 130 : 5),
      qos,
      ...(qos > 0 && { messageId: 300 + qos }),
      retain: false,
      dup: qos === 2,
      ...(version === 5 && { properties }),
    }));
    packets.splice(2, 0, { cmd: 'pubrel', messageId: 300 });
    packets.push({ cmd: 'pingresp' });
    const bytes = Buffer.concat(
      packets.map((packet) => mqttPacket.generate(packet, { protocolVersion: version })),
    );
    const whole = scanByLibrary(bytes, version);
    assert.equal(whole.length, 5);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      for (let next = cut; next <= bytes.length; next += 1) {
        const pieces = [bytes.subarray(0, cut), bytes.subarray(cut, next), bytes.subarray(next)];
        assert.deepEqual(scan(pieces, version), whole, `${cut}, ${next}`);
      }
    }
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    assert.deepEqual(scan(single, version), whole);
  });

  test(`${name}: whatever bytes come, they are read or refused in words`, () => {
    const source = makeRandom(version);
    const random = (): number => source.next();
    for (let round = 0; round < 5_000; round += 1) {
      const packet = mqttPacket.generate(randomPacket(random, version), {
        protocolVersion: version,
      });
      const bytes = Buffer.from(packet.subarray(0, 400));
      for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips -= 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      try {
        scan([bytes], version, ({ length }) => length);
      } catch (error) {
        assert.ok(error instanceof MalformedPacket, String(error));
      }
    }
  });
}

test('of a message larger than the limit the beginning is told once all has gone by, and the next ones are read, however it is cut', () => {
  const random = makeRandom(11);
  const publish = (letter: string, bytes: number): Buffer =>
    mqttPacket.generate({
      ...{ cmd: 'publish', topic: 't', qos: 1, messageId: 9, dup: false, retain: false },
      payload: letter.repeat(bytes),
    });
  const large = publish('b', 900);
  const edge = publish('c', 200 - (publish('', 0).length + 1));
  assert.equal(edge.length, 200, 'as large as the limit is not too large');
  const bytes = Buffer.concat([publish('a', 5), large, large, edge, publish('d', 5)]);
  const expected = scan([bytes], 4, undefined, 200);
  const cut = `${large.length} bytes: 197 0 98`;
  assert.deepEqual([expected[1], expected[2]], [cut, cut]);
  assert.equal(expected.length, 5);
  for (let round = 0; round < 300; round += 1) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const size = 1 + random.below(random.below(2) === 0 ? 5 : 1_200);
      chunks.push(bytes.subarray(at, at + size));
      at += size;
    }
    assert.deepEqual(scan(chunks, 4, undefined, 200), expected);
  }
  const early = bytes.subarray(0, publish('a', 5).length + large.length - 1);
  assert.equal(
    scan([early], 4, undefined, 200).length,
    1,
    'not before its end: it is acknowledged then',
  );
});

test('a packet of another kind that is larger than the limit is refused', () => {
  const suback = Buffer.concat([Buffer.from([0x90, 0xc8, 0x01]), Buffer.alloc(200)]);
  assert.throws(() => scan([suback], 4, undefined, 100), /type 9 with 203 bytes, 100 are taken/);
});

test('bytes that are not MQTT are refused once and for all', () => {
  const endless = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]);
  assert.deepEqual(scan([endless, Buffer.from([0xd0, 0])], 4), ['not MQTT', 'not MQTT']);
});

test('what a broker may not send is named', () => {
  const read = (hex: string): unknown => scan([Buffer.from(hex.replaceAll(' ', ''), 'hex')], 5);
  assert.throws(() => read('36 06 0001 61 0001 00'), /QoS 3/);
  assert.throws(() => read('32 06 0001 61 0000 00'), /packet id 0/);
  assert.throws(() => read('30 03 0000 00'), /without topic/);
  assert.throws(() => read('30 07 0001 61 03 230001'), /topic alias/);
  assert.throws(() => read('30 06 0001 61 02 2701'), /the property 39/);
  assert.throws(() => read('30 03 0005 61'), /longer than its packet/);
  assert.throws(() => read('32 04 0001 61 00'), /too early/);
});
