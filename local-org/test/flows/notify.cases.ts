import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import type { Breakage } from './breakable.ts';
import { event } from './packageOrg.ts';
import { ending, giveCase, makeScene, tell } from './people.ts';
import type { Scene } from './people.ts';

const mail = { Email: 'person@example.test' };
const withMail = async (scene: Scene): Promise<unknown> =>
  scene.org.update('User', scene.org.ids.person, mail);

test('by notification: the owner of the Case learns what, where, since when, and a click opens the Case', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const caseId = await giveCase(scene);
  const signal = await tell(scene);
  const { org } = scene;
  const [sent, ...more] = org.sent.notifications();
  const number = org.only('Case')['CaseNumber'];
  assert.equal(more.length, 0);
  assert.equal(sent?.typeId, org.only('CustomNotificationType')['Id']);
  assert.deepEqual(sent?.recipientIds, [org.ids.person]);
  assert.equal(sent?.targetId, caseId);
  assert.equal(sent?.title, `Vibration too high on Pump 1 (Medium), Case ${number}`);
  assert.equal(
    sent?.body,
    `Vibration too high on Pump 1, since 2026-11-23 05:00 UTC. Vibration rose to 8.4 mm/s. ${signal['Disposition_Reason__c']}\nSignal ${signal['Name']}, Case ${number}`,
  );
  assert.equal(ending(signal), 'Sent: Notification to person.');
  assert.deepEqual([org.rows('Task').length, org.sent.emails().length], [0, 0]);
});

test('by email: the owner gets it, and nothing else is sent', async () => {
  const scene = await makeScene({ Notify__c: 'Email' });
  await withMail(scene);
  await giveCase(scene);
  const signal = await tell(scene);
  const { org } = scene;
  const [sent, ...more] = org.sent.emails();
  assert.equal(more.length, 0);
  assert.deepEqual(sent?.addresses, ['person@example.test']);
  assert.match(sent?.subject ?? '', /^Vibration too high on Pump 1 \(Medium\), Case \d+$/);
  assert.match(sent?.body ?? '', /since 2026-11-23 05:00 UTC\. Vibration rose/);
  assert.equal(ending(signal), 'Sent: Email to person.');
  assert.deepEqual([org.rows('Task').length, org.sent.notifications().length], [0, 0]);
});

test('by Task: it belongs to the owner, is about the Case and is due today', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  scene.org.insert('Case', { Subject: 'Something else', OwnerId: scene.org.ids.bridgeUser });
  const caseId = await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: Task given.');
  const task = scene.org.only('Task');
  assert.deepEqual(
    [task['OwnerId'], task['WhatId'], task['ActivityDate'], task['Status'], task['Priority']],
    [scene.org.ids.person, caseId, '2026-11-23', 'Not Started', 'Normal'],
  );
  assert.match(String(task['Subject']), /^Vibration too high on Pump 1/);
  assert.match(String(task['Description']), /Vibration rose to 8\.4 mm\/s\./);
});

test('a policy that tells nobody is done at once', async () => {
  const scene = await makeScene({ Notify__c: 'Nobody' });
  await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: null');
  const { org } = scene;
  const told = [org.rows('Task'), org.sent.emails(), org.sent.notifications()];
  assert.deepEqual(told, [[], [], []]);
});

test('a Case of a queue is told to the queue, by notification and by its address', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const { org } = scene;
  await giveCase(scene, { OwnerId: org.ids.triage });
  assert.equal(ending(await tell(scene)), 'Sent: Notification to Signal Triage.');
  assert.deepEqual(org.sent.notifications()[0]?.recipientIds, [org.ids.triage]);
  await org.update('Signal_Policy__c', org.ids.policy, { Notify__c: 'Email' });
  await org.update('Group', org.ids.triage, { Email: 'triage@example.test' });
  assert.equal(ending(await tell(scene)), 'Sent: Email to Signal Triage.');
  assert.deepEqual(org.sent.emails()[0]?.addresses, ['triage@example.test']);
});

test('a person without an email address gets a Task, and the note says why', async () => {
  const scene = await makeScene({ Notify__c: 'Email' });
  await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: person has no email address. Task given.');
  assert.equal(scene.org.only('Task')['OwnerId'], scene.org.ids.person);
});

test('the notification type is missing: a Task', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const { org } = scene;
  await giveCase(scene);
  org.remove('CustomNotificationType', String(org.only('CustomNotificationType')['Id']));
  const other = { CustomNotifTypeName: 'Other', DeveloperName: 'Other', MasterLabel: 'Other' };
  org.insert('CustomNotificationType', other);
  const expected = 'Sent: The notification type Signal_Alert is missing. Task given.';
  assert.equal(ending(await tell(scene)), expected);
});

