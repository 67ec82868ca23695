import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connectAsync } from 'mqtt';

import { startFakeBroker } from './fakeBroker.ts';

for (const protocolVersion of [4, 5] as const) {
  for (const qos of [0, 1] as const) {
    test(`a client of MQTT ${protocolVersion} gets every message of QoS ${qos}, in order and acknowledged`, async () => {
      await using broker = await startFakeBroker({
        port: 0,
        rate: 5_000,
        devices: 10,
        signals: 0.1,
        window: 100,
      });
      const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion });
      const sequences: number[] = [];
      const enough = new Promise<void>((resolve) => {
        client.on('message', (_topic, payload) => {
          sequences.push((JSON.parse(payload.toString()) as { seq: number }).seq);
          if (sequences.length === 1_000) resolve();
        });
      });
      await client.subscribeAsync('plant/+/+/telemetry', { qos });
      await enough;
      const feed = broker.feed();
      feed?.setRate(0);
      // What is on the way arrives and is acknowledged.
      while (feed?.counts().acknowledged !== feed?.counts().sent) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await client.endAsync();
      assert.equal(sequences.length, feed?.counts().sent);
      assert.ok(sequences.every((sequence, index) => sequence === 1_000_000_000 + index));
      assert.equal(feed?.counts().strayAcks, 0);
    });
  }
}

test('no more messages are on the way than the client can receive', async () => {
  await using broker = await startFakeBroker({
    port: 0,
    rate: Number.POSITIVE_INFINITY,
    devices: 10,
    signals: 0,
    window: 100,
  });
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    protocolVersion: 5,
    properties: { receiveMaximum: 20 },
    customHandleAcks: () => undefined,
  });
  await client.subscribeAsync('#', { qos: 1 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(broker.feed()?.counts().sent, 20);
  client.end(true);
});
