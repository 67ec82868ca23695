import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Packet } from 'mqtt-packet';
import { toEpochMs } from '../../model/brand.ts';
import { payloadOf } from '../../model/message.ts';
import { err } from '../../model/result.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { startRawBroker } from '../../testing/rawBroker.ts';
import { until } from '../../testing/until.ts';
import { makeMemoryPacketIds } from './memoryPacketIds.ts';
import { makeMqttIngress } from './mqtt.ts';

const TOPIC = 'plant/p1/telemetry';

const publish = (messageId: number, payload: string, dup = false): Packet => ({
  cmd: 'publish',
  topic: TOPIC,
  payload: Buffer.from(payload),
  qos: 2,
  messageId,
  dup,
  retain: false,
});
const pubrel = (messageId: number): Packet => ({ cmd: 'pubrel', messageId });

/** A broker in the hands of the test, and bridges on one data folder in memory, one after the other. */
async function setUp(protocolVersion: 4 | 5 = 5) {
  const broker = await startRawBroker(protocolVersion);
  const packetIds = makeMemoryPacketIds();
  const logger = makeTestLogger();
  const taken: string[] = [];
  let hold: Promise<void> | undefined;
  function start() {
    const options = {
      url: broker.url,
      protocolVersion,
      clientId: 'bridge',
      sessionExpiryMs: 60_000,
      keepaliveMs: 30_000,
      maxPacketBytes: 1_000_000,
      filters: new Map([[TOPIC, 2]] as const),
    };
    const parts = { packetIds, clock: () => toEpochMs(Date.now()), logger };
    const ingress = makeMqttIngress([options], parts);
    ingress.start(async (messages) => {
      await hold;
      packetIds.take(messages.flatMap(({ once }) => once ?? []));
      taken.push(...messages.map((message) => payloadOf(message).toString()));
    });
    return ingress;
  }
  const ingress = start();
  await broker.subscribed();
  return {
    broker,
    packetIds,
    logger,
    taken,
    ingress,
    start,
    /** Keeps batches from being taken over until the answer is called. */
    hold(): (failure?: Error) => void {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      hold = promise;
      return (failure) => {
        hold = undefined;
        if (failure === undefined) resolve();
        else reject(failure);
      };
    },
    async received(...packets: string[]) {
      await until(`the broker gets ${packets.join()}`, () => {
        return broker.received.length >= packets.length;
      });
      await sleep(20);
      assert.deepEqual(broker.received.splice(0), packets);
    },
    async [Symbol.asyncDispose]() {
      await ingress.stop();
      await broker[Symbol.asyncDispose]();
    },
  };
}

for (const version of [4, 5] as const) {
  const name = version === 5 ? 'MQTT 5' : 'MQTT 3.1.1';

  test(`${name}: a message of QoS 2 is taken once however often it is sent`, async () => {
    await using box = await setUp(version);
    const { broker } = box;
    const release = box.hold();
    broker.send(publish(7, 'a'), publish(7, 'a', true));
    await sleep(50);
    assert.deepEqual(broker.received, [], 'no PUBREC before it is safe');
    release();
    await box.received('pubrec 7');
    broker.send(publish(7, 'a', true));
    await box.received('pubrec 7');
    broker.send(pubrel(7));
    await box.received('pubcomp 7');
    assert.deepEqual(box.packetIds.open('bridge').packetIds, []);
    broker.send(publish(7, 'b'));
    await box.received('pubrec 7');
    assert.deepEqual(box.taken, ['a', 'b']);
  });

  test(`${name}: a PUBREL for an id nobody knows is completed`, async () => {
    await using box = await setUp(version);
    box.broker.send(publish(1, 'a'));
    await box.received('pubrec 1');
    box.broker.send(pubrel(9), pubrel(1));
    await box.received('pubcomp 1', version === 5 ? 'pubcomp 9 reason 146' : 'pubcomp 9');
  });
}

test('an id that a broker gives away while it is in use costs no message', async () => {
  await using box = await setUp();
  const { broker } = box;
  broker.send(publish(1, 'a'), publish(1, 'b'));
  await box.received('pubrec 1', 'pubrec 1');
  broker.send(publish(1, 'c'));
  await box.received('pubrec 1');
  assert.deepEqual(box.taken, ['a', 'b', 'c']);
  assert.equal(box.logger.lines.filter((line) => line.includes('still in use')).length, 1);
  broker.send(pubrel(1));
  await box.received('pubcomp 1');
  broker.send(pubrel(1));
  await box.received('pubcomp 1 reason 146');
});

