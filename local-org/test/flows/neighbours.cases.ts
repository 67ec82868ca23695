import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

// Records that lie beside the right ones and must not be taken for them.

const other = { Episode_Key__c: 'episode-2' };
const otherEvent = (phase: 'Opened' | 'Updated' | 'Cleared', at: number) =>
  event(phase, at, { ...other, Event_Key__c: `episode-2 ${phase} ${at}` });

const signalOf = (org: PackageOrg, eventKey: string) =>
  org.rows('Asset_Signal__c').find(({ Event_Key__c }) => Event_Key__c === eventKey);

test('a Case of another episode is left alone, and does not stand in for the own one', async () => {
  const org = await makePackageOrg();
  await org.publish(otherEvent('Opened', 0));
  await org.publish(event('Opened', 1, { Severity__c: 'Critical' }));
  const cases = org.rows('Case');
  assert.deepEqual(
    cases.map(({ Signal_Episode_Key__c, Priority }) => [Signal_Episode_Key__c, Priority]),
    [
      ['episode-2', 'Medium'],
      ['episode-1', 'High'],
    ],
  );
});

test('the end of another episode does not suppress the start of this one', async () => {
  const org = await makePackageOrg();
  await org.publish(otherEvent('Cleared', 5));
  await org.publish(event('Opened', 1));
  assert.equal(org.only('Case')['Signal_Episode_Key__c'], 'episode-1');
});

test('an end that lies before the signal does not suppress it: the episode began again', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Cleared', 1));
  await org.publish(event('Updated', 5));
  assert.equal(org.only('Case')['Signal_Episode_Key__c'], 'episode-1');
});

test('a Case that cannot be created does not take that of another episode', async () => {
  const org = await makePackageOrg();
  await org.publish(otherEvent('Opened', 0));
  org.break({ write: ['insert Case'] });
  await org.publish(event('Opened', 1));
  const signal = signalOf(org, 'episode-1 Opened 1');
  assert.equal(signal?.['Disposition__c'], 'Failed');
  assert.equal(signal['Case__c'], null);
});

test('a public group is no queue, even with the name of one', async () => {
  const org = await makePackageOrg();
  org.insert('Group', { DeveloperName: 'Plant_Team', Name: 'Plant Team', Type: 'Regular' });
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Plant_Team' });
  await org.publish(event('Opened'));
  assert.equal(org.only('Case')['OwnerId'], org.ids.triage);
});

test('neither a group with the name of the triage queue nor another queue stands in for it', async () => {
  const org = await makePackageOrg();
  org.remove('Group', org.ids.triage);
  org.insert('Group', { DeveloperName: 'Signal_Triage', Name: 'Signal Triage', Type: 'Regular' });
  org.insert('Group', { DeveloperName: 'Other', Name: 'Other', Type: 'Queue' });
  await org.publish(event('Opened'));
  assert.equal(org.only('Case')['OwnerId'], org.ids.bridgeUser);
});

test('the account of the asset sent counts when no account was sent', async () => {
  const org = await makePackageOrg();
  const owner = org.insert('Account', { Name: 'Owner' });
  const asset = org.insert('Asset', { Name: 'Pump 2', AccountId: owner });
  await org.publish(event('Opened', 0, { Asset_Id__c: asset }));
  assert.equal(org.only('Asset_Signal__c')['Account__c'], owner);
});

for (const [what, deviceKey] of [
  ['a device on an asset of someone else', 'pump-001'],
  ['a device that nobody knows', 'pump-999'],
] as const) {
  test(`the account sent counts for ${what}, too`, async () => {
    const org = await makePackageOrg();
    const seller = org.insert('Account', { Name: 'Seller' });
    await org.publish(event('Opened', 0, { Device_Key__c: deviceKey, Account_Id__c: seller }));
    assert.equal(org.only('Asset_Signal__c')['Account__c'], seller);
  });
}
