import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { ending, giveCase, makeScene, tell } from './people.ts';
import type { Scene } from './people.ts';

// Who is told when the owner of the Case is not there, and who when there is no Case but a review.

/** The plant's own queue, which the policy names. */
async function withPlantQueue(scene: Scene): Promise<string> {
  const { org } = scene;
  const queue = org.insert('Group', { DeveloperName: 'Plant', Name: 'Plant', Type: 'Queue' });
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Plant' });
  return queue;
}

const recipients = ({ org }: Scene): readonly string[] =>
  org.sent.notifications().flatMap(({ recipientIds }) => recipientIds);

test('an owner who left: the queue of the policy is told, and the note says why', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const queue = await withPlantQueue(scene);
  await giveCase(scene);
  await scene.org.update('User', scene.org.ids.person, { IsActive: false });
  const expected = 'Sent: The owner of the Case is not active any more. Notification to Plant.';
  assert.equal(ending(await tell(scene)), expected);
  assert.deepEqual(recipients(scene), [queue]);
});

test('a queue that was deleted while it owned the Case: the queue of the policy is told', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const { org } = scene;
  const gone = org.insert('Group', { DeveloperName: 'Gone', Name: 'Gone', Type: 'Queue' });
  org.insert('QueueSobject', { QueueId: gone, SobjectType: 'Case' });
  const queue = await withPlantQueue(scene);
  await giveCase(scene, { OwnerId: gone });
  org.plant('Group', gone, { Type: 'Regular' });
  await tell(scene);
  assert.deepEqual(recipients(scene), [queue]);
});

test('queues that cannot be read leave a Task to nobody: Failed, and a failure is kept', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const { org } = scene;
  await giveCase(scene, { OwnerId: org.ids.triage });
  org.break({ get: ['Group'] });
  const signal = await tell(scene);
  org.break({});
  assert.match(ending(signal), /^Failed: Nobody is there to be told: neither the queue Signal_/);
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Stage__c'], 'Notification');
  assert.equal(failure['Record_Id__c'], scene.signal);
  assert.match(String(failure['Payload__c']), /Vibration too high on Pump 1/);
});

test('neither the queue of the policy nor Signal_Triage exists: the note names both', async () => {
  const scene = await makeScene({ Notify__c: 'Notification', Queue__c: null });
  const { org } = scene;
  org.remove('Group', org.ids.triage);
  const signal = await tell(scene, { Review_Status__c: 'Requested' });
  const expected =
    'Failed: Nobody is there to be told: neither the queue (none) nor Signal_Triage was found.';
  assert.equal(ending(signal), expected);
});

const reviews: readonly (readonly [string, RecordData, RegExp, 'plant' | 'triage'])[] = [
  ['Requested', { Notify__c: 'Notification' }, /^Please review: Vibration too high/, 'plant'],
  ['Escalated', { Notify__c: 'Notification' }, /^Review is overdue: Vibration/, 'triage'],
  ['Escalated', { Notify__c: 'Nobody' }, /^Review is overdue: Vibration/, 'triage'],
];
for (const [status, policy, title, whose] of reviews) {
  test(`a review that is ${status}, policy tells ${policy['Notify__c']}: the ${whose} queue is told, a click opens the signal`, async () => {
    const scene = await makeScene(policy);
    const queue = await withPlantQueue(scene);
    await tell(scene, { Review_Status__c: status });
    const [sent, ...more] = scene.org.sent.notifications();
    assert.equal(more.length, 0);
    assert.deepEqual(sent?.recipientIds, [whose === 'plant' ? queue : scene.org.ids.triage]);
    assert.match(sent?.title ?? '', title);
    assert.equal(sent?.targetId, scene.signal);
    assert.doesNotMatch(`${sent?.title} ${sent?.body}`, /Case/);
  });
}

