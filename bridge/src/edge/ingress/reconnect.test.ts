import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { toEpochMs } from '../../model/brand.ts';
import { payloadOf } from '../../model/message.ts';
import { startBroker } from '../../testing/broker.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { until } from '../../testing/until.ts';
import { makeMemoryPacketIds } from './memoryPacketIds.ts';
import { makeMqttIngress } from './mqtt.ts';

const TOPIC = 'plant/p1/telemetry';

/** An ingress on a broker; messages are taken over when the test says so. */
async function setUp() {
  const broker = await startBroker();
  const options = {
    url: broker.url,
    protocolVersion: 4,
    clientId: 'bridge',
    sessionExpiryMs: 60_000,
    keepaliveMs: 30_000,
    maxPacketBytes: 1_000_000,
    filters: new Map<string, 0 | 1>([[TOPIC, 1]]),
  } as const;
  const ingress = makeMqttIngress([options], {
    packetIds: makeMemoryPacketIds(),
    clock: () => toEpochMs(Date.now()),
    logger: makeTestLogger(),
  });
  const seen: string[] = [];
  const holding = new Set<() => void>();
  let most = 0;
  let open = false;
  ingress.start(async (messages) => {
    seen.push(...messages.map((message) => payloadOf(message).toString()));
    if (open) return;
    await new Promise<void>((resolve) => {
      holding.add(resolve);
      most = Math.max(most, holding.size);
    });
  });
  await until('listening', () => ingress.status().listening);
  const release = (): void => {
    open = true;
    for (const resolve of holding) resolve();
  };
  return {
    broker,
    seen,
    ingress,
    /** The most batches that were in hand at once. */
    most: () => most,
    async cut(): Promise<void> {
      broker.cut();
      await until('the connection is lost', () => broker.aedes.connectedClients === 0);
      await until('there is another', () => broker.aedes.connectedClients === 1);
    },
    /** Takes over what is in hand, and from now on everything. */
    release,
    async [Symbol.asyncDispose]() {
      release();
      await ingress.stop();
      await broker[Symbol.asyncDispose]();
    },
  };
}

test('what is in hand when the connection is lost holds back what the next connection brings', async () => {
  await using box = await setUp();
  void box.broker.publish(TOPIC, 'a');
  await until('the first is in hand', () => box.seen.length === 1);
  for (const text of ['b', 'c']) void box.broker.publish(TOPIC, text);
  for (let times = 0; times < 3; times += 1) {
    await box.cut();
    await sleep(100);
  }
  assert.equal(box.most(), 1);
  box.release();
  await until('all are acknowledged', () => box.broker.acknowledged.length >= 3);
  const [inHand, ...then] = box.seen;
  assert.equal(inHand, 'a');
  // What waits of two connections, not of four: a disk that refuses must not fill memory.
  assert.ok(then.length <= 6, then.join());
  assert.deepEqual(then.slice(-3), ['a', 'b', 'c']);
});

test('nothing is acknowledged over another connection than the one it came over', async () => {
  await using box = await setUp();
  void box.broker.publish(TOPIC, 'a');
  await until('it is in hand', () => box.seen.length === 1);
  box.broker.cut();
  await until('the connection is lost', () => !box.ingress.status().listening);
  // A session that begins anew may give the id of the old message to another one.
  box.release();
  await until('it is acknowledged', () => box.broker.acknowledged.length > 0);
  assert.deepEqual(box.seen, ['a', 'a'], 'acknowledged only after it came again');
  await sleep(50);
  assert.equal(box.broker.acknowledged.length, 1);
});

test('what had arrived before the connection was lost is taken over, for the broker may not have it any more', async () => {
  await using box = await setUp();
  void box.broker.publish(TOPIC, 'a');
  await until('the first is in hand', () => box.seen.length === 1);
  for (const text of ['b', 'c']) void box.broker.publish(TOPIC, text);
  await sleep(50);
  box.broker.cut();
  await until('the connection is lost', () => !box.ingress.status().listening);
  box.release();
  await sleep(100);
  assert.deepEqual(box.seen, ['a', 'b', 'c']);
  assert.equal(box.broker.acknowledged.length, 0);
});
