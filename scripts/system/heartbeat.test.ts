import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBroker } from './broker.ts';
import { connectFeed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

test('the org sees the bridge and what it did in the day, and the day adds up over a kill and a restart', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const { state } = await world.startOrg();
  const admin = await world.admin(state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const usual = world.bridgeConfig(broker.url, state);
  const policies = await world.withPolicies(usual, ['pump-vibration-high']);
  const heartbeat = { every: '10s', name: 'plant 1' };
  const config = {
    ...policies,
    salesforce: { ...(policies['salesforce'] as object), heartbeat },
  };
  const rowOf = async (soql: string) =>
    ((await admin.query(soql)) as Readonly<Record<string, unknown>>[])[0] ?? {};
  const bridgeRow = () => rowOf('SELECT Status__c, Heartbeat_Due_At__c FROM Signal_Bridge__c');
  const dayRow = () =>
    rowOf(
      'SELECT Day_Key__c, Readings__c, Quarantined__c, Duplicates__c, Signals__c, Errors__c, Bridge__r.Bridge_Key__c ' +
        'FROM Signal_Bridge_Day__c',
    );
  const feed = await connectFeed(broker.url);
  const first = await world.startBridge(config);
  await untilReady(first);
  await feed.send('plant/pump/pump-001/telemetry', '{"ts":"x"}');
  const at = Date.now() - 5 * 60_000;
  await feed.bearingWear('pump-001', at, 8);
  // Its last second once more, as a broker does that has lost the acknowledgement.
  await feed.bearingWear('pump-001', at + 7_000, 1);
  await waitFor(
    'the counts of the day are in the org',
    async () => (Number((await dayRow())['Signals__c']) >= 1 ? true : undefined),
    40_000,
  );
  assert.equal((await bridgeRow())['Status__c'], 'Running');
  const before = await dayRow();
  assert.match(String(before['Day_Key__c']), /^plant 1#\d{4}-\d\d-\d\d$/);
  assert.deepEqual((before['Bridge__r'] as Record<string, unknown>)['Bridge_Key__c'], 'plant 1');
  assert.deepEqual([before['Quarantined__c'], before['Errors__c']], [1, 0]);
  assert.equal(before['Duplicates__c'], 1);
  const readings = Number(before['Readings__c']);
  assert.ok(readings >= 8, `${readings} readings`);

  // What was counted is on disk within five seconds.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  first.kill('SIGKILL');
  await first.ended;
  const second = await world.startBridge(config);
  await untilReady(second);
  await feed.send('plant/pump/pump-001/telemetry', '{"ts":"y"}');
  await waitFor(
    'the day goes on',
    async () => (Number((await dayRow())['Quarantined__c']) === 2 ? true : undefined),
    40_000,
  );
  const after = await dayRow();
  assert.equal(after['Readings__c'], readings);
  assert.equal(after['Day_Key__c'], before['Day_Key__c']);
  second.kill('SIGTERM');
  assert.equal(await second.ended, 0);
  const end = await bridgeRow();
  assert.deepEqual([end['Status__c'], end['Heartbeat_Due_At__c']], ['Stopped', null]);
  assert.equal(await admin.count('SELECT COUNT() FROM Signal_Bridge__c'), 1);
  await feed[Symbol.asyncDispose]();
});
