import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IPublishPacket } from 'mqtt-packet';
import { toEpochMs } from '../../model/brand.ts';
import { payloadOf, topicOf } from '../../model/message.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { startRawBroker } from '../../testing/rawBroker.ts';
import { until } from '../../testing/until.ts';
import { makeMemoryPacketIds } from './memoryPacketIds.ts';
import { makeMqttIngress } from './mqtt.ts';

const TOPIC = 'plant/p1/telemetry';

/** A bridge on a broker in the hands of the test; it takes everything over after `delayMs`. */
async function setUp(protocolVersion: 4 | 5, delayMs = 0) {
  const broker = await startRawBroker(protocolVersion);
  const logger = makeTestLogger();
  const options = {
    url: broker.url,
    protocolVersion,
    clientId: 'bridge',
    sessionExpiryMs: 90_500,
    keepaliveMs: 30_000,
    maxPacketBytes: 1_000_000,
    filters: new Map([
      [TOPIC, 1],
      ['exact/+', 2],
    ] as const),
  };
  const parts = { packetIds: makeMemoryPacketIds(), clock: () => toEpochMs(Date.now()), logger };
  const ingress = makeMqttIngress([options], parts);
  const taken: string[] = [];
  ingress.start(async (messages) => {
    await sleep(delayMs);
    for (const message of messages)
      taken.push(`${topicOf(message)} ${payloadOf(message).toString()}`);
  });
  await until('listening', () => ingress.status().listening);
  return {
    broker,
    logger,
    ingress,
    taken,
    async [Symbol.asyncDispose]() {
      await ingress.stop();
      await broker[Symbol.asyncDispose]();
    },
  };
}

const publish = (changes: Partial<IPublishPacket>): IPublishPacket => ({
  cmd: 'publish',
  topic: TOPIC,
  payload: Buffer.from('a'),
  qos: 1,
  messageId: 7,
  dup: false,
  retain: false,
  ...changes,
});

test('MQTT 5: a session that stays, all packet ids, no topic alias, retained messages for new subscriptions only', async () => {
  await using box = await setUp(5);
  const [connect] = box.broker.connects;
  assert.ok(connect?.cmd === 'connect');
  assert.equal(connect.clean, false);
  assert.equal(connect.properties?.sessionExpiryInterval, 91, 'seconds, rounded up');
  assert.equal(connect.properties.receiveMaximum, 65_535);
  assert.equal(connect.properties.topicAliasMaximum, undefined);
  const asked = box.broker.subscribes.flatMap((packet) =>
    packet.cmd === 'subscribe' ? packet.subscriptions : [],
  );
  assert.deepEqual(
    asked.map(({ topic, qos, rh }) => ({ topic, qos, rh })),
    [
      { topic: TOPIC, qos: 1, rh: 1 },
      { topic: 'exact/+', qos: 2, rh: 1 },
    ],
  );
});

test('MQTT 3.1.1: a session that stays', async () => {
  await using box = await setUp(4);
  const [connect] = box.broker.connects;
  assert.ok(connect?.cmd === 'connect');
  assert.equal(connect.clean, false);
  assert.equal(connect.protocolVersion, 4);
});

for (const version of [4, 5] as const) {
  test(`MQTT ${version === 4 ? '3.1.1' : '5'}: what is retained or sent again is taken like any other message`, async () => {
    await using box = await setUp(version);
    box.broker.send(
      publish({ retain: true, messageId: 1, payload: Buffer.from('retained') }),
      publish({ dup: true, messageId: 2, payload: Buffer.from('again') }),
      publish({ qos: 0, payload: Buffer.from('unacknowledged') }),
    );
    await until('all are taken', () => box.taken.length === 3);
    assert.deepEqual(
      box.taken,
      ['retained', 'again', 'unacknowledged'].map((text) => `${TOPIC} ${text}`),
    );
    await until('two are acknowledged', () => box.broker.received.length === 2);
    assert.deepEqual(box.broker.received.toSorted(), ['puback 1', 'puback 2']);
  });
}

for (const version of [4, 5] as const) {
  test(`MQTT ${version === 4 ? '3.1.1' : '5'}: of a message that is too large the beginning is taken over, it is acknowledged and told, and the next ones come`, async () => {
    await using box = await setUp(version);
    box.broker.send(
      publish({ messageId: 1, payload: Buffer.alloc(5_000_000, 'x') }),
      publish({ messageId: 2, payload: Buffer.from('small') }),
      publish({ messageId: 3, payload: Buffer.alloc(1_000_000, 'y') }),
    );
    await until('all are acknowledged', () => box.broker.received.length === 3);
    assert.deepEqual(box.broker.received, ['puback 1', 'puback 2', 'puback 3']);
    const lengths = box.taken.map((text) => text.length - TOPIC.length - 1);
    assert.equal(lengths[1], 5);
    for (const index of [0, 2]) assert.ok((lengths[index] ?? 0) > 999_900);
    for (const length of lengths) assert.ok(length < 1_000_000);
    assert.equal(box.ingress.status().oversized, 2);
    const told = box.logger.lines.filter((line) =>
      line.includes('mqtt.maxPacketSize allows 1000000'),
    );
    assert.equal(told.length, 1, box.logger.lines.join());
  });
}

test('MQTT 5: properties of a message are read past: the payload alone is judged', async () => {
  await using box = await setUp(5);
  box.broker.send(
    publish({
      properties: {
        payloadFormatIndicator: true,
        contentType: 'text/plain',
        responseTopic: 'answers',
        correlationData: Buffer.from([1, 2]),
        subscriptionIdentifier: 1,
        userProperties: { site: ['a', 'b'] },
      },
    }),
  );
  await until('it is taken', () => box.taken.length === 1);
  assert.deepEqual(box.taken, [`${TOPIC} a`]);
});

test('MQTT 5: a message whose expiry passes while it waits here is taken: it has reached us', async () => {
  await using box = await setUp(5, 1_500);
  box.broker.send(publish({ properties: { messageExpiryInterval: 1 } }));
  await until('it is acknowledged', () => box.broker.received.length === 1);
  assert.deepEqual(box.taken, [`${TOPIC} a`]);
});

test('MQTT 5: a topic alias, which was not offered, ends the connection with a line that says so', async () => {
  await using box = await setUp(5);
  box.broker.send(publish({ properties: { topicAlias: 3 } }));
  await until('it is said', () => box.logger.lines.some((line) => line.includes('topic alias')));
  assert.deepEqual(box.taken, []);
  await until('it is connected again', () => box.broker.connects.length === 2);
});

test('closing the connection from the broker closes the socket, and nothing is acknowledged any more', async () => {
  await using box = await setUp(5, 300);
  box.broker.send(publish({}));
  await sleep(100);
  const socket = box.broker.socket();
  socket.destroy();
  await until('the message is taken', () => box.taken.length === 1);
  await sleep(50);
  assert.deepEqual(box.broker.received, []);
  assert.ok(socket.destroyed);
});