test('the next bridge knows what the one before has taken and not heard released', async () => {
  await using box = await setUp();
  const { broker } = box;
  broker.send(publish(1, 'a'), publish(2, 'b'));
  await box.received('pubrec 1', 'pubrec 2');
  await box.ingress.stop();
  broker.received.length = 0;
  const next = box.start();
  await broker.subscribed();
  broker.send(publish(1, 'a', true), pubrel(2), publish(3, 'c'));
  await until('all is answered', () => broker.received.length === 3);
  assert.deepEqual(broker.received.toSorted(), ['pubcomp 2', 'pubrec 1', 'pubrec 3']);
  assert.deepEqual(box.taken, ['a', 'b', 'c']);
  await next.stop();
});

test('what waits when the connection is lost is taken once, and received again before it is answered', async () => {
  await using box = await setUp();
  const { broker } = box;
  const release = box.hold();
  broker.send(publish(1, 'a'));
  await sleep(30);
  broker.send(publish(2, 'b'));
  await sleep(30);
  broker.cut();
  await broker.subscribed();
  broker.send(publish(1, 'a', true), publish(2, 'b', true));
  await sleep(50);
  assert.deepEqual(broker.received, []);
  release();
  await box.received('pubrec 1', 'pubrec 2');
  assert.deepEqual(box.taken, ['a', 'b']);
});

test('a broker that has no session of ours any more gives ids to other messages', async () => {
  await using box = await setUp();
  const { broker } = box;
  broker.send(publish(1, 'a'));
  await box.received('pubrec 1');
  const release = box.hold();
  broker.send(publish(2, 'b'));
  await sleep(30);
  broker.sessionPresent = false;
  broker.cut();
  await broker.subscribed();
  broker.send(publish(1, 'c'), publish(2, 'd'));
  await sleep(50);
  release();
  await box.received('pubrec 1', 'pubrec 2');
  assert.deepEqual(box.taken, ['a', 'b', 'c', 'd']);
  assert.equal(box.packetIds.open('bridge').generation, 1);
  assert.deepEqual(box.packetIds.open('bridge').packetIds, [1, 2]);
});

test('what is not taken over is not received: it comes again with the next connection', async () => {
  await using box = await setUp();
  const { broker } = box;
  const release = box.hold();
  broker.send(publish(1, 'a'));
  await sleep(30);
  broker.cut();
  await broker.subscribed();
  release(new Error('not now'));
  await broker.subscribed();
  assert.deepEqual(broker.received, []);
  broker.send(publish(1, 'a', true));
  await box.received('pubrec 1');
  assert.deepEqual(box.taken, ['a']);
});

test('while the disk refuses, nothing is completed and nothing forgotten', async () => {
  await using box = await setUp();
  const { broker, packetIds } = box;
  broker.send(publish(1, 'a'));
  await box.received('pubrec 1');
  const forget = packetIds.forget.bind(packetIds);
  packetIds.forget = () => err({ kind: 'full', reason: 'no space left' });
  broker.send(pubrel(1));
  await until('it is said', () => box.logger.lines.includes('error no space left'));
  assert.deepEqual(broker.received, []);
  packetIds.forget = forget;
  await box.received('pubcomp 1');
  assert.equal(box.logger.lines.filter((line) => line.includes('no space')).length, 1);
});

test('a session that cannot be renewed on disk is not read from', async () => {
  await using box = await setUp();
  const { broker, packetIds } = box;
  broker.send(publish(1, 'a'));
  await box.received('pubrec 1');
  const renew = packetIds.renew.bind(packetIds);
  packetIds.renew = () => err({ kind: 'full', reason: 'no space left' });
  broker.sessionPresent = false;
  broker.cut();
  await until('it is said', () => box.logger.lines.some((line) => line.includes('no space left')));
  assert.equal(box.ingress.status().listening, false);
  packetIds.renew = renew;
  // The broker has a session again by now, but not the one whose ids we know.
  broker.sessionPresent = true;
  await broker.subscribed();
  broker.send(publish(1, 'b'));
  await box.received('pubrec 1');
  assert.deepEqual(box.taken, ['a', 'b']);
});
