import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

// What a careless change of the flows would alter and no story tells: every field, every word, both reasons at once.

test('each field of the event arrives in the field of its name', async () => {
  const org = await makePackageOrg();
  const sent = {
    Metric__c: 'vibration',
    Value__c: 8.4,
    Unit__c: 'mm/s',
    Baseline__c: 2.1,
    Confidence__c: 0.75,
    Detector__c: 'threshold',
    Explanation__c: 'It shakes.',
    Snapshot__c: '{"points":[1,2]}',
    Source__c: 'plant-7',
    Installation_Id__c: 'installation-3',
    Traceparent__c: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    Detected_At__c: '2026-11-23T05:00:01.000Z',
    Window_Start__c: '2026-11-23T04:59:00.000Z',
    Window_End__c: '2026-11-23T05:00:00.000Z',
  };
  await org.publish(event('Opened', 0, sent));
  const signal = org.only('Asset_Signal__c');
  const kept = Object.fromEntries(Object.keys(sent).map((name) => [name, signal[name]]));
  assert.deepEqual(kept, sent);
});

const reasonOf = (org: PackageOrg): string =>
  String(org.only('Asset_Signal__c')['Disposition_Reason__c']);

test('of two reasons to do nothing the first counts: inactive, then record only, then no asset, then engagement', async () => {
  const both = await makePackageOrg();
  const off = { Active__c: false, Route__c: 'Record Only' };
  await both.update('Signal_Policy__c', both.ids.policy, off);
  await both.publish(event('Opened'));
  assert.match(reasonOf(both), /is not active/);
  const noAsset = await makePackageOrg();
  await noAsset.update('Signal_Policy__c', noAsset.ids.policy, { Route__c: 'Record Only' });
  await noAsset.publish(event('Opened', 0, { Device_Key__c: 'pump-999' }));
  assert.match(reasonOf(noAsset), /only records/);
  const engaging = await makePackageOrg();
  await engaging.update('Signal_Policy__c', engaging.ids.policy, { Route__c: 'Engage' });
  await engaging.publish(event('Opened', 0, { Device_Key__c: 'pump-999' }));
  assert.match(reasonOf(engaging), /is on no Asset; set it under Signal Devices/);
});

test('reasons say so where a policy names no queue', async () => {
  const noQueue = await makePackageOrg();
  await noQueue.update('Signal_Policy__c', noQueue.ids.policy, { Queue__c: null });
  await noQueue.publish(event('Opened'));
  assert.match(reasonOf(noQueue), /The queue \(none\) was not found/);
  const noneAtAll = await makePackageOrg();
  await noneAtAll.update('Signal_Policy__c', noneAtAll.ids.policy, { Queue__c: null });
  noneAtAll.remove('Group', noneAtAll.ids.triage);
  await noneAtAll.publish(event('Opened'));
  assert.match(reasonOf(noneAtAll), /Neither the queue \(none\) nor/);
});

/** An org whose only Case was opened by the router, and closes when the fault clears. */
async function withClosingCase(closedStatus = 'Closed'): Promise<PackageOrg> {
  const org = await makePackageOrg();
  // The rules refuse a policy without a status; one from before the rules may have none.
  const policy = { Close_When_Cleared__c: true, Closed_Status__c: closedStatus };
  org.plant('Signal_Policy__c', org.ids.policy, policy);
  await org.publish(event('Opened'));
  return org;
}

const dispositionOf = (org: PackageOrg, phase: string): unknown =>
  org.rows('Asset_Signal__c').find(({ Phase__c }) => Phase__c === phase)?.['Disposition__c'];

for (const status of ['Working', '']) {
  test(`a status that is not a closed one ('${status}') does not close the Case`, async () => {
    const org = await withClosingCase(status);
    await org.publish(event('Cleared', 1));
    const found = org.only('Case');
    assert.equal(found['Status'], 'New');
    const cleared = org.rows('Asset_Signal__c').find(({ Phase__c }) => Phase__c === 'Cleared');
    const shown = status === '' ? '(none)' : status;
    assert.ok(String(cleared?.['Disposition_Reason__c']).includes(`open: ${shown} is not`));
  });
}

