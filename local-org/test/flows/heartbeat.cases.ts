import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

/* Minutes after six o'clock, when the clock of a test org begins. */
const at = (minutes: number): string =>
  new Date(Date.parse('2026-11-23T06:00:00Z') + minutes * 60_000).toISOString();
/* What a bridge writes at each report: it is heard of now, and again within five minutes. */
const heartbeat = (minutes: number, more: RecordData = {}): RecordData => ({
  Status__c: 'Running',
  Heartbeat_At__c: at(minutes),
  Heartbeat_Due_At__c: at(minutes + 5),
  ...more,
});

async function makeBridge(org: PackageOrg, values: RecordData = heartbeat(0)): Promise<string> {
  const row = { Name: 'Plant North', Bridge_Key__c: 'north', ...values };
  const [made] = await org.saveAll('insert', 'Signal_Bridge__c', [row], 'bridge');
  assert.ok(made?.ok);
  return made.id;
}
const report = (org: PackageOrg, id: string, values: RecordData): Promise<void> =>
  org.update('Signal_Bridge__c', id, values, 'bridge');
const state = (org: PackageOrg): unknown[] => {
  const { Status__c, Silent_Since__c } = org.only('Signal_Bridge__c');
  return [Status__c, Silent_Since__c];
};
const alerts = (org: PackageOrg): number => org.sent.notifications().length;
const runs = (org: PackageOrg): number =>
  org.steps.filter(
    ({ flow, element }) =>
      flow === 'Bridge_AfterSave_WatchHeartbeat' && element === 'Is_Bridge_Silent',
  ).length;

test('a bridge that does not report in time is silent: the triage queue is notified and has a Task, once', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org);
  await org.later(4);
  assert.deepEqual(state(org), ['Running', null]);
  assert.equal(alerts(org), 0);
  await org.later(1);
  assert.deepEqual(state(org), ['Silent', at(0)]);
  const [alert] = org.sent.notifications();
  assert.deepEqual(alert?.recipientIds, [org.ids.triage]);
  assert.equal(alert.title, 'The bridge Plant North is silent');
  assert.match(alert.body, /since 2026-11-23 06:00:00Z \(UTC\)/);
  assert.equal(alert.targetId, id);
  const task = org.only('Task');
  assert.equal(task['Subject'], 'The bridge Plant North is silent');
  assert.match(String(task['Description']), /Look whether its program runs/);
  assert.deepEqual(
    [task['OwnerId'], task['WhatId'], task['ActivityDate']],
    [org.ids.triage, id, '2026-11-23'],
  );
  await org.later(60 * 24);
  assert.equal(alerts(org), 1);
  assert.equal(org.rows('Task').length, 1);
  assert.deepEqual(org.rows('Signal_Failure__c'), []);
});

test('a bridge that reports every minute is never called silent, and nothing piles up', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org);
  const before = org.steps.length;
  for (let minute = 1; minute <= 30; minute += 1) {
    await org.later(1);
    await report(org, id, heartbeat(minute));
  }
  // Not one element of any flow is executed for a report.
  assert.equal(org.steps.length, before);
  await org.later(4);
  assert.equal(runs(org), 0);
  await org.later(1);
  assert.equal(runs(org), 1);
  assert.deepEqual(state(org), ['Silent', at(30)]);
});

test('a bridge that is heard of again is no longer silent, whether or not it says that it runs', async () => {
  for (const values of [
    heartbeat(20),
    { Heartbeat_At__c: at(20), Heartbeat_Due_At__c: at(25) },
    heartbeat(20, { Heartbeat_At__c: at(0) }),
  ]) {
    const org = await makePackageOrg();
    const id = await makeBridge(org);
    await org.later(20);
    assert.deepEqual(state(org), ['Silent', at(0)]);
    await report(org, id, values);
    assert.deepEqual(state(org), ['Running', null]);
    await org.later(4);
    assert.equal(alerts(org), 1);
    await org.later(1);
    assert.equal(state(org)[0], 'Silent');
    assert.equal(alerts(org), 2);
  }
});

test('a bridge that says goodbye is not watched, also after a silence', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org);
  await org.later(2);
  await report(org, id, { Status__c: 'Stopped' });
  await org.later(60);
  assert.deepEqual(state(org), ['Stopped', null]);
  await report(org, id, heartbeat(62));
  await org.later(10);
  assert.equal(state(org)[0], 'Silent');
  await report(org, id, { Status__c: 'Stopped' });
  assert.deepEqual(state(org), ['Stopped', null]);
  await org.later(60);
  assert.equal(alerts(org), 1);
});

