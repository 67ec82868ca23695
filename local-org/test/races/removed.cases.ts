import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from '../flows/packageOrg.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';

// A Case that goes away while its episode lives frees its key; a merge of Cases keeps one of them and deletes the others.

const last = (org: PackageOrg) => org.rows('Asset_Signal__c').at(-1);

async function withDeletedCase(): Promise<PackageOrg> {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  org.remove('Case', String(org.only('Case')['Id']));
  return org;
}

for (const [phase, minutes] of [
  ['Opened', 3],
  ['Updated', 3],
  ['Updated', -3],
  ['Cleared', 3],
] as const) {
  test(`${phase} ${minutes} minutes after the opening opens no new Case for one that was deleted`, async () => {
    const org = await withDeletedCase();
    await org.publish(event(phase, minutes, { Severity__c: 'Critical' }));
    assert.equal(org.rows('Case').length, 0);
    assert.equal(last(org)?.['Disposition__c'], 'Suppressed');
    assert.ok(String(last(org)?.['Disposition_Reason__c']).length > 10);
  });
}

test('every event of an episode whose Case was deleted, sent again, opens none', async () => {
  const org = await withDeletedCase();
  for (let round = 0; round < 2; round += 1)
    await org.publish(
      event('Opened'),
      event('Updated', 1),
      event('Updated', 2),
      event('Cleared', 3),
    );
  assert.equal(org.rows('Case').length, 0);
  assert.equal(org.rows('Asset_Signal__c').length, 4);
});

test('a retry of a signal that was acted on opens no Case for the one that was deleted', async () => {
  const org = await withDeletedCase();
  const id = String(org.only('Asset_Signal__c')['Id']);
  await org.update('Asset_Signal__c', id, { Retry_Requested_At__c: '2026-11-23T06:30:00.000Z' });
  assert.equal(org.rows('Case').length, 0);
});

test('a Case that was merged into another is not opened again; the other one follows once it carries the key', async () => {
  const org = await makePackageOrg();
  const master = org.insert('Case', { Subject: 'The customer called about the pump' });
  await org.publish(event('Opened'));
  const merged = org.rows('Case').find((row) => row['Id'] !== master);
  org.remove('Case', String(merged?.['Id']));
  await org.publish(event('Updated', 1, { Severity__c: 'High' }));
  assert.equal(org.only('Case')['Id'], master);
  assert.equal(last(org)?.['Disposition__c'], 'Suppressed');
  await org.update('Case', master, { Signal_Episode_Key__c: 'episode-1' });
  await org.publish(event('Updated', 2, { Severity__c: 'Critical' }));
  assert.equal(last(org)?.['Disposition__c'], 'Acted');
  assert.equal(last(org)?.['Case__c'], master);
  assert.equal(org.rows('Case').length, 1);
});

test('the Case of another episode of the same device is not touched when one is deleted', async () => {
  const org = await makePackageOrg();
  const other = { Episode_Key__c: 'episode-2' };
  await org.publish(
    event('Opened'),
    event('Opened', 1, { ...other, Event_Key__c: 'other opened' }),
  );
  const [first] = org.rows('Case').filter((row) => row['Signal_Episode_Key__c'] === 'episode-1');
  org.remove('Case', String(first?.['Id']));
  await org.publish(
    event('Updated', 2),
    event('Updated', 3, { ...other, Event_Key__c: 'other updated', Severity__c: 'High' }),
  );
  assert.equal(org.only('Case')['Signal_Episode_Key__c'], 'episode-2');
  assert.equal(org.only('Case')['Priority'], 'High');
});