test('a default status that is a closed one opens no Case again', async () => {
  const org = await withClosingCase();
  await org.publish(event('Cleared', 1));
  for (const { Id, IsClosed } of org.rows('CaseStatus'))
    await org.update('CaseStatus', String(Id), { IsDefault: IsClosed === true });
  await org.publish(event('Updated', 2, { Severity__c: 'Critical' }));
  const found = org.only('Case');
  assert.deepEqual([found['IsClosed'], found['Priority']], [true, 'Medium']);
});

test('a Case without a last event takes any signal as newer', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened', 5));
  const id = String(org.only('Case')['Id']);
  await org.update('Case', id, { Signal_Last_Event_At__c: null });
  await org.publish(event('Updated', 1, { Severity__c: 'Critical' }));
  assert.equal(org.only('Case')['Priority'], 'High');
});

test('a retry is asked for by a time; taking the time away asks for nothing', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['insert Case'] });
  await org.publish(event('Opened'));
  const id = String(org.only('Asset_Signal__c')['Id']);
  const at = { Retry_Requested_At__c: '2026-11-23T06:30:00.000Z' };
  await org.update('Asset_Signal__c', id, at);
  org.break({});
  await org.update('Asset_Signal__c', id, { Retry_Requested_At__c: null });
  await org.update('Asset_Signal__c', id, { Disposition_Reason__c: 'looked at' });
  assert.equal(org.rows('Case').length, 0);
  await org.update('Asset_Signal__c', id, at);
  assert.equal(org.rows('Case').length, 1);
});

for (const getFrom of [1, 2, 3]) {
  test(`signals that cannot be read (from look-up ${getFrom} on) open no Case, and a failure is kept`, async () => {
    const org = await makePackageOrg();
    org.break({ get: ['Asset_Signal__c'], getFrom });
    await org.publish(event('Opened'));
    org.break({});
    assert.equal(org.rows('Case').length, 0);
    const failures = org.rows('Signal_Failure__c').filter(({ Stage__c }) => Stage__c === 'Route');
    const id = org.only('Asset_Signal__c')['Id'];
    assert.deepEqual(
      failures.map(({ Record_Id__c }) => Record_Id__c),
      [id],
    );
    assert.match(String(failures[0]?.['Reason__c']), /broken by a test/);
  });
}

test('a Case that can neither be created nor found fails the signal with the first message', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['insert Case'], get: ['Case'], getFrom: 2 });
  await org.publish(event('Opened'));
  const signal = org.only('Asset_Signal__c');
  assert.equal(signal['Disposition__c'], 'Failed');
  assert.match(String(signal['Disposition_Reason__c']), /refused by a test/);
});

test('statuses that cannot be read leave a closed Case closed, and the signal says so', async () => {
  const org = await withClosingCase();
  await org.publish(event('Cleared', 1));
  org.break({ get: ['CaseStatus'] });
  await org.publish(event('Updated', 2));
  org.break({});
  assert.equal(org.only('Case')['IsClosed'], true);
  assert.equal(dispositionOf(org, 'Updated'), 'Suppressed');
});

test('a closed Case that cannot be opened again is a failure of the signal', async () => {
  const org = await withClosingCase();
  await org.publish(event('Cleared', 1));
  org.break({ write: ['update Case'] });
  await org.publish(event('Updated', 2));
  assert.equal(dispositionOf(org, 'Updated'), 'Failed');
});

test('a Case that is closed already keeps its status when the fault clears again', async () => {
  const org = await withClosingCase();
  await org.publish(event('Cleared', 1));
  org.insert('CaseStatus', { ApiName: 'Done', MasterLabel: 'Done', IsClosed: true, SortOrder: 9 });
  await org.update('Signal_Policy__c', org.ids.policy, { Closed_Status__c: 'Done' });
  await org.publish(event('Cleared', 2));
  assert.equal(org.only('Case')['Status'], 'Closed');
});
