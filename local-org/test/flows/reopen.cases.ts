import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { endOf, numbered, setPolicy, signalWith } from './signals.ts';

const retryAt = (minute: number) => ({
  Retry_Requested_At__c: `2026-11-23T06:${String(minute).padStart(2, '0')}:00.000Z`,
});
const idOf = (org: PackageOrg, which: RecordData = { Phase__c: 'Opened' }) =>
  String(signalWith(org, which)['Id']);
const opened = { Phase__c: 'Opened' };

/** An org in which nobody knows where the device is, with these signals. */
async function unmappedOrg(...events: readonly RecordData[]): Promise<PackageOrg> {
  const org = await makePackageOrg();
  await org.update('Signal_Device__c', org.ids.device, { Asset__c: null });
  await org.publish(...events);
  return org;
}

test('a signal that is given the Asset it lacked is routed again, and opens its Case there', async () => {
  const org = await unmappedOrg(event('Opened'));
  assert.match(String(endOf(org, opened)[1]), /is on no Asset/);
  const { asset: Asset__c, account: Account__c } = org.ids;
  await org.update('Asset_Signal__c', idOf(org), { Asset__c, Account__c }, 'bridge');
  assert.deepEqual(endOf(org, opened), ['Acted', null, null]);
  const found = org.only('Case');
  assert.deepEqual([found['AssetId'], found['AccountId']], [Asset__c, Account__c]);
});

test('an episode that ended before its device was mapped opens no Case', async () => {
  const org = await unmappedOrg(event('Opened'), event('Updated', 1));
  await org.publish(event('Cleared', 2));
  const rows = org.rows('Asset_Signal__c').map(({ Id }) => ({
    Id: Id ?? null,
    Asset__c: org.ids.asset,
  }));
  await org.saveAll('update', 'Asset_Signal__c', rows, 'bridge');
  assert.equal(org.rows('Case').length, 0);
  const reasons = org
    .rows('Asset_Signal__c')
    .map((row) => [row['Disposition__c'], row['Disposition_Reason__c']]);
  const late = 'The episode had ended before this signal was routed.';
  assert.deepEqual(reasons, [
    ['Suppressed', late],
    ['Suppressed', late],
    ['Suppressed', 'The episode ended and has no Case to clear.'],
  ]);
});

test('200 signals re-attributed in one call are routed afterwards, in a transaction of their own', async () => {
  const events = Array.from({ length: 200 }, (_, index) => numbered(index, 'Opened'));
  const org = await unmappedOrg(...events);
  const before = org.transactions.length;
  const rows = org.rows('Asset_Signal__c').map(({ Id }) => ({
    Id: Id ?? null,
    Asset__c: org.ids.asset,
  }));
  await org.saveAll('update', 'Asset_Signal__c', rows, 'bridge');
  assert.equal(org.rows('Case').length, 200);
  const routing = org.transactions
    .slice(before)
    .filter(({ flows }) => flows.has('Signal_SFL_Route'));
  assert.ok(routing.every(({ flows }) => !flows.has('Signal_BeforeUpdate_Reopen')));
});

const unmoved: readonly (readonly [string, RecordData])[] = [
  ['moved from one Asset to another', { Asset__c: 'other' }],
  ['taken off its Asset', { Asset__c: null }],
  ['given an Account', { Account__c: 'account' }],
];
for (const [what, change] of unmoved) {
  test(`a suppressed signal that is ${what} is not routed again`, async () => {
    const org = await makePackageOrg();
    await setPolicy(org, { Active__c: false });
    await org.publish(event('Opened'));
    await setPolicy(org, { Active__c: true });
    const other = org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account });
    const values = { other, account: org.insert('Account', { Name: 'Another' }) };
    const filled = Object.entries(change).map(([name, value]) => [
      name,
      value === 'other' || value === 'account' ? values[value] : value,
    ]);
    await org.update('Asset_Signal__c', idOf(org), Object.fromEntries(filled) as RecordData);
    assert.match(String(endOf(org, opened)[1]), /is not active/);
    assert.equal(org.rows('Case').length, 0);
  });
}

