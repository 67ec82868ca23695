import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import mqtt from 'mqtt';

import { makeLoneBridge, readMetric, untilListening } from './bridgeAlone.ts';
import { makeFolder } from './folder.ts';
import { startMosquitto } from './mosquitto.ts';
import type { Mosquitto } from './mosquitto.ts';
import { waitFor } from './wait.ts';

const COUNT = 100;

/** Sends COUNT messages, numbered from `first` on. */
async function send(broker: Mosquitto, topic: string, qos: 1 | 2, first = 0): Promise<void> {
  const { user: username, password } = broker;
  const devices = await mqtt.connectAsync(broker.url, { username, password });
  for (let index = first; index < first + COUNT; index += 1)
    await devices.publishAsync(topic, JSON.stringify({ m: { a: index } }), { qos });
  await devices.endAsync();
}

test('three connections to two brokers, of both versions and with logins of their own, bring everything; a broker that is gone is named', async () => {
  await using folder = await makeFolder('mosquitto');
  await using plant = await startMosquitto(join(folder.path, 'plant'), { tls: false });
  await using lab = await startMosquitto(join(folder.path, 'lab'), { tls: false });
  const section = {
    url: plant.url,
    clientId: 'bridge',
    username: plant.user,
    password: '${PLANT_PASSWORD}',
    connections: [
      { name: 'line-2' },
      {
        name: 'lab',
        url: lab.url,
        protocolVersion: 4,
        username: lab.user,
        password: '${LAB_PASSWORD}',
      },
    ],
  };
  const metrics = { path: 'm' };
  await using alone = await makeLoneBridge(section, [
    { name: 'one', topic: 'line-1/{device}', metrics },
    { name: 'two', topic: 'line-2/{device}', connection: 'line-2', qos: 2, metrics },
    { name: 'lab', topic: 'lab/{device}', connection: 'lab', metrics },
  ]);
  const bridge = await alone.start({ PLANT_PASSWORD: plant.password, LAB_PASSWORD: lab.password });
  await untilListening(bridge);

  const payloads = (topic: string): readonly string[] =>
    alone
      .logged()
      .filter((message) => message.topic === topic)
      .map(({ payload }) => Buffer.from(payload).toString());
  const logged = (topic: string): number => new Set(payloads(topic)).size;
  const untilLogged = (topic: string, count: number) =>
    waitFor(`${count} of ${topic}`, () => logged(topic) >= count || undefined, 20_000);
  await Promise.all([
    send(plant, 'line-1/a', 1),
    send(plant, 'line-2/a', 2),
    send(lab, 'lab/a', 1),
  ]);
  for (const topic of ['line-1/a', 'line-2/a', 'lab/a']) await untilLogged(topic, COUNT);

  lab.process().kill('SIGKILL');
  await lab.process().ended;
  await waitFor(
    'not listening',
    async () =>
      (await readMetric(bridge.httpUrl, 'asset_signals_ingress_listening')) === 0 || undefined,
    10_000,
  );
  const readiness = await (await fetch(`${bridge.httpUrl}/readyz`)).text();
  assert.ok(readiness.includes(lab.url), readiness);
  assert.ok(!readiness.includes(plant.url), readiness);
  await send(plant, 'line-1/a', 1, COUNT);
  await untilLogged('line-1/a', 2 * COUNT);

  await lab.restart('SIGTERM');
  await untilListening(bridge);
  await send(lab, 'lab/a', 1, COUNT);
  await untilLogged('lab/a', 2 * COUNT);
  assert.deepEqual(['line-1/a', 'line-2/a', 'lab/a'].map(logged), [2 * COUNT, COUNT, 2 * COUNT]);
  // What a broker has not written down when it is killed, acknowledgements too, never was for it: QoS 1 comes again.
  const after = payloads('lab/a').filter((text) => Number(/\d+/.exec(text)?.[0]) >= COUNT);
  const exact = [payloads('line-1/a'), payloads('line-2/a'), after].map(({ length }) => length);
  assert.deepEqual(exact, [2 * COUNT, COUNT, COUNT]);
});
