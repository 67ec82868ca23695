import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

const signalOf = (org: PackageOrg, phase: string): RecordData => {
  const found = org.rows('Asset_Signal__c').filter(({ Phase__c }) => Phase__c === phase);
  assert.equal(found.length, 1, `${phase} signals`);
  return found[0] ?? {};
};

test('an Opened signal opens a Case for the asset, in the queue of the policy, with the reason in words', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened', 0, { Severity__c: 'Critical' }));
  const found = org.only('Case');
  assert.equal(found['AssetId'], org.ids.asset);
  assert.equal(found['AccountId'], org.ids.account);
  assert.equal(found['OwnerId'], org.ids.triage);
  assert.equal(found['Priority'], 'High');
  assert.equal(found['Subject'], 'Vibration too high: pump-001');
  assert.match(String(found['Description']), /Vibration rose to 8\.4 mm\/s/);
  assert.match(String(found['Description']), /policy vibration version 3/);
  assert.equal(found['Signal_Episode_Key__c'], 'episode-1');
  const signal = signalOf(org, 'Opened');
  assert.equal(signal['Disposition__c'], 'Acted');
  assert.equal(signal['Case__c'], found['Id']);
});

for (const [severity, priority] of [
  ['Critical', 'High'],
  ['High', 'High'],
  ['Medium', 'Medium'],
  ['Low', 'Low'],
] as const) {
  test(`severity ${severity} becomes priority ${priority}`, async () => {
    const org = await makePackageOrg();
    await org.publish(event('Opened', 0, { Severity__c: severity }));
    assert.equal(org.only('Case')['Priority'], priority);
  });
}

test('the priority a policy names wins over the severity', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Case_Priority__c: 'Low' });
  await org.publish(event('Opened', 0, { Severity__c: 'Critical' }));
  assert.equal(org.only('Case')['Priority'], 'Low');
});

test('Updated and Cleared go to the same Case: priority, last event, and a comment', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  await org.publish(event('Updated', 1, { Severity__c: 'High' }));
  assert.equal(org.only('Case')['Priority'], 'High');
  await org.publish(event('Cleared', 2));
  const found = org.only('Case');
  assert.equal(found['Signal_Last_Event_At__c'], '2026-11-23T05:02:00.000Z');
  assert.equal(found['IsClosed'], false);
  const comments = org.rows('CaseComment').map(({ CommentBody }) => String(CommentBody));
  assert.equal(comments.length, 2);
  assert.match(comments[0] ?? '', /^The trouble has grown from Medium to High/);
  assert.match(comments[1] ?? '', /^The episode has ended/);
  assert.equal(signalOf(org, 'Updated')['Disposition__c'], 'Acted');
  assert.equal(signalOf(org, 'Cleared')['Disposition__c'], 'Acted');
});

test('an Updated whose Opened never arrived opens the Case', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Updated', 1));
  assert.equal(org.only('Case')['Signal_Episode_Key__c'], 'episode-1');
});

test('where only the later of two duplicates fails, two signals of one episode in one batch are one Case', async () => {
  const org = await makePackageOrg(['duplicate-in-batch=row']);
  await org.publish(event('Opened', 0), event('Updated', 1, { Severity__c: 'High' }));
  assert.equal(org.only('Case')['Priority'], 'High');
  assert.deepEqual(
    org.rows('Asset_Signal__c').map(({ Disposition__c }) => Disposition__c),
    ['Acted', 'Acted'],
  );
});

test('a full batch of 200 episodes is 200 Cases', async () => {
  const org = await makePackageOrg();
  const events = Array.from({ length: 200 }, (_, index) =>
    event('Opened', 0, { Event_Key__c: `event ${index}`, Episode_Key__c: `episode ${index}` }),
  );
  await org.publish(...events);
  assert.equal(org.rows('Case').length, 200);
  assert.ok(org.rows('Asset_Signal__c').every(({ Disposition__c }) => Disposition__c === 'Acted'));
});

test('a Cleared without a Case ends suppressed and opens none', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Cleared', 2));
  assert.equal(org.rows('Case').length, 0);
  assert.match(String(signalOf(org, 'Cleared')['Disposition_Reason__c']), /no Case to clear/);
});

test('an Opened that arrives after its Cleared opens no Case', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Cleared', 2));
  await org.publish(event('Opened', 0));
  assert.equal(org.rows('Case').length, 0);
  assert.match(String(signalOf(org, 'Opened')['Disposition_Reason__c']), /had ended/);
});

test('an older signal is recorded and changes nothing on the Case', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened', 5));
  await org.publish(event('Updated', 1, { Severity__c: 'Critical' }));
  assert.equal(org.only('Case')['Priority'], 'Medium');
  const signal = signalOf(org, 'Updated');
  assert.equal(signal['Disposition__c'], 'Suppressed');
  assert.match(String(signal['Disposition_Reason__c']), /Older/);
});

test('a Case that a person removed is not opened again', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  org.remove('Case', String(org.only('Case')['Id']));
  await org.publish(event('Updated', 1));
  assert.equal(org.rows('Case').length, 0);
  assert.match(String(signalOf(org, 'Updated')['Disposition_Reason__c']), /removed by a person/);
});

test('a Case that a person closed is left alone', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  await org.update('Case', String(org.only('Case')['Id']), { Status: 'Closed' });
  await org.publish(event('Updated', 1, { Severity__c: 'Critical' }));
  assert.equal(org.only('Case')['Priority'], 'Medium');
  assert.match(String(signalOf(org, 'Updated')['Disposition_Reason__c']), /closed/);
});

