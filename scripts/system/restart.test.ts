import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { test } from 'node:test';

import { startBroker } from './broker.ts';
import { connectFeed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld } from './world.ts';

const MINUTE = 60_000;
const devices = Array.from({ length: 8 }, (_, index) => ({
  key: `pump-${String(index + 1).padStart(3, '0')}`,
  type: 'pump',
}));

test('the org killed in the middle of a run loses nothing and opens no Case twice', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  let org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, devices);
  const config = world.bridgeConfig(broker.url, org.state);
  await world.startBridge(await world.withPolicies(config, ['pump-vibration-high']));
  await using feed = await connectFeed(broker.url);

  const start = Date.now() - 10 * MINUTE;
  for (const [index, { key }] of devices.entries()) {
    await feed.bearingWear(key, start, 6);
    // Killed while events are published, ingested and routed, not between them.
    if (index === 3 || index === 6) {
      org.kill('SIGKILL');
      await org.ended;
      org = await world.startOrg();
    }
    await feed.health(key, start + 6_000, 12);
  }
  const again = await world.admin(org.state);
  await waitFor(
    'every episode has its Opened, Updated (or not) and Cleared routed',
    async () => {
      const cleared = `SELECT COUNT() FROM Asset_Signal__c WHERE Phase__c = 'Cleared' AND Disposition__c = 'Acted'`;
      return (await again.count(cleared)) === devices.length ? true : undefined;
    },
    90_000,
    500,
  );
  assert.equal(await again.count('SELECT COUNT() FROM Case'), devices.length);
  assert.equal(
    await again.count("SELECT COUNT() FROM Asset_Signal__c WHERE Disposition__c = 'Received'"),
    0,
  );
});

test('the bridge killed in the middle of a run keeps every acknowledged reading and repeats its keys', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, devices);
  // Without the silence policy: these devices say nothing once their story is told.
  const config = await world.withPolicies(world.bridgeConfig(broker.url, org.state), [
    'pump-vibration-high',
  ]);
  let bridge = await world.startBridge(config);
  await using feed = await connectFeed(broker.url);
  const isReady = async () => (await fetch(`${bridge.httpUrl}/readyz`)).ok || undefined;
  await waitFor('the bridge is ready', isReady, 20_000);

  const start = Date.now() - 10 * MINUTE;
  let sent = 0;
  for (const [index, { key }] of devices.entries()) {
    await feed.bearingWear(key, start, 6);
    if (index % 3 === 1) {
      bridge.kill('SIGKILL');
      await bridge.ended;
      bridge = await world.startBridge(config);
    }
    await feed.health(key, start + 6_000, 12);
    sent += 5 + 6 + 12;
  }
  await waitFor(
    'every episode is cleared in the org',
    async () => {
      const cleared = `SELECT COUNT() FROM Asset_Signal__c WHERE Phase__c = 'Cleared' AND Disposition__c = 'Acted'`;
      return (await admin.count(cleared)) === devices.length ? true : undefined;
    },
    90_000,
    500,
  );
  assert.equal(await admin.count('SELECT COUNT() FROM Case'), devices.length);
  const file = new DatabaseSync(join(world.folder, 'bridge/bridge.sqlite'), { readOnly: true });
  const logged = file.prepare('SELECT COUNT(DISTINCT topic || payload) AS n FROM log').get();
  file.close();
  assert.equal(logged?.['n'], sent, 'each reading is in the log');
});
