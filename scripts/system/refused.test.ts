import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { test } from 'node:test';

import { startBroker } from './broker.ts';
import { connectPublisher } from './eventPublisher.ts';
import { connectFeed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

const MINUTE = 60_000;
const devices = Array.from({ length: 12 }, (_, index) => ({
  key: `pump-${String(index + 1).padStart(3, '0')}`,
  type: 'pump',
}));
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An event of a publisher nobody knows, for a device nobody knows. */
const strange = (name: string) => ({
  Event_Key__c: sha(`event ${name}`),
  Episode_Key__c: sha(`episode ${name}`),
  Phase__c: 'Opened',
  Schema_Version__c: 1,
  Signal_Type__c: 'fault.vibration-high',
  Severity__c: 'High',
  Confidence__c: 0.9,
  Device_Key__c: 'not-of-this-plant',
  Occurred_At__c: 1_790_000_000_000,
  Occurred_At_Ms__c: 1_790_000_000_000,
  Policy_Key__c: 'pump-vibration-high',
  Policy_Version__c: 1,
});

test('events refused because a stranger poisoned their batch are published again and open one Case each', async (t) => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg(['--assume', 'duplicate-in-batch=batch']);
  const admin = await world.admin(org.state);
  await world.seed(admin, devices);
  const config = world.bridgeConfig(broker.url, org.state);
  await untilReady(
    await world.startBridge(await world.withPolicies(config, ['pump-vibration-high'])),
  );
  await using feed = await connectFeed(broker.url);
  using publisher = await connectPublisher(world, org.state);
  const outbox = (sql: string) => {
    using file = new DatabaseSync(join(world.folder, 'bridge/bridge.sqlite'), { readOnly: true });
    return file.prepare(sql).all();
  };

  const tell = async (start: number): Promise<void> => {
    for (const { key } of devices) {
      await feed.bearingWear(key, start, 6);
      await feed.health(key, start + 6_000, 12);
    }
  };
  const ended = (episodes: number): Promise<true> =>
    waitFor(
      `${episodes} episodes have their end`,
      () => {
        const cleared = "SELECT 1 FROM outbox WHERE phase = 'Cleared' AND receipt IS NOT NULL";
        return outbox(cleared).length === episodes ? true : undefined;
      },
      60_000,
      300,
    );

  // The first story makes the devices known, so that publishing needs nothing else of the org.
  await tell(Date.now() - 20 * MINUTE);
  await ended(devices.length);
  // While the org sleeps, the bridge's request and the stranger's wait side by side.
  org.kill('SIGSTOP');
  await tell(Date.now() - 10 * MINUTE);
  await waitFor(
    'the second story is detected',
    () =>
      outbox("SELECT 1 FROM outbox WHERE state = 'pending'").length > devices.length || undefined,
    20_000,
  );
  const once = Array.from({ length: 20 }, (_, index) => strange(String(index)));
  const poison = publisher.publish([...once, ...once]);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  org.kill('SIGCONT');
  await poison;
  await ended(2 * devices.length);

  const refused = outbox('SELECT 1 FROM outbox WHERE refusals > 0').length;
  t.diagnostic(`${refused} events were refused`);
  assert.ok(refused > 0, 'the batch was poisoned');
  assert.deepEqual(outbox("SELECT * FROM outbox WHERE receipt IS NOT 'Acted'"), []);
  const cases = await admin.query('SELECT Signal_Episode_Key__c FROM Case');
  const episodes = outbox('SELECT DISTINCT episode_key FROM outbox');
  assert.equal(cases.length, 2 * devices.length);
  assert.equal(episodes.length, 2 * devices.length);
  const rows = await admin.query(
    "SELECT Event_Key__c FROM Asset_Signal__c WHERE Device_Key__c != 'not-of-this-plant'",
  );
  assert.equal(rows.length, outbox('SELECT 1 FROM outbox').length);
});
