import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event } from './packageOrg.ts';
import { makeScene } from './people.ts';
import type { Scene } from './people.ts';

const HOUR = 60;

/** A signal whose review was asked for two hours ahead of its time. */
async function requested(due: string | null = '2026-11-23T08:00:00.000Z'): Promise<Scene> {
  const scene = await makeScene({ Notify__c: 'Notification' });
  const review = { Review_Status__c: 'Requested', Review_Due_At__c: due };
  await scene.org.update('Asset_Signal__c', scene.signal, review);
  return scene;
}

const reviewOf = ({ org, signal }: Scene): RecordData =>
  org.rows('Asset_Signal__c').find(({ Id }) => Id === signal) ?? {};

test('a review is escalated to the minute, and the queue of last resort is told', async () => {
  const scene = await requested();
  const { org } = scene;
  await org.later(2 * HOUR - 1);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Requested');
  await org.later(1);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Escalated');
  assert.equal(reviewOf(scene)['Notification__c'], 'Sent');
  const [told, ...more] = org.sent.notifications();
  assert.equal(more.length, 0);
  assert.deepEqual(told?.recipientIds, [org.ids.triage]);
  assert.match(told?.title ?? '', /^Review is overdue: /);
});

test('a review that was decided in time is not escalated', async () => {
  const scene = await requested();
  await scene.org.update('Asset_Signal__c', scene.signal, {
    ...{ Review_Status__c: 'Dismissed', Review_Reason__c: 'Known rattle' },
  });
  await scene.org.later(3 * HOUR);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Dismissed');
  assert.equal(scene.org.sent.notifications().length, 0);
});

test('a review with more time is escalated when that is over', async () => {
  const scene = await requested();
  const later = { Review_Due_At__c: '2026-11-23T10:00:00.000Z' };
  await scene.org.update('Asset_Signal__c', scene.signal, later);
  await scene.org.later(3 * HOUR);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Requested');
  await scene.org.later(1 * HOUR);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Escalated');
});

test('the night finds what the path has missed, and leaves alone what has time or no time', async () => {
  const missed = await requested(null);
  const { org } = missed;
  // Saved past the path, as records are while a flow is switched off.
  org.plant('Asset_Signal__c', missed.signal, { Review_Due_At__c: '2026-11-22T08:00:00.000Z' });
  const others = [null, '2026-11-26T08:00:00.000Z'].map((due, index) => ({
    key: `other ${index}`,
    due,
  }));
  await org.publish(
    ...others.map(({ key }) => event('Opened', 0, { Event_Key__c: key, Episode_Key__c: key })),
  );
  const ids = others.map(({ key, due }) => {
    const row = org.rows('Asset_Signal__c').find(({ Event_Key__c }) => Event_Key__c === key);
    const id = String(row?.['Id']);
    org.plant('Asset_Signal__c', id, { Review_Status__c: 'Requested', Review_Due_At__c: due });
    return id;
  });
  await org.later(24 * HOUR);
  assert.equal(reviewOf(missed)['Review_Status__c'], 'Escalated');
  for (const signal of ids)
    assert.equal(reviewOf({ org, signal })['Review_Status__c'], 'Requested');
});

test('an escalation that cannot be saved is kept as a failure, and the next night escalates', async () => {
  const scene = await requested();
  const { org } = scene;
  org.break({ write: ['update Asset_Signal__c'] });
  await org.later(2 * HOUR);
  org.break({});
  const failure = org.only('Signal_Failure__c');
  assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Schedule', scene.signal]);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Requested');
  await org.later(24 * HOUR);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Escalated');
});

test('somebody who decides while the path runs is not overruled', async () => {
  const scene = await requested();
  const { org, signal } = scene;
  org.plant('Asset_Signal__c', signal, { Review_Status__c: 'Confirmed' });
  await org.later(2 * HOUR);
  assert.equal(reviewOf(scene)['Review_Status__c'], 'Confirmed');
});
