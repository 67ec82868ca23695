import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { plantInstallation, plantOwnership } from './timelineRows.ts';

// What was not certain before the save is still told when the router has had its say.

async function routed(prepare: (org: PackageOrg, buyer: string) => void): Promise<RecordData> {
  const org = await makePackageOrg();
  prepare(org, org.insert('Account', { Name: 'Buyer' }));
  await org.publish(event('Opened'));
  return { ...org.only('Asset_Signal__c'), cases: org.rows('Case').length };
}

test('a signal of an Asset with two owners opens a Case without Account and says why', async () => {
  const signal = await routed((org, buyer) => {
    plantOwnership(org, org.ids.asset, buyer, [0]);
    plantOwnership(org, org.ids.asset, org.ids.account, [4]);
  });
  assert.deepEqual([signal['Disposition__c'], signal['cases']], ['Acted', 1]);
  assert.equal(
    signal['Disposition_Reason__c'],
    'The Asset has several owners at that time; correct the times of its ownerships.',
  );
});

test('a signal of a device in two places is suppressed, with both reasons', async () => {
  const signal = await routed((org, buyer) => {
    const other = org.insert('Asset', { Name: 'Pump 2', AccountId: buyer });
    plantInstallation(org, org.ids.device, other, [0]);
    plantInstallation(org, org.ids.device, org.ids.asset, [4]);
  });
  assert.deepEqual([signal['Disposition__c'], signal['cases']], ['Suppressed', 0]);
  assert.match(
    String(signal['Disposition_Reason__c']),
    /^The device pump-001 has several installations at that time; .* again\. The device pump-001 is on no Asset; /,
  );
});

test('where place and owner are known only the router speaks, and of a retry only the last word stays', async () => {
  const org = await makePackageOrg();
  org.plant('Signal_Policy__c', org.ids.policy, { Queue__c: 'Gone' });
  await org.publish(event('Opened'));
  const first = org.only('Asset_Signal__c');
  assert.match(String(first['Disposition_Reason__c']), /^The queue Gone was not found/);
  const again = { Disposition__c: 'Received', Case__c: null };
  org.plant('Asset_Signal__c', String(first['Id']), { ...again, Disposition_Reason__c: 'old' });
  await org.update('Asset_Signal__c', String(first['Id']), {
    Retry_Requested_At__c: '2026-11-23T06:30:00.000Z',
  });
  assert.doesNotMatch(String(org.only('Asset_Signal__c')['Disposition_Reason__c']), /old/);
});