for (const [whose, status, queue] of [
  ['of the policy', 'Requested', 'Plant'],
  ['of last resort', 'Escalated', 'Signal_Triage'],
] as const) {
  test(`a review is told to the address of the queue ${whose}`, async () => {
    const scene = await makeScene({ Notify__c: 'Email' });
    const { org } = scene;
    await withPlantQueue(scene);
    for (const { Id, DeveloperName } of org.rows('Group'))
      await org.update('Group', String(Id), { Email: `${DeveloperName}@example.test` });
    await tell(scene, { Review_Status__c: status });
    assert.deepEqual(org.sent.emails()[0]?.addresses, [`${queue}@example.test`]);
  });
}

test('a Case that came of an overdue review is told to its owner', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  await giveCase(scene);
  await tell(scene, { Review_Status__c: 'Escalated' });
  assert.deepEqual(recipients(scene), [scene.org.ids.person]);
  assert.match(scene.org.sent.notifications()[0]?.title ?? '', /^Vibration too high/);
});

test('a public group with the name of a queue is none', async () => {
  const scene = await makeScene({ Notify__c: 'Notification', Queue__c: 'Plant' });
  const { org } = scene;
  org.insert('Group', { DeveloperName: 'Plant', Name: 'Plant', Type: 'Regular' });
  await tell(scene, { Review_Status__c: 'Requested' });
  assert.deepEqual(recipients(scene), [org.ids.triage]);
});

test('neither another queue nor a group of that name stands in for Signal_Triage', async () => {
  const scene = await makeScene({ Notify__c: 'Notification', Tell_Customer__c: 'Task' });
  const { org } = scene;
  org.remove('Group', org.ids.triage);
  org.insert('Group', { DeveloperName: 'Other', Name: 'Other', Type: 'Queue' });
  org.insert('Group', { DeveloperName: 'Signal_Triage', Name: 'Triage', Type: 'Regular' });
  await giveCase(scene);
  await org.update('User', org.ids.person, { IsActive: false });
  org.plant('Signal_Policy__c', org.ids.policy, { Queue__c: null });
  assert.match(ending(await tell(scene)), /^Failed: .*No Task could be made: its owner is not/);
  assert.deepEqual([recipients(scene), org.rows('Task')], [[], []]);
});

test('the policy names a queue that does not exist: Signal_Triage reviews', async () => {
  const scene = await makeScene({ Notify__c: 'Notification', Queue__c: 'Nobody' });
  await tell(scene, { Review_Status__c: 'Requested' });
  assert.deepEqual(recipients(scene), [scene.org.ids.triage]);
});

for (const [what, due, day] of [
  ['by its time', '2026-11-25T09:00:00.000Z', '2026-11-25'],
  ['today when its time is over', '2026-11-21T09:00:00.000Z', '2026-11-23'],
  ['today when it has no time', null, '2026-11-23'],
] as const) {
  test(`a Task to review is about the signal and due ${what}`, async () => {
    const scene = await makeScene({ Notify__c: 'Task' });
    await tell(scene, { Review_Status__c: 'Requested', Review_Due_At__c: due });
    // Where its time is over, another Task follows at once: it is escalated.
    const [task] = scene.org.rows('Task');
    assert.deepEqual([task?.['WhatId'], task?.['ActivityDate']], [scene.signal, day]);
    assert.equal(task?.['OwnerId'], scene.org.ids.triage);
  });
}

test('nobody is to be told and nobody is there: that is no failure', async () => {
  const scene = await makeScene({ Notify__c: 'Nobody', Queue__c: null });
  const { org } = scene;
  org.remove('Group', org.ids.triage);
  assert.match(ending(await tell(scene, { Review_Status__c: 'Requested' })), /^Sent: /);
  assert.equal(org.rows('Signal_Failure__c').length, 0);
});

test('a policy that was deleted: a Task all the same', async () => {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const { org } = scene;
  await giveCase(scene);
  org.remove('Signal_Policy__c', org.ids.policy);
  assert.equal(ending(await tell(scene)), 'Sent: Task given.');
  assert.match(String(org.only('Task')['Subject']), /^vibration on Pump 1/);
});
