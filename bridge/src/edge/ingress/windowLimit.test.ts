import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Packet } from 'mqtt-packet';
import { toEpochMs } from '../../model/brand.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { startRawBroker } from '../../testing/rawBroker.ts';
import { until } from '../../testing/until.ts';
import { makeMemoryPacketIds } from './memoryPacketIds.ts';
import { makeMqttIngress } from './mqtt.ts';

const TOPIC = 'plant/p1/telemetry';
const WINDOW = 20;

const publish = (sent: number): Packet => ({
  ...{ cmd: 'publish', topic: TOPIC, payload: Buffer.from('x'), qos: 1, dup: false, retain: false },
  messageId: (sent % 65_535) + 1,
});

/** @param takesMs until a message is safe */
function startIngress(url: string, takesMs: number) {
  const logger = makeTestLogger();
  const options = {
    url,
    protocolVersion: 5,
    clientId: 'bridge',
    sessionExpiryMs: 60_000,
    keepaliveMs: 30_000,
    maxPacketBytes: 1_000_000,
    filters: new Map([[TOPIC, 1]] as const),
  } as const;
  const parts = { packetIds: makeMemoryPacketIds(), clock: () => toEpochMs(Date.now()), logger };
  const ingress = makeMqttIngress([options], parts);
  ingress.start(() => sleep(takesMs));
  return { ingress, logger };
}

test('a broker that could send more than its window lets it is named, once, with the setting to raise', async () => {
  await using broker = await startRawBroker(5);
  const { ingress, logger } = startIngress(broker.url, 5);
  await broker.subscribed();
  const [connect] = broker.connects;
  assert.ok(connect?.cmd === 'connect');
  assert.equal(connect.properties?.receiveMaximum, 65_535);
  assert.equal(connect.properties.topicAliasMaximum, undefined);

  let sent = 0;
  const next = (): Packet => publish((sent += 1));
  broker.onReceived = () => broker.send(next());
  broker.send(...Array.from({ length: WINDOW }, next));
  const said = () => logger.lines.filter((line) => line.includes('unacknowledged at once'));
  await until('it is said', () => said().length > 0, 22_000);
  const { window } = ingress.status();
  await sleep(10_500);
  broker.onReceived = () => undefined;
  await ingress.stop();
  const [line = ''] = said();
  assert.match(
    line,
    /^warn the broker .* lets only 20 messages .*Mosquitto and VerneMQ: max_inflight_messages.*Receive Maximum 65535/,
  );
  assert.equal(window?.size, WINDOW);
  assert.ok(window.full >= 0.5, String(window.full));
  assert.equal(said().length, 1, 'once');
});

test('messages that come one by one all the time are no full window, although the broker was slow to let us in', async () => {
  await using broker = await startRawBroker(5);
  broker.connackAfterMs = 400;
  const { ingress, logger } = startIngress(broker.url, 10);
  await broker.subscribed();
  let sent = 0;
  const sending = setInterval(() => broker.send(publish((sent += 1))), 42);
  await sleep(11_000);
  clearInterval(sending);
  const { window } = ingress.status();
  await ingress.stop();
  assert.equal(window?.size, 1);
  assert.ok(window.full < 0.5, String(window.full));
  assert.deepEqual(
    logger.lines.filter((line) => line.includes('unacknowledged')),
    [],
  );
});