test('what a silent bridge has not to do with leaves the silence as it is', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org);
  await org.later(5);
  await org.update('Signal_Bridge__c', id, { Name: 'Plant South', Message__c: 'looked at' });
  assert.deepEqual(state(org), ['Silent', at(0)]);
});

test('a bridge that names no time is not watched; one that has never reported is silent since it had to', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org, { Status__c: 'Running' });
  await org.later(60 * 24);
  assert.deepEqual(state(org), ['Running', null]);
  const due = at(60 * 24 + 5);
  await report(org, id, { Heartbeat_Due_At__c: due });
  await org.later(5);
  assert.deepEqual(state(org), ['Silent', due]);
});

test('a report that arrives while the path is about to run counts', async () => {
  const org = await makePackageOrg(['async-record=as-saved']);
  const id = await makeBridge(org);
  // Past flows and queue, as a report in the very moment the path has begun.
  org.plant('Signal_Bridge__c', id, heartbeat(4));
  await org.later(5);
  assert.equal(runs(org), 1);
  assert.deepEqual(state(org), ['Running', null]);
  assert.equal(alerts(org), 0);
  org.plant('Signal_Bridge__c', id, { Status__c: 'Stopped' });
  await org.later(60);
  assert.equal(state(org)[0], 'Stopped');
});

test('a bridge that stopped while the path is about to run is not called silent', async () => {
  const org = await makePackageOrg(['async-record=as-saved']);
  const id = await makeBridge(org);
  org.plant('Signal_Bridge__c', id, { Status__c: 'Stopped' });
  await org.later(5);
  assert.equal(runs(org), 1);
  assert.deepEqual(state(org), ['Stopped', null]);
  assert.equal(alerts(org), 0);
});

test('of several bridges each is watched by its own time', async () => {
  const org = await makePackageOrg();
  const [north, south] = [
    await makeBridge(org, heartbeat(0, { Name: 'North', Bridge_Key__c: 'n' })),
    await makeBridge(org, heartbeat(2, { Name: 'South', Bridge_Key__c: 's' })),
  ];
  const silent = (): unknown[] =>
    org
      .rows('Signal_Bridge__c')
      .filter(({ Status__c }) => Status__c === 'Silent')
      .map(({ Id }) => Id);
  await org.later(5);
  assert.deepEqual(silent(), [north]);
  await org.later(2);
  assert.deepEqual(silent(), [north, south]);
  assert.equal(alerts(org), 2);
});

test('a bridge that cannot be read is a failure', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org);
  org.break({ get: ['Signal_Bridge__c'] });
  await org.later(5);
  org.break({});
  const failure = org.only('Signal_Failure__c');
  assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Schedule', id]);
  assert.match(String(failure['Reason__c']), /broken by a test/);
  assert.match(String(failure['Payload__c']), /Plant North since 2026-11-23 06:00:00Z/);
});

test('a bridge that cannot be marked is a failure, and people are told all the same', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org);
  org.break({ write: ['update Signal_Bridge__c'] });
  await org.later(5);
  const failure = org.only('Signal_Failure__c');
  assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Schedule', id]);
  assert.match(String(failure['Reason__c']), /refused by a test/);
  assert.match(String(failure['Payload__c']), /Nothing was heard from the bridge Plant North/);
  assert.equal(alerts(org), 1);
  assert.equal(org.rows('Task').length, 1);
});

test('a Task that cannot be given is a failure, and people are notified all the same', async () => {
  const org = await makePackageOrg();
  const id = await makeBridge(org);
  org.break({ write: ['insert Task'] });
  await org.later(5);
  assert.equal(alerts(org), 1);
  const failure = org.only('Signal_Failure__c');
  assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Schedule', id]);
  assert.match(String(failure['Reason__c']), /No Task could be made: .*refused by a test/);
  assert.match(String(failure['Payload__c']), /Nothing was heard from the bridge Plant North/);
});

test('a queue that is gone leaves two failures and a bridge that is marked', async () => {
  const org = await makePackageOrg();
  await makeBridge(org);
  org.break({ get: ['Group'] });
  await org.later(5);
  org.break({});
  assert.equal(state(org)[0], 'Silent');
  assert.equal(alerts(org), 0);
  assert.equal(org.rows('Signal_Failure__c').length, 2);
});