test('an untouched Case is closed on Cleared when the policy says so', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Close_When_Cleared__c: true });
  await org.publish(event('Opened'));
  await org.publish(event('Cleared', 2));
  assert.equal(org.only('Case')['Status'], 'Closed');
});

test('trouble that returns opens again the Case that the router had closed', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Close_When_Cleared__c: true });
  await org.publish(event('Opened'));
  await org.publish(event('Cleared', 2));
  await org.publish(event('Updated', 3, { Severity__c: 'Critical' }));
  const found = org.only('Case');
  assert.equal(found['IsClosed'], false);
  assert.equal(found['Priority'], 'High');
  assert.match(String(signalOf(org, 'Updated')['Disposition_Reason__c']), /returned/);
});

test('without an open default status a Case the router closed stays closed, and the signal says so', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Close_When_Cleared__c: true });
  await org.publish(event('Opened'));
  await org.publish(event('Cleared', 2));
  const initial = org.rows('CaseStatus').find(({ IsDefault }) => IsDefault === true);
  await org.update('CaseStatus', String(initial?.['Id']), { IsDefault: false });
  await org.publish(event('Updated', 3));
  assert.equal(org.only('Case')['IsClosed'], true);
  assert.match(String(signalOf(org, 'Updated')['Disposition_Reason__c']), /is closed/);
});

test('a Case a person touched stays open on Cleared, whatever the policy says', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Close_When_Cleared__c: true });
  await org.publish(event('Opened'));
  await org.update('Case', String(org.only('Case')['Id']), { Subject: 'I am on it' });
  await org.publish(event('Cleared', 2));
  assert.equal(org.only('Case')['IsClosed'], false);
  assert.equal(signalOf(org, 'Cleared')['Disposition__c'], 'Acted');
});

test('a closed status that is none of the org leaves the Case open and says so', async () => {
  const org = await makePackageOrg();
  const policy = { Close_When_Cleared__c: true, Closed_Status__c: 'Finito' };
  await org.update('Signal_Policy__c', org.ids.policy, policy);
  await org.publish(event('Opened'));
  await org.publish(event('Cleared', 2));
  assert.equal(org.only('Case')['IsClosed'], false);
  assert.match(String(signalOf(org, 'Cleared')['Disposition_Reason__c']), /Finito/);
});

test('a queue that is missing sends the Case to Signal_Triage and says so', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Nobody' });
  await org.publish(event('Opened'));
  assert.equal(org.only('Case')['OwnerId'], org.ids.triage);
  assert.match(String(signalOf(org, 'Opened')['Disposition_Reason__c']), /Nobody/);
});

test('without any queue the bridge user owns the Case, and the signal says so', async () => {
  const org = await makePackageOrg();
  org.break({ get: ['Group'] });
  await org.publish(event('Opened'));
  assert.equal(org.only('Case')['OwnerId'], org.ids.bridgeUser);
  assert.match(String(signalOf(org, 'Opened')['Disposition_Reason__c']), /Neither/);
});

test('a deleted triage queue is no obstacle either', async () => {
  const org = await makePackageOrg();
  org.remove('Group', org.ids.triage);
  await org.publish(event('Opened'));
  assert.equal(org.only('Case')['OwnerId'], org.ids.bridgeUser);
});

for (const [what, end] of [
  ['deleted', (org: PackageOrg) => org.remove('Signal_Policy__c', org.ids.policy)],
  [
    'switched off',
    (org: PackageOrg) => org.update('Signal_Policy__c', org.ids.policy, { Active__c: false }),
  ],
] as const) {
  test(`the end of an episode whose policy was ${what} is said on its Case, which stays open`, async () => {
    const org = await makePackageOrg();
    const closing = { Close_When_Cleared__c: true, Closed_Status__c: 'Closed' };
    await org.update('Signal_Policy__c', org.ids.policy, closing);
    await org.publish(event('Opened'));
    await end(org);
    await org.publish(event('Cleared', 1));
    assert.equal(signalOf(org, 'Cleared')['Disposition__c'], 'Acted');
    assert.equal(org.only('Case')['IsClosed'], false);
    assert.match(String(org.only('CaseComment')['CommentBody']), /^The episode has ended/);
  });
}

const suppressions: readonly (readonly [
  string,
  (org: PackageOrg) => Promise<unknown>,
  object,
  RegExp,
])[] = [
  ['no policy record', async () => undefined, { Policy_Key__c: 'unheard-of' }, /unheard-of/],
  [
    'an inactive policy',
    (org) => org.update('Signal_Policy__c', org.ids.policy, { Active__c: false }),
    {},
    /not active/,
  ],
  [
    'a policy that records only',
    (org) => org.update('Signal_Policy__c', org.ids.policy, { Route__c: 'Record Only' }),
    {},
    /only records/,
  ],
  ['an unknown device', async () => undefined, { Device_Key__c: 'pump-999' }, /pump-999/],
  [
    'a device on no asset',
    (org) => org.update('Signal_Device__c', org.ids.device, { Asset__c: null }),
    {},
    /pump-001/,
  ],
];
for (const [what, prepare, changes, reason] of suppressions) {
  test(`${what}: recorded and suppressed with the reason, no Case`, async () => {
    const org = await makePackageOrg();
    await prepare(org);
    await org.publish(event('Opened', 0, { ...changes }));
    const signal = org.only('Asset_Signal__c');
    assert.equal(signal['Disposition__c'], 'Suppressed');
    assert.match(String(signal['Disposition_Reason__c']), reason);
    assert.equal(org.rows('Case').length, 0);
  });
}
