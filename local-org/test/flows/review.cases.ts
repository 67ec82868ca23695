import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { endOf, numbered, setPolicy, signalWith } from './signals.ts';

/** An org whose policy asks a person from 0.4 on and acts without asking from 0.8 on. */
async function askingOrg(policy: RecordData = {}): Promise<PackageOrg> {
  const org = await makePackageOrg();
  await setPolicy(org, {
    Act_At_Confidence__c: 0.8,
    Review_At_Confidence__c: 0.4,
    Notify__c: 'Task',
    ...policy,
  });
  return org;
}

const unsure = (phase: 'Opened' | 'Updated' | 'Cleared', at = 0, changes: RecordData = {}) =>
  event(phase, at, { Confidence__c: 0.6, ...changes });
const opened = { Phase__c: 'Opened' };
const updated = { Phase__c: 'Updated' };
const waiting = ['Acted', 'Review requested.', 'Requested'];

async function review(org: PackageOrg, which: RecordData, changes: RecordData): Promise<void> {
  await org.update('Asset_Signal__c', String(signalWith(org, which)['Id']), changes);
}

type Becomes = 'case' | 'review' | 'record';
const bands: readonly (readonly [string, RecordData, number | null, Becomes])[] = [
  ['above the confidence to act at', {}, 0.9, 'case'],
  ['at the confidence to act at', {}, 0.8, 'case'],
  ['just below the confidence to act at', {}, 0.799, 'review'],
  ['at the confidence to ask at', {}, 0.4, 'review'],
  ['just below the confidence to ask at', {}, 0.399, 'record'],
  ['without any confidence', {}, null, 'review'],
  ['low, with no confidence to ask at', { Review_At_Confidence__c: null }, 0.01, 'review'],
  [
    'low, with no confidence to act at',
    { Act_At_Confidence__c: null, Review_At_Confidence__c: null },
    0.01,
    'case',
  ],
  ['sure, of a policy that always asks', { Route__c: 'Review' }, 1, 'review'],
  [
    'of a policy that always asks and has no bands',
    { Route__c: 'Review', Act_At_Confidence__c: null, Review_At_Confidence__c: null },
    null,
    'review',
  ],
];
for (const [what, policy, confidence, becomes] of bands) {
  test(`uncertain band: a signal ${what} becomes a ${becomes}`, async () => {
    const org = await askingOrg(policy);
    await org.publish(event('Opened', 0, { Confidence__c: confidence }));
    const signal = org.only('Asset_Signal__c');
    assert.equal(org.rows('Case').length, becomes === 'case' ? 1 : 0);
    assert.equal(signal['Review_Status__c'], becomes === 'review' ? 'Requested' : null);
    assert.equal(signal['Disposition__c'], becomes === 'record' ? 'Suppressed' : 'Acted');
  });
}

test('a signal that is too uncertain says how sure it was, and how sure the policy wants it', async () => {
  const org = await askingOrg();
  await org.publish(event('Opened', 0, { Confidence__c: 0.25 }));
  assert.deepEqual(endOf(org, opened), [
    'Suppressed',
    'Too uncertain: a confidence of 0.25; the policy Vibration too high asks a person from 0.4 on.',
    null,
  ]);
  assert.equal(org.only('Asset_Signal__c')['Notification__c'], null);
});

for (const [hours, due] of [
  [null, '2026-11-24T06:00:00.000Z'],
  [2, '2026-11-23T08:00:00.000Z'],
] as const) {
  test(`a review is due ${hours ?? 'as many hours as usual, 24,'} hours from now, and reviewers are told`, async () => {
    const org = await askingOrg({ Review_Within_Hours__c: hours });
    await org.publish(unsure('Opened'));
    assert.deepEqual(endOf(org, opened), waiting);
    const signal = org.only('Asset_Signal__c');
    assert.equal(signal['Review_Due_At__c'], due);
    assert.notEqual(signal['Notification__c'], null);
  });
}

test('a review of which the policy tells nobody is requested all the same', async () => {
  const org = await askingOrg({ Notify__c: 'Nobody', Tell_Customer__c: 'Task' });
  await org.publish(unsure('Opened'));
  assert.deepEqual(endOf(org, opened), waiting);
  assert.equal(org.only('Asset_Signal__c')['Notification__c'], null);
});

test('a signal whose episode has a Case follows it, however unsure, also where the policy always asks', async () => {
  const org = await askingOrg();
  await org.publish(event('Opened'));
  await setPolicy(org, { Route__c: 'Review' });
  await org.publish(unsure('Updated', 1, { Severity__c: 'High', Confidence__c: 0.1 }));
  assert.equal(org.only('Case')['Priority'], 'High');
  assert.deepEqual(endOf(org, updated), ['Acted', null, null]);
});

