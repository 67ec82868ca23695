import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { readBridgeState } from '../verify/bridgeState.ts';
import { startBroker } from './broker.ts';
import { startNode } from './child.ts';
import { connectFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

const MINUTE = 60_000;
const bridgeMain = join(import.meta.dirname, '../../bridge/src/main.ts');
const devices = Array.from({ length: 12 }, (_, index) => ({
  key: `pump-${String(index + 1).padStart(3, '0')}`,
  type: 'pump',
}));

/** The value of a metric, summed over its labels; 0 while there is none. */
async function metric(httpUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** An hour and a half of trouble that is said five times and gets worse, then health: six signals. */
async function longStory(feed: Feed, device: string, start: number): Promise<void> {
  await feed.bearingWear(device, start, 6);
  const levels = [8.5, 8.5, 12, 12];
  for (const [index, vibration] of levels.entries()) {
    const ts = new Date(start + (index + 1) * 16 * MINUTE).toISOString();
    const payload = JSON.stringify({ ts, metrics: { vibration } });
    await feed.send(`plant/pump/${device}/telemetry`, payload);
  }
  await feed.health(device, start + 80 * MINUTE, 12);
}

test('an org killed while it is published to, killed before its receipts, and away for a while loses nothing and is told each thing once', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  let org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, devices);
  const config = await world.withPolicies(world.bridgeConfig(broker.url, org.state), [
    'pump-vibration-high',
  ]);
  const bridge = await world.startBridge(config);
  await untilReady(bridge);
  await using feed = await connectFeed(broker.url);
  const start = Date.now() - 4 * 60 * MINUTE;
  const [first, second, third] = [0, 4, 8].map((from) => devices.slice(from, from + 4));

  // Killed once the bus has taken events, before anybody has asked what became of them.
  for (const { key } of first ?? []) await feed.bearingWear(key, start, 6);
  const published = 'asset_signals_published_total';
  await waitFor(
    'something is published',
    async () => (await metric(bridge.httpUrl, published)) > 0 || undefined,
    20_000,
    5,
  );
  org.kill('SIGKILL');
  await org.ended;
  org = await world.startOrg();
  await untilReady(bridge);

  // Killed while events are on their way to it.
  for (const { key } of second ?? []) await feed.bearingWear(key, start, 6);
  await waitFor(
    'something is recorded',
    async () => (await metric(bridge.httpUrl, 'asset_signals_signals_total')) > 4 || undefined,
    20_000,
    5,
  );
  org.kill('SIGKILL');
  await org.ended;

  // Away: whole stories happen meanwhile.
  for (const { key } of third ?? []) await longStory(feed, key, start);
  await waitFor(
    'the breaker is open',
    async () => (await metric(bridge.httpUrl, 'asset_signals_publish_breaker')) === 2 || undefined,
    30_000,
  );
  const ready = await (await fetch(`${bridge.httpUrl}/readyz`)).text();
  assert.match(ready, /Publishing pauses after \d+ failures in a row/);
  org = await world.startOrg();
  for (const { key } of [...(first ?? []), ...(second ?? [])]) {
    await feed.health(key, start + 6_000, 12);
  }

  const again = await world.admin(org.state);
  const signals = (where: string): Promise<number> =>
    again.count(`SELECT COUNT() FROM Asset_Signal__c WHERE ${where}`);
  await waitFor(
    'every episode is cleared in the org',
    async () => {
      const cleared = await signals("Phase__c = 'Cleared' AND Disposition__c = 'Acted'");
      return cleared === devices.length || undefined;
    },
    120_000,
    500,
  );
  assert.equal(await again.count('SELECT COUNT() FROM Case'), devices.length);
  assert.equal(await signals("Disposition__c IN ('Received', 'Suppressed', 'Failed')"), 0);
  assert.equal(
    await signals("Phase__c = 'Updated' AND Severity__c = 'Critical'"),
    4,
    'of each long story the worst is told, once',
  );
  assert.equal(await signals("Phase__c = 'Updated'"), 4);
  await waitFor(
    'the bridge knows the end of everything',
    async () =>
      (await metric(bridge.httpUrl, 'asset_signals_outbox_unreceipted')) === 0 || undefined,
    20_000,
  );
  const { outbox } = readBridgeState(join(world.folder, 'bridge/bridge.sqlite'));
  const states = outbox.map(({ state }) => state);
  assert.equal(states.filter((state) => state === 'coalesced').length, 12);
  assert.equal(states.filter((state) => state === 'published').length, 28);
  assert.equal(outbox.length, 40);

  await using letters = startNode([
    bridgeMain,
    'dead-letters',
    'list',
    '--config',
    join(world.folder, 'bridge.yaml'),
  ]);
  assert.equal(await letters.ended, 0);
  assert.match(letters.output(), /There are no dead letters\./);
});