const faults: readonly (readonly [string, RecordData, Breakage, RegExp])[] = [
  [
    'notification types cannot be read',
    { Notify__c: 'Notification' },
    { get: ['CustomNotificationType'] },
    /^Sent: .*broken by a test.* Task given\.$/,
  ],
  [
    'the notification cannot be sent',
    { Notify__c: 'Notification' },
    { read: ['CustomNotificationType'] },
    /^Sent: .*not a custom notification type.* Task given\.$/,
  ],
  ['the policy cannot be read', {}, { get: ['Signal_Policy__c'] }, /^Sent: Task given\.$/],
  ['the equipment cannot be read', { Notify__c: 'Task' }, { get: ['Asset'] }, /^Sent: Task given/],
  [
    'the owner cannot be read',
    { Notify__c: 'Notification' },
    { get: ['User'] },
    /^Sent: The owner of the Case is not active any more\. Notification to Signal Triage\.$/,
  ],
];
for (const [what, policy, breakage, expected] of faults) {
  test(`${what}: somebody is told all the same`, async () => {
    const scene = await makeScene(policy);
    await giveCase(scene);
    scene.org.break(breakage);
    assert.match(ending(await tell(scene)), expected);
  });
}

test('an address that is none: the email fails, and a Task tells instead', async () => {
  const scene = await makeScene({ Notify__c: 'Email' });
  const { org } = scene;
  await org.update('User', org.ids.person, { Email: 'you;me@example.test' });
  await giveCase(scene);
  assert.match(ending(await tell(scene)), /^Sent: .*not an email address.* Task given\.$/);
});

test('what the texts speak of when little is known: the device, the policy key, this signal', async () => {
  const scene = await makeScene({}, { Device_Key__c: 'pump-999', Policy_Key__c: 'unheard-of' });
  const { org } = scene;
  await giveCase(scene);
  for (const how of ['get', 'missing']) {
    org.break({ [how]: ['Asset_Signal__c'], getFrom: 2 });
    await org.update('Asset_Signal__c', scene.signal, { Notification__c: 'Due' }, 'bridge');
    org.break({});
    await org.update('Asset_Signal__c', scene.signal, { Notification__c: null });
  }
  const tasks = org.rows('Task');
  assert.equal(tasks.length, 2);
  for (const task of tasks) {
    assert.match(String(task['Subject']), /^unheard-of on pump-999 \(Medium\), Case/);
    assert.match(String(task['Description']), /since 2026-11-23 05:00 UTC/);
  }
});

test('a later signal of the episode says since when the episode lasts', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org } = scene;
  const caseId = await giveCase(scene);
  const earlier = { Event_Key__c: 'earlier', Episode_Key__c: 'earlier' };
  await org.publish(event('Opened', -60, earlier));
  await org.publish(event('Updated', 40, { Severity__c: 'Critical' }));
  const later = org.rows('Asset_Signal__c').find(({ Phase__c }) => Phase__c === 'Updated');
  await tell({ org, signal: String(later?.['Id']) }, { Case__c: caseId });
  const task = org.only('Task');
  assert.match(String(task['Subject']), /\(Critical\)/);
  assert.match(String(task['Description']), /since 2026-11-23 05:00 UTC/);
});

test('a signal that was told meanwhile is not told again', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org, signal } = scene;
  await giveCase(scene);
  const waiting = org.update('Asset_Signal__c', signal, { Notification__c: 'Due' });
  // The asynchronous path has not begun yet.
  org.plant('Asset_Signal__c', signal, { Notification__c: 'Sent' });
  await waiting;
  assert.ok(org.steps.some(({ element }) => element === 'Is_Notification_Due'));
  assert.equal(org.rows('Task').length, 0);
});

test('a Case that a person removed meanwhile is not told of', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org, signal } = scene;
  const caseId = await giveCase(scene);
  const waiting = org.update('Asset_Signal__c', signal, { Notification__c: 'Due' });
  org.remove('Case', caseId);
  await waiting;
  const expected = 'Failed: The Case was removed before anybody was told.';
  assert.equal(ending(org.only('Asset_Signal__c')), expected);
  assert.deepEqual([org.rows('Task').length, org.rows('Signal_Failure__c').length], [0, 0]);
});

for (const get of ['Asset_Signal__c', 'Case']) {
  test(`${get} cannot be read: a failure is kept, and the signal is still due`, async () => {
    const scene = await makeScene({ Notify__c: 'Task' });
    const { org, signal } = scene;
    await giveCase(scene);
    org.break({ get: [get] });
    await org.update('Asset_Signal__c', signal, { Notification__c: 'Due' });
    org.break({});
    const failure = org.only('Signal_Failure__c');
    assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Notification', signal]);
    assert.match(String(failure['Reason__c']), /broken by a test/);
    assert.equal(org.only('Asset_Signal__c')['Notification__c'], 'Due');
    // Still due is not due again: any other save would tell people.
    await org.update('Asset_Signal__c', signal, { Purge_On__c: '2030-01-01' });
    assert.equal(org.rows('Task').length, 0);
  });
}

test('an outcome that cannot be saved is kept as a failure with what happened', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org, signal } = scene;
  await giveCase(scene);
  const waiting = org.update('Asset_Signal__c', signal, { Notification__c: 'Due' });
  org.break({ write: ['update Asset_Signal__c'] });
  await waiting;
  org.break({});
  const failure = org.only('Signal_Failure__c');
  assert.match(String(failure['Reason__c']), /refused by a test/);
  assert.equal(failure['Payload__c'], 'Task given.');
});