test('confirmed by a person, a signal opens its Case; who confirmed it and when is kept', async () => {
  const org = await askingOrg({ Route__c: 'Review' });
  await org.publish(unsure('Opened'));
  await review(org, opened, { Review_Status__c: 'Confirmed', Review_Reason__c: 'I heard it' });
  const signal = org.only('Asset_Signal__c');
  const found = org.only('Case');
  assert.deepEqual(endOf(org, opened), ['Acted', null, 'Confirmed']);
  assert.equal(signal['Case__c'], found['Id']);
  assert.equal(found['Asset_Signal__c'], signal['Id']);
  assert.deepEqual(
    [signal['Reviewed_By__c'], signal['Reviewed_At__c']],
    [org.ids.person, '2026-11-23T06:00:00.000Z'],
  );
});

test('a Case that was opened by a confirmation and removed by a person is not opened again', async () => {
  const org = await askingOrg({ Route__c: 'Review' });
  await org.publish(unsure('Opened'));
  await review(org, opened, { Review_Status__c: 'Confirmed' });
  org.remove('Case', String(org.only('Case')['Id']));
  await org.publish(unsure('Updated', 1));
  assert.equal(org.rows('Case').length, 0);
  assert.match(String(endOf(org, updated)[1]), /removed by a person/);
});

for (const [words, reason] of [
  ['Pump was serviced', 'Dismissed by a reviewer: Pump was serviced'],
  [null, 'Dismissed by a reviewer.'],
  ['x'.repeat(255), `Dismissed by a reviewer: ${'x'.repeat(230)}`],
] as const) {
  test(`dismissed by a person (${words?.slice(0, 20) ?? 'without words'}), a signal is suppressed`, async () => {
    const org = await askingOrg();
    await org.publish(unsure('Opened'));
    await review(org, opened, { Review_Status__c: 'Dismissed', Review_Reason__c: words });
    assert.deepEqual(endOf(org, opened), ['Suppressed', reason, 'Dismissed']);
    assert.equal(org.only('Asset_Signal__c')['Reviewed_By__c'], org.ids.person);
    assert.equal(org.rows('Case').length, 0);
  });
}

test('what a person says of a signal that has its Case is kept and changes nothing else', async () => {
  for (const Review_Status__c of ['Confirmed', 'Dismissed']) {
    const org = await askingOrg();
    await org.publish(event('Opened'));
    await review(org, opened, { Review_Status__c });
    assert.deepEqual(endOf(org, opened), ['Acted', null, Review_Status__c]);
    assert.equal(org.only('Asset_Signal__c')['Reviewed_By__c'], org.ids.person);
    assert.equal(org.rows('Case').length, 1);
  }
});

test('a dismissed signal that is set back by hand is suppressed again, one that was confirmed acts', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened'));
  await review(org, opened, { Review_Status__c: 'Dismissed' });
  await review(org, opened, { Disposition__c: 'Received' });
  assert.deepEqual(endOf(org, opened), ['Suppressed', 'Dismissed by a reviewer.', 'Dismissed']);
  await review(org, opened, { Review_Status__c: 'Confirmed' });
  assert.equal(org.rows('Case').length, 1);
});

test('a signal that waits for its review and is set back by hand is asked about again, and waits no longer for itself', async () => {
  for (const Review_Status__c of ['Requested', 'Escalated']) {
    const org = await askingOrg();
    await org.publish(unsure('Opened'));
    await review(org, opened, { Review_Status__c });
    await org.later(60);
    await review(org, opened, { Disposition__c: 'Received' });
    assert.deepEqual(endOf(org, opened), waiting);
    assert.equal(signalWith(org, opened)['Review_Due_At__c'], '2026-11-24T07:00:00.000Z');
  }
});

