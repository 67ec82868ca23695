import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import mqtt from 'mqtt';

import { makeLoneBridge, untilListening } from './bridgeAlone.ts';
import { makeFolder } from './folder.ts';
import { startMosquitto } from './mosquitto.ts';
import { waitFor } from './wait.ts';

const KILLS = 10;
/** Messages of a burst, and the pause behind it: some are on their way, in every state, whenever the bridge is killed. */
const BURST = 15;
const PAUSE_MS = 50;
/** Every so many is no reading and belongs into the quarantine. */
const BAD = 25;

const payloadOf = (number: number): string =>
  number % BAD === 0 ? `${number} is no reading` : JSON.stringify({ number, metrics: { a: 1 } });
const numberIn = (payload: Uint8Array | string): number =>
  Number(/\d+/.exec(Buffer.from(payload).toString())?.[0]);

/** What does not stand there exactly once. */
function notOnce(numbers: readonly number[], sent: number): string[] {
  const counts = Array.from({ length: sent }, () => 0);
  for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1;
  return [...counts.entries()].flatMap(([number, count]) =>
    count === 1 ? [] : [`${number}: ${count} times`],
  );
}

for (const { protocolVersion, name, window } of [
  { protocolVersion: 4, name: '3.1.1', window: 20 },
  { protocolVersion: 5, name: '5', window: 200 },
] as const) {
  test(`MQTT ${name}, QoS 2: killed ${KILLS} times at random, the bridge has every message exactly once`, async () => {
    await using folder = await makeFolder('mosquitto');
    const settings = [`max_inflight_messages ${window}`];
    await using broker = await startMosquitto(folder.path, { tls: false, settings });
    const { user: username, password } = broker;
    const login = { url: broker.url, protocolVersion, clientId: 'bridge', username };
    await using alone = await makeLoneBridge({ ...login, password: '${PASSWORD}' }, [
      { name: 'all', topic: 'plant/{device}', qos: 2, metrics: { path: 'metrics' } },
    ]);
    const start = () => alone.start({ PASSWORD: password });
    let bridge = await start();
    await untilListening(bridge);

    const devices = await mqtt.connectAsync(broker.url, { username, password });
    let sending = true;
    let sent = 0;
    const sender = (async () => {
      while (sending) {
        const burst = Array.from({ length: BURST }, (_, index) => sent + index);
        sent += BURST;
        await Promise.all(
          burst.map((number) =>
            devices.publishAsync(`plant/d${number % 7}`, payloadOf(number), { qos: 2 }),
          ),
        );
        await sleep(PAUSE_MS);
      }
    })();
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        await sleep(100 + Math.random() * 900);
        bridge.kill('SIGKILL');
        await bridge.ended;
        bridge = await start();
      }
    } finally {
      sending = false;
      await sender;
      await devices.endAsync();
    }

    const logged = () => alone.logged().map(({ payload }) => numberIn(payload));
    const quarantined = () => alone.quarantined().map(numberIn);
    await waitFor(
      `${sent} messages`,
      () => logged().length + quarantined().length >= sent || undefined,
      60_000,
    );
    // What would come twice comes with the next turns of the handshake.
    await sleep(1_000);
    assert.deepEqual(notOnce([...logged(), ...quarantined()], sent), []);
    assert.equal(quarantined().length, Math.ceil(sent / BAD));
  });
}