test('a signal that still lacks its Asset is not routed again, whatever else changes', async () => {
  const org = await unmappedOrg(event('Opened'));
  const steps = org.steps.length;
  await org.update('Asset_Signal__c', idOf(org), { Account__c: org.ids.account });
  const flows = new Set(org.steps.slice(steps).map(({ flow }) => flow));
  assert.ok(!flows.has('Signal_BeforeUpdate_Reopen') && !flows.has('Signal_SFL_Route'));
});

test('a signal that has its Case, failed, or was dismissed is not routed again for an Asset', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  const id = idOf(org);
  await org.update('Asset_Signal__c', id, { Asset__c: null });
  const plants = [
    { Disposition__c: 'Suppressed' },
    { Disposition__c: 'Failed', Case__c: null },
    { Disposition__c: 'Acted', Case__c: null },
    { Disposition__c: 'Suppressed', Case__c: null, Review_Status__c: 'Dismissed' },
  ];
  for (const planted of plants) {
    org.plant('Asset_Signal__c', id, { ...planted, Asset__c: null });
    await org.update('Asset_Signal__c', id, { Asset__c: org.ids.asset });
    assert.equal(signalWith(org, opened)['Disposition__c'], planted.Disposition__c);
  }
});

test('a disposition that an administrator sets back to Received is routed again, whatever it was', async () => {
  const org = await makePackageOrg();
  await setPolicy(org, { Active__c: false, Notify__c: 'Task' });
  await org.publish(event('Opened'));
  await setPolicy(org, { Active__c: true });
  await org.update('Asset_Signal__c', idOf(org), { Disposition__c: 'Received' });
  assert.deepEqual(endOf(org, opened), ['Acted', null, null]);
  assert.notEqual(signalWith(org, opened)['Notification__c'], null, 'somebody is told');
});

test('a retry of a failed signal is routed after the save that asked for it', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['insert Case'] });
  await org.publish(event('Opened'));
  org.break({});
  const before = org.transactions.length;
  await org.update('Asset_Signal__c', idOf(org), retryAt(30));
  assert.equal(org.rows('Case').length, 1);
  const asking = org.transactions
    .slice(before)
    .find(({ flows }) => flows.has('Signal_BeforeUpdate_Reopen'));
  assert.ok(asking !== undefined && !asking.flows.has('Signal_SFL_Route'));
});

test('a signal whose routing never finished is routed when a retry is asked for, and only then', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['update Asset_Signal__c'] });
  await org.publish(event('Opened'));
  org.break({});
  const id = idOf(org);
  assert.equal(signalWith(org, opened)['Disposition__c'], 'Received');
  await org.update('Asset_Signal__c', id, { Disposition_Reason__c: 'looked at' });
  assert.equal(signalWith(org, opened)['Disposition__c'], 'Received');
  await org.update('Asset_Signal__c', id, retryAt(30));
  assert.equal(signalWith(org, opened)['Disposition__c'], 'Acted');
  assert.equal(org.rows('Case').length, 1, 'the Case it had opened already');
});

test('a retry that is asked for again and again is tried each time', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['insert Case'] });
  await org.publish(event('Opened'));
  for (const minute of [30, 31, 32]) {
    const steps = org.steps.length;
    await org.update('Asset_Signal__c', idOf(org), retryAt(minute));
    assert.ok(org.steps.slice(steps).some(({ flow }) => flow === 'Signal_SFL_OpenCase'));
  }
  org.break({});
  await org.update('Asset_Signal__c', idOf(org), retryAt(33));
  assert.equal(org.rows('Case').length, 1);
});

