import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from './packageOrg.ts';

test('an event becomes one Asset Signal with its evidence and resolved lookups', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened', 0, { Metric__c: 'vibration', Value__c: 8.4, Unit__c: 'mm/s' }));
  const signal = org.only('Asset_Signal__c');
  assert.equal(signal['Value__c'], 8.4);
  assert.equal(signal['Device__c'], org.ids.device);
  assert.equal(signal['Policy__c'], org.ids.policy);
  assert.equal(signal['Asset__c'], org.ids.asset);
  assert.equal(signal['Account__c'], org.ids.account);
  assert.equal(signal['CreatedById'], org.ids.bridgeUser);
});

test('the same event again is a duplicate and leaves no failure', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  await org.publish(event('Opened'));
  assert.equal(org.rows('Asset_Signal__c').length, 1);
  assert.equal(org.rows('Signal_Failure__c').length, 0);
  assert.equal(org.rows('Case').length, 1);
});

test('where only the second of two duplicates in a batch fails, they are one signal and one Case', async () => {
  const org = await makePackageOrg(['duplicate-in-batch=row']);
  await org.publish(event('Opened'), event('Opened'));
  assert.equal(org.rows('Asset_Signal__c').length, 1);
  assert.equal(org.rows('Signal_Failure__c').length, 0);
  assert.equal(org.rows('Case').length, 1);
});

test('where a duplicate fails its whole batch, every event is kept as a failure and enters when sent again', async () => {
  const org = await makePackageOrg(['duplicate-in-batch=batch']);
  const other = event('Opened', 1, { Episode_Key__c: 'episode-2' });
  await org.publish(event('Opened'), event('Opened'), other);
  assert.equal(org.rows('Asset_Signal__c').length, 0);
  assert.equal(org.rows('Signal_Failure__c').length, 3);
  await org.publish(event('Opened'), other);
  assert.equal(org.rows('Asset_Signal__c').length, 2);
  assert.equal(org.rows('Case').length, 2);
});

test('an event the org cannot record is kept as a failure with its key, reason and content', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened', 0, { Severity__c: 'Terrible' }), event('Opened', 1));
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Event_Key__c'], 'episode-1 Opened 0');
  assert.equal(failure['Stage__c'], 'Ingest');
  assert.match(String(failure['Reason__c']), /Severity/);
  assert.match(String(failure['Payload__c']), /Severity__c: Terrible/);
  assert.equal(org.rows('Asset_Signal__c').length, 1, 'the other event of the batch goes in');
});

test('an event without an episode key is refused: it would match Cases of other people', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Cleared', 0, { Episode_Key__c: null }));
  assert.equal(org.rows('Asset_Signal__c').length, 0);
  assert.match(String(org.only('Signal_Failure__c')['Reason__c']), /Episode/);
});

test('when even the look-up of a refused event faults, the event is still kept as a failure', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['insert Asset_Signal__c'], get: ['Asset_Signal__c'] });
  await org.publish(event('Opened'));
  assert.match(String(org.only('Signal_Failure__c')['Reason__c']), /refused by a test/);
});

test('the asset and account the bridge sent win over the device record', async () => {
  const org = await makePackageOrg();
  const seller = org.insert('Account', { Name: 'Seller' });
  const before = org.insert('Asset', { Name: 'Pump 0', AccountId: org.ids.account });
  await org.publish(event('Opened', 0, { Asset_Id__c: before, Account_Id__c: seller }));
  const signal = org.only('Asset_Signal__c');
  assert.equal(signal['Asset__c'], before);
  assert.equal(signal['Account__c'], seller);
});

for (const [what, sent] of [
  ['is gone', '02i000000000ABCAAA'],
  ['is no id at all', 'nonsense'],
] as const) {
  test(`an asset sent that ${what} falls back to the asset of the device`, async () => {
    const org = await makePackageOrg();
    await org.publish(event('Opened', 0, { Asset_Id__c: sent, Account_Id__c: sent }));
    const signal = org.only('Asset_Signal__c');
    assert.equal(signal['Asset__c'], org.ids.asset);
    assert.equal(signal['Account__c'], org.ids.account);
  });
}

test('look-ups that fault stop no signal', async () => {
  const org = await makePackageOrg();
  org.break({ get: ['Signal_Device__c', 'Signal_Policy__c', 'Asset', 'Account'] });
  await org.publish(event('Opened', 0, { Asset_Id__c: org.ids.asset }));
  const signal = org.only('Asset_Signal__c');
  assert.equal(signal['Asset__c'], null);
  assert.equal(signal['Device__c'], null);
});