for (const status of ['Requested', 'Escalated']) {
  test(`while a review is ${status}, other signals of the episode wait for it, but not those that are sure`, async () => {
    const org = await askingOrg();
    await org.publish(unsure('Opened'));
    const { Id, Name } = org.only('Asset_Signal__c');
    await org.update('Asset_Signal__c', String(Id), { Review_Status__c: status });
    await org.publish(unsure('Updated', 1));
    assert.deepEqual(endOf(org, updated), [
      'Suppressed',
      `Waits for the review of ${String(Name)}.`,
      null,
    ]);
    assert.equal(org.rows('Case').length, 0);
    await org.publish(event('Updated', 2, { Confidence__c: 1 }));
    assert.equal(endOf(org, { Event_Key__c: 'episode-1 Updated 2' })[0], 'Acted');
    assert.equal(org.only('Case')['Signal_Episode_Key__c'], 'episode-1');
  });

  test(`while a review is ${status}, a policy that always asks lets nothing pass, however sure`, async () => {
    const org = await askingOrg();
    await org.update('Signal_Policy__c', org.ids.policy, { Route__c: 'Review' });
    await org.publish(unsure('Opened'));
    await review(org, opened, { Review_Status__c: status });
    await org.publish(event('Updated', 1, { Confidence__c: 1 }));
    assert.match(String(endOf(org, updated)[1]), /^Waits for the review/);
    assert.equal(org.rows('Case').length, 0);
  });
}

test('a policy that stops asking holds nothing up any more', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened'));
  await org.update('Signal_Policy__c', org.ids.policy, {
    Act_At_Confidence__c: null,
    Review_At_Confidence__c: null,
  });
  await org.publish(unsure('Updated', 1));
  assert.equal(org.rows('Case').length, 1);
});

test('what a person said of one signal counts for the later ones of its episode, and for no other', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened'));
  const { Name } = org.only('Asset_Signal__c');
  await review(org, opened, { Review_Status__c: 'Dismissed' });
  await org.publish(event('Updated', 1, { Confidence__c: 1 }), numbered(2, 'Opened', 0));
  assert.deepEqual(endOf(org, updated), [
    'Suppressed',
    `A reviewer dismissed this episode with ${String(Name)}.`,
    null,
  ]);
  assert.equal(org.only('Case')['Signal_Episode_Key__c'], 'episode e2');
});

test('after a confirmation whose Case could not be opened, the next signal opens it without asking', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened'));
  org.break({ write: ['insert Case'] });
  await review(org, opened, { Review_Status__c: 'Confirmed' });
  assert.equal(signalWith(org, opened)['Disposition__c'], 'Failed');
  org.break({});
  await org.publish(unsure('Updated', 1));
  assert.deepEqual(endOf(org, updated), ['Acted', null, null]);
  assert.equal(org.rows('Case').length, 1);
});

test('of several reviews of an episode the newest counts', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened', 0), unsure('Updated', 1));
  assert.deepEqual(endOf(org, updated), waiting, 'both read before either was saved');
  await review(org, opened, { Review_Status__c: 'Dismissed' });
  await org.publish(unsure('Updated', 2));
  const { Name } = signalWith(org, { Event_Key__c: 'episode-1 Updated 1' });
  const third = { Event_Key__c: 'episode-1 Updated 2' };
  assert.equal(endOf(org, third)[1], `Waits for the review of ${String(Name)}.`);
  await review(org, { Event_Key__c: 'episode-1 Updated 1' }, { Review_Status__c: 'Confirmed' });
  assert.equal(org.rows('Case').length, 1, 'the other was dismissed, this one was not');
});

test('a review that expired holds nothing up', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened'));
  await org.publish(event('Cleared', 1));
  assert.equal(signalWith(org, opened)['Review_Status__c'], 'Expired');
  await org.publish(unsure('Updated', 2));
  assert.deepEqual(endOf(org, updated), waiting, 'asked anew');
  await org.publish(event('Updated', 3, { Confidence__c: 1 }));
  assert.equal(org.rows('Case').length, 1);
});

test('a confirmation after the episode ended opens no Case, and says so', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened'));
  await org.publish(event('Cleared', 1));
  await review(org, opened, { Review_Status__c: 'Confirmed' });
  assert.deepEqual(endOf(org, opened), [
    'Suppressed',
    'The episode had ended before this signal was routed.',
    'Confirmed',
  ]);
});

test('the end of an episode expires what nobody has answered, and only that', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened', 0), unsure('Updated', 1), unsure('Updated', 9));
  await org.publish(numbered(2, 'Opened', 0, { Confidence__c: 0.6 }));
  const at = (minute: number) => ({ Event_Key__c: `episode-1 Updated ${minute}` });
  await org.update('Asset_Signal__c', String(signalWith(org, at(1))['Id']), {
    Review_Status__c: 'Escalated',
  });
  await org.publish(event('Cleared', 5));
  const statuses = [opened['Phase__c'], at(1), at(9)].map((which) =>
    typeof which === 'string'
      ? signalWith(org, { Event_Key__c: 'episode-1 Opened 0' })['Review_Status__c']
      : signalWith(org, which)['Review_Status__c'],
  );
  assert.deepEqual(statuses, ['Expired', 'Expired', 'Requested'], 'the last came after the end');
  const other = signalWith(org, { Episode_Key__c: 'episode e2' });
  assert.equal(other['Review_Status__c'], 'Requested');
  assert.deepEqual(endOf(org, { Phase__c: 'Cleared' }), [
    'Suppressed',
    'The episode ended and has no Case to clear.',
    null,
  ]);
  assert.equal(signalWith(org, { Event_Key__c: 'episode-1 Opened 0' })['Disposition__c'], 'Acted');
});