/** An org whose policy closes Cases, with one Case. */
async function closingOrg(): Promise<PackageOrg> {
  const org = await makePackageOrg();
  await setPolicy(org, { Close_When_Cleared__c: true, Notify__c: 'Task' });
  await org.publish(event('Opened'));
  return org;
}
const caseId = (org: PackageOrg) => String(org.only('Case')['Id']);

test('a Case that a person touched stays open, also when the router has changed it since', async () => {
  const org = await closingOrg();
  await org.update('Case', caseId(org), { Subject: 'I am on it' });
  await org.publish(event('Updated', 1, { Severity__c: 'High' }));
  assert.equal(org.only('Case')['Signal_Touched__c'], true);
  await org.publish(event('Updated', 2, { Severity__c: 'Low' }));
  await org.publish(event('Cleared', 3));
  assert.equal(org.only('Case')['IsClosed'], false);
  assert.equal(endOf(org, { Phase__c: 'Cleared' })[0], 'Acted');
});

test('a Case that only the router has changed is closed', async () => {
  const org = await closingOrg();
  await org.publish(event('Updated', 1, { Severity__c: 'High' }));
  assert.equal(org.only('Case')['Signal_Touched__c'], false);
  await org.publish(event('Cleared', 2));
  assert.equal(org.only('Case')['Status'], 'Closed');
});

test('a Case that somebody took stays open, whoever changed it last', async () => {
  const org = await closingOrg();
  const taken = { Signal_Acknowledged_At__c: '2026-11-23T05:30:00.000Z' };
  await org.update('Case', caseId(org), taken, 'bridge');
  await org.publish(event('Cleared', 1));
  assert.equal(org.only('Case')['IsClosed'], false);
  assert.equal(org.only('Case')['Signal_Touched__c'], true);
});

test('a comment or a task of a person does not touch the Case', async () => {
  const org = await closingOrg();
  org.insert('CaseComment', { ParentId: caseId(org), CommentBody: 'Looks harmless.' });
  org.insert('Task', { WhatId: caseId(org), Subject: 'Call' });
  await org.publish(event('Cleared', 1));
  assert.equal(org.only('Case')['Status'], 'Closed');
});

test('a Case that a reviewer asked for is closed like any other, until somebody changes it', async () => {
  for (const isTouched of [false, true]) {
    const org = await makePackageOrg();
    await setPolicy(org, { Close_When_Cleared__c: true, Route__c: 'Review' });
    await org.publish(event('Opened'));
    await org.update('Asset_Signal__c', idOf(org), { Review_Status__c: 'Confirmed' });
    await org.later(1);
    if (isTouched) await org.update('Case', caseId(org), { Subject: 'Mine' });
    await org.publish(event('Cleared', 1));
    assert.equal(org.only('Case')['IsClosed'], !isTouched);
  }
});

test('a Case that a person closed stays closed, also after the end of its episode was noted on it', async () => {
  const org = await closingOrg();
  await org.update('Case', caseId(org), { Status: 'Closed' });
  await org.publish(event('Cleared', 1));
  await org.publish(event('Updated', 2, { Severity__c: 'Critical' }));
  assert.equal(org.only('Case')['IsClosed'], true);
  assert.match(String(endOf(org, { Phase__c: 'Updated' })[1]), /is closed/);
});

test('a Case that is opened again says so in a comment, tells somebody and closes again', async () => {
  const org = await closingOrg();
  await org.publish(event('Cleared', 1));
  await org.publish(event('Updated', 2, { Severity__c: 'High', Explanation__c: 'Again.' }));
  const found = org.only('Case');
  assert.deepEqual(
    [found['IsClosed'], found['Priority'], found['Signal_Severity__c']],
    [false, 'High', 'High'],
  );
  const bodies = org.rows('CaseComment').map(({ CommentBody }) => CommentBody);
  assert.equal(
    bodies[1],
    'The trouble has returned (11/23/2026, 5:02 AM). Again.\nThe priority is High.',
  );
  assert.equal(bodies.length, 2);
  assert.notEqual(signalWith(org, { Phase__c: 'Updated' })['Notification__c'], null);
  await org.publish(event('Cleared', 3));
  assert.equal(org.only('Case')['IsClosed'], true);
});

