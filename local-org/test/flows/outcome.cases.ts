import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import { giveCase, makeScene } from './people.ts';
import type { Scene } from './people.ts';

const notices = ({ org }: Scene): unknown[] =>
  org
    .published('Signal_Notice__e')
    .map(({ Kind__c, Record_Id__c }) => [Kind__c, Record_Id__c])
    .filter(([kind]) => kind === 'Outcome');

/** A Case that signals opened, or one of the customer's own. */
async function withCase(key: string | null): Promise<Scene & { readonly caseId: string }> {
  const scene = await makeScene({});
  const caseId = await giveCase(scene, { Signal_Episode_Key__c: key });
  return { ...scene, caseId };
}

const outcomes: readonly RecordData[] = [
  { Signal_Outcome__c: 'False Alarm' },
  { Signal_Fixed_First_Time__c: 'Yes' },
  { Signal_Parts_Used__c: 'Bearing 6204' },
  { Signal_Satisfaction__c: 5 },
];
for (const outcome of outcomes) {
  test(`the bridge is told of ${Object.keys(outcome)[0]}, and no more than which Case`, async () => {
    const { caseId, ...scene } = await withCase('episode-1');
    await scene.org.update('Case', caseId, outcome);
    assert.deepEqual(notices(scene), [['Outcome', caseId]]);
    await scene.org.update('Case', caseId, outcome);
    assert.equal(notices(scene).length, 1);
  });
}

test('anything else of the Case is not for the bridge, and no outcome of a Case of the customer’s own', async () => {
  const signals = await withCase('episode-1');
  await signals.org.update('Case', signals.caseId, { Subject: 'It shakes badly' });
  assert.deepEqual(notices(signals), []);
  const own = await withCase(null);
  await own.org.update('Case', own.caseId, { Signal_Outcome__c: 'False Alarm' });
  assert.deepEqual(notices(own), []);
});

for (const [status, expected] of [
  ['Requested', 0],
  ['Escalated', 0],
  ['Confirmed', 1],
  ['Dismissed', 1],
  ['Expired', 0],
] as const) {
  test(`a review that becomes ${status}: ${expected} notices`, async () => {
    const scene = await makeScene({});
    const { org, signal } = scene;
    await org.update('Asset_Signal__c', signal, { Review_Status__c: status });
    await org.update('Asset_Signal__c', signal, { Review_Reason__c: 'Seen on site' });
    assert.deepEqual(notices(scene), expected === 1 ? [['Outcome', signal]] : []);
  });
}

test('what cannot be told is kept in words: of a Case its number and outcome, of a signal its review', async () => {
  const org = await makePackageOrg([], { hourlyPublished: 0, dailyDelivered: 0 });
  await org.update('Signal_Policy__c', org.ids.policy, { Route__c: 'Record Only' });
  const signal = org.insert('Asset_Signal__c', event('Opened'));
  const caseId = await giveCase({ org, signal }, { Signal_Episode_Key__c: 'episode-1' });
  const before = org.rows('Signal_Failure__c').length;
  await org.update('Case', caseId, { Signal_Outcome__c: 'False Alarm' });
  await org.update('Asset_Signal__c', signal, { Review_Status__c: 'Dismissed' });
  const number = org.only('Case')['CaseNumber'];
  const name = org.only('Asset_Signal__c')['Name'];
  assert.deepEqual(
    org
      .rows('Signal_Failure__c')
      .slice(before)
      .map(({ Stage__c, Payload__c }) => [Stage__c, Payload__c]),
    [
      ['Notice', `Outcome of Case ${number} (${caseId}): False Alarm`],
      ['Notice', `Review of signal ${name} (${signal}): Dismissed`],
    ],
  );
});

test('a verdict that is turned round is told again', async () => {
  const scene = await makeScene({});
  const { org, signal } = scene;
  await org.update('Asset_Signal__c', signal, { Review_Status__c: 'Dismissed' });
  await org.update('Asset_Signal__c', signal, { Review_Status__c: 'Confirmed' });
  assert.equal(notices(scene).length, 2);
});