for (const answer of ['Confirmed', 'Dismissed']) {
  test(`a review that was ${answer} does not expire`, async () => {
    const org = await askingOrg();
    await org.publish(unsure('Opened'));
    await review(org, opened, { Review_Status__c: answer });
    await org.publish(event('Cleared', 1));
    assert.equal(signalWith(org, opened)['Review_Status__c'], answer);
  });
}

test('a review whose policy was switched off meanwhile expires with its episode, too', async () => {
  const org = await askingOrg();
  await org.publish(unsure('Opened'));
  await setPolicy(org, { Active__c: false });
  await org.publish(event('Cleared', 1));
  assert.equal(signalWith(org, opened)['Review_Status__c'], 'Expired');
});

test('reviews that cannot be ended are kept as a failure, and the end is routed all the same', async () => {
  const org = await askingOrg();
  await org.publish(event('Opened'));
  // The first look-up of signals is for how the signal stands, the second for the reviews to end.
  org.break({ get: ['Asset_Signal__c'], getFrom: 2, getTo: 2 });
  await org.publish(event('Cleared', 1));
  org.break({});
  assert.equal(endOf(org, { Phase__c: 'Cleared' })[0], 'Acted');
  const { Stage__c, Reason__c, Event_Key__c } = org.only('Signal_Failure__c');
  assert.deepEqual([Stage__c, Event_Key__c], ['Route', 'episode-1 Cleared 1']);
  assert.match(String(Reason__c), /broken by a test/);
});

for (const look of [2, 3, 4]) {
  test(`other signals that cannot be read (look-up ${look}) fail the signal, and a retry asks again`, async () => {
    const org = await askingOrg();
    org.break({ get: ['Asset_Signal__c'], getFrom: look, getTo: look });
    await org.publish(unsure('Opened'));
    org.break({});
    const signal = org.only('Asset_Signal__c');
    assert.equal(signal['Disposition__c'], 'Failed');
    assert.match(String(signal['Disposition_Reason__c']), /broken by a test/);
    await review(org, opened, { Retry_Requested_At__c: '2026-11-23T06:30:00.000Z' });
    assert.deepEqual(endOf(org, opened), waiting);
  });
}

test('200 signals of all confidences in one batch each become what the policy says', async () => {
  const org = await askingOrg();
  const confidenceOf = (index: number) => (index % 10) / 10;
  const events = Array.from({ length: 200 }, (_, index) =>
    numbered(index, 'Opened', 0, { Confidence__c: confidenceOf(index) }),
  );
  await org.publish(...events);
  for (let index = 0; index < 200; index += 1) {
    const [disposition, , status] = endOf(org, { Episode_Key__c: `episode e${index}` });
    const confidence = confidenceOf(index);
    const wanted =
      confidence >= 0.8
        ? ['Acted', null]
        : confidence >= 0.4
          ? ['Acted', 'Requested']
          : ['Suppressed', null];
    assert.deepEqual([disposition, status], wanted, `confidence ${confidence}`);
  }
  assert.equal(org.rows('Case').length, 40);
});

test('200 reviews confirmed in one call are 200 Cases, in a transaction of their own', async () => {
  const org = await askingOrg();
  const events = Array.from({ length: 200 }, (_, index) =>
    numbered(index, 'Opened', 0, { Confidence__c: 0.5 }),
  );
  await org.publish(...events);
  const ids = org.rows('Asset_Signal__c').map(({ Id }) => ({ Id }));
  await org.saveAll(
    'update',
    'Asset_Signal__c',
    ids.map(({ Id }) => ({ Id: Id ?? null, Review_Status__c: 'Confirmed' })),
  );
  assert.equal(org.rows('Case').length, 200);
  const saving = org.transactions.find(({ flows }) => flows.has('Signal_BeforeUpdate_Reopen'));
  assert.ok(saving !== undefined && !saving.flows.has('Signal_SFL_Route'));
});