test('a priority that automation of the customer chose stays when the Case is opened again', async () => {
  const org = await closingOrg();
  await org.update('Case', caseId(org), { Priority: 'Low' }, 'bridge');
  await org.publish(event('Cleared', 1));
  await org.publish(event('Updated', 2, { Severity__c: 'Critical' }));
  const { IsClosed, Priority, Signal_Priority__c } = org.only('Case');
  assert.deepEqual([IsClosed, Priority, Signal_Priority__c], [false, 'Low', 'Medium']);
});

test('a clear whose comment cannot be written fails, and a retry writes it and changes nothing else', async () => {
  const org = await closingOrg();
  org.break({ write: ['insert CaseComment'] });
  await org.publish(event('Cleared', 1));
  org.break({});
  assert.equal(endOf(org, { Phase__c: 'Cleared' })[0], 'Failed');
  assert.equal(org.only('Case')['IsClosed'], true);
  await org.update('Asset_Signal__c', idOf(org, { Phase__c: 'Cleared' }), retryAt(30));
  assert.equal(endOf(org, { Phase__c: 'Cleared' })[0], 'Acted');
  assert.equal(org.rows('CaseComment').length, 1);
});

test('a signal that seems gone when it is routed ends nothing', async () => {
  const org = await makePackageOrg();
  org.break({ missing: ['Asset_Signal__c'], getTo: 1 });
  await org.publish(event('Opened'));
  org.break({});
  assert.equal(org.rows('Case').length, 0);
  assert.equal(org.rows('Signal_Failure__c').length, 0);
});

test('a signal that cannot be read again is routed as it was', async () => {
  const org = await makePackageOrg();
  org.break({ get: ['Asset_Signal__c'], getTo: 1 });
  await org.publish(event('Opened'));
  org.break({});
  assert.deepEqual(endOf(org, opened), ['Acted', null, null]);
});

for (const reading of ['current', 'as-saved']) {
  test(`what became known while a signal waited to be routed counts (async-record=${reading})`, async () => {
    const org = await makePackageOrg([`async-record=${reading}`]);
    await setPolicy(org, { Route__c: 'Review' });
    org.stopAfter('Signal_EVT_Ingest');
    await org.publish(event('Opened'));
    const Account__c = org.insert('Account', { Name: 'Sold to' });
    const Asset__c = org.insert('Asset', { Name: 'Pump 2', AccountId: Account__c });
    const known = {
      Asset__c,
      Account__c,
      Review_Status__c: 'Confirmed',
      Review_Due_At__c: '2026-11-23T09:00:00.000Z',
      Notification__c: 'Sent',
    };
    await org.update('Asset_Signal__c', idOf(org), known);
    const found = org.only('Case');
    assert.deepEqual([found['AssetId'], found['AccountId']], [Asset__c, Account__c]);
    const signal = org.only('Asset_Signal__c');
    const kept = Object.fromEntries(Object.keys(known).map((name) => [name, signal[name]]));
    assert.deepEqual(kept, known);
  });

  test(`a signal that got its end while it waited to be routed keeps it (async-record=${reading})`, async () => {
    const org = await makePackageOrg([`async-record=${reading}`]);
    org.stopAfter('Signal_EVT_Ingest');
    await org.publish(event('Opened'));
    const by = { Disposition__c: 'Suppressed', Disposition_Reason__c: 'A test run of the pump.' };
    await org.update('Asset_Signal__c', idOf(org), by);
    assert.deepEqual(endOf(org, opened), ['Suppressed', 'A test run of the pump.', null]);
    assert.equal(org.rows('Case').length, 0);
  });
}
