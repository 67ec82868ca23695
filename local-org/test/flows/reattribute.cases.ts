import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { at } from './timelineKinds.ts';

// Signals of a device nobody knew get their equipment afterwards: the bridge writes the lookups, 200 a call.

const EPISODES = 100;
const isEnded = (n: number): boolean => n % 2 === 0;

/** Two signals of each episode of an unknown device: every other one has ended. */
function unknownDay(): RecordData[] {
  return Array.from({ length: EPISODES }, (_, n) =>
    (['Opened', isEnded(n) ? 'Cleared' : 'Updated'] as const).map((phase, step) =>
      event(phase, step, {
        Event_Key__c: `${n} ${phase}`,
        Episode_Key__c: `episode ${n}`,
        Device_Key__c: 'pump-8',
      }),
    ),
  ).flat();
}

/** The device is put on the Asset of the org since the morning, and the bridge writes what follows of it. */
async function attribute(org: PackageOrg): Promise<void> {
  const device = org.insert('Signal_Device__c', { Name: 'pump-8', Device_Key__c: 'pump-8' });
  const links = { Device__c: device, Asset__c: org.ids.asset };
  const Installation__c = org.insert('Signal_Installation__c', { ...links, ...at([0]) });
  const rows = org
    .rows('Asset_Signal__c')
    .map(({ Id = null }) => ({ Id, ...links, Installation__c, Account__c: org.ids.account }));
  const outcomes = await org.saveAll('update', 'Asset_Signal__c', rows, 'bridge');
  assert.deepEqual(
    outcomes.filter(({ ok }) => !ok),
    [],
  );
}

test('of 200 signals attributed in one call each episode that lasts has one Case, and one that ended none', async () => {
  const org = await makePackageOrg();
  await org.publish(...unknownDay());
  assert.equal(org.rows('Asset_Signal__c').length, 2 * EPISODES);
  assert.deepEqual(org.rows('Case'), []);
  await attribute(org);
  const cases = org.rows('Case');
  const lasting = Array.from({ length: EPISODES }, (_, n) => n).filter((n) => !isEnded(n));
  assert.deepEqual(
    new Set(cases.map(({ Signal_Episode_Key__c }) => Signal_Episode_Key__c)),
    new Set(lasting.map((n) => `episode ${n}`)),
  );
  assert.equal(cases.length, lasting.length);
  for (const { AssetId, AccountId } of cases)
    assert.deepEqual([AssetId, AccountId], [org.ids.asset, org.ids.account]);
  const signals = org.rows('Asset_Signal__c');
  for (const { Disposition__c, Disposition_Reason__c, Case__c, Episode_Key__c } of signals) {
    const shown = `${String(Episode_Key__c)}: ${String(Disposition__c)}, ${String(Disposition_Reason__c)}`;
    const ended = isEnded(Number(String(Episode_Key__c).split(' ')[1]));
    if (ended) assert.deepEqual([Disposition__c, Case__c], ['Suppressed', null], shown);
    else assert.notEqual(Case__c, null, shown);
    assert.notEqual(Disposition__c, 'Received', shown);
    assert.notEqual(Disposition__c, 'Failed', shown);
  }
  assert.ok(org.transactions.every(({ most }) => most.queries <= 60));
});

test('attributing the same signals again changes nothing', async () => {
  const org = await makePackageOrg();
  await org.publish(...unknownDay());
  await attribute(org);
  const before = org
    .rows('Asset_Signal__c')
    .map(({ Id, Disposition__c, Case__c }) => [Id, Disposition__c, Case__c]);
  const rows = org
    .rows('Asset_Signal__c')
    .map(({ Id = null }) => ({ Id, Asset__c: org.ids.asset }));
  await org.saveAll('update', 'Asset_Signal__c', rows, 'bridge');
  const after = org
    .rows('Asset_Signal__c')
    .map(({ Id, Disposition__c, Case__c }) => [Id, Disposition__c, Case__c]);
  assert.deepEqual(after, before);
  assert.equal(org.rows('Case').length, EPISODES / 2);
});
