import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { toEpochMs } from '../../model/brand.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { startRawBroker } from '../../testing/rawBroker.ts';
import { until } from '../../testing/until.ts';
import { makeMemoryPacketIds } from './memoryPacketIds.ts';
import { makeMqttIngress } from './mqtt.ts';

const TOPIC = 'plant/p1/telemetry';
const SENT = 400_000;
/** What may wait, and a read of the socket beyond it. */
const MOST = 100_000 + 5_000;
const KEEPALIVE_MS = 5_000;

test('a flood of QoS 0 that nobody takes over is first left to the broker, then dropped and counted; pings are answered all the time', async () => {
  await using broker = await startRawBroker(4);
  const logger = makeTestLogger();
  const options = {
    url: broker.url,
    protocolVersion: 4,
    clientId: 'bridge',
    sessionExpiryMs: 60_000,
    keepaliveMs: KEEPALIVE_MS,
    maxPacketBytes: 1_000_000,
    filters: new Map([[TOPIC, 0]] as const),
  } as const;
  const parts = { packetIds: makeMemoryPacketIds(), clock: () => toEpochMs(Date.now()), logger };
  const ingress = makeMqttIngress([options], parts);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let taken = 0;
  ingress.start(async (messages) => {
    await released;
    taken += messages.length;
  });
  await broker.subscribed();

  const frame = mqttPacket.generate({
    cmd: 'publish',
    topic: TOPIC,
    payload: Buffer.alloc(20),
    qos: 0,
    dup: false,
    retain: false,
  });
  const thousand = Buffer.concat(Array.from({ length: 1_000 }, () => frame));
  for (let sent = 0; sent < SENT; sent += 1_000) broker.sendBytes(thousand);
  await sleep(KEEPALIVE_MS / 5);
  assert.ok(broker.socket().writableLength > 0, 'the socket is not read');
  assert.equal(ingress.status().dropped, 0);

  await until('all is read', () => broker.socket().writableLength === 0);
  await until('messages are dropped', () => ingress.status().dropped !== 0);
  // Two pings and their answers.
  await sleep(2.5 * KEEPALIVE_MS);
  assert.deepEqual(
    logger.lines.map((line) => line.slice(0, 36)),
    ['warn messages of QoS 0 from mqtt://1'],
  );
  assert.equal(broker.connects.length, 1, 'the connection has lived on');

  release();
  await until('what had room is taken', () => taken + (ingress.status().dropped ?? 0) === SENT);
  assert.ok(taken <= MOST, String(taken));
  const before = taken;
  broker.sendBytes(thousand);
  await until('messages are taken again', () => taken === before + 1_000);
  await until('the end of the loss is told', () => logger.lines.length === 2, 25_000);
  assert.equal(
    logger.lines[1],
    `info messages of QoS 0 are taken again; ${SENT - before} were dropped`,
  );
  await ingress.stop();
});
