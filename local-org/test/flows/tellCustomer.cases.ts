import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import type { Breakage } from './breakable.ts';
import { ending, giveCase, makeScene, tell } from './people.ts';
import type { Scene } from './people.ts';

/** A scene whose Asset has a contact at the customer, with an address. */
async function withContact(policy: RecordData, changes: RecordData = {}): Promise<Scene> {
  const scene = await makeScene({ Notify__c: 'Nobody', ...policy });
  const { org } = scene;
  const contact = org.insert('Contact', {
    ...{ LastName: 'Lovelace', FirstName: 'Ada', AccountId: org.ids.account },
    ...{ Email: 'ada@northwind.test', ...changes },
  });
  await org.update('Asset', org.ids.asset, { ContactId: contact });
  return scene;
}

test('by email: equipment, what, since when and the Case, and neither readings nor names', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: Email to the customer.');
  const { org } = scene;
  const number = org.only('Case')['CaseNumber'];
  const [sent, ...more] = org.sent.emails();
  assert.equal(more.length, 0);
  assert.deepEqual(sent?.addresses, ['ada@northwind.test']);
  assert.equal(sent?.subject, `Your equipment Pump 1: we are looking into it (Case ${number})`);
  assert.equal(
    sent?.body,
    `Hello,\n\nyour equipment Pump 1 has told us: Vibration too high, since 2026-11-23 05:00 UTC.\nWe are looking into it under Case ${number} and will get in touch if we need your help. Please name that number when you call us.`,
  );
  assert.equal(org.rows('Task').length, 0);
});

test('the contact of the Case comes before that of the Asset, whatever its account', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  const { org } = scene;
  const tenant = org.insert('Contact', { LastName: 'Tenant', Email: 'tenant@example.test' });
  await giveCase(scene, { ContactId: tenant });
  await tell(scene);
  assert.deepEqual(org.sent.emails()[0]?.addresses, ['tenant@example.test']);
});

test('by Task: the owner calls, and the Task names contact and Case', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Task' });
  const { org } = scene;
  const caseId = await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: Customer: Task given.');
  const task = org.only('Task');
  assert.deepEqual(
    [task['OwnerId'], task['WhatId'], task['WhoId'], task['ActivityDate']],
    [org.ids.person, caseId, org.only('Contact')['Id'], '2026-11-23'],
  );
  assert.equal(task['Subject'], 'Call the customer: Vibration too high on Pump 1');
  assert.equal(org.sent.emails().length, 0);
});

test('owner and customer are both told, and the note says both', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email', Notify__c: 'Task' });
  await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: Task given. Email to the customer.');
});

const calls: readonly (readonly [string, RecordData, RecordData, RegExp])[] = [
  ['the contact has no address', { Email: null }, {}, /has no email address/],
  [
    'the contact has no address and wants no emails',
    { Email: null, HasOptedOutOfEmail: true },
    {},
    /has no email address/,
  ],
  ['the contact does not want emails', { HasOptedOutOfEmail: true }, {}, /does not want emails/],
  ['the address is none', { Email: 'ada;bob@northwind.test' }, {}, /not an email address/],
];
for (const [what, contact, owner, reason] of calls) {
  test(`${what}: a Task to call the contact, and why`, async () => {
    const scene = await withContact({ Tell_Customer__c: 'Email' }, contact);
    await giveCase(scene, owner);
    assert.match(ending(await tell(scene)), /^Sent: Customer: .*Task given\.$/);
    const { org } = scene;
    const task = org.only('Task');
    assert.match(String(task['Description']), reason);
    assert.equal(task['WhoId'], org.only('Contact')['Id']);
    assert.equal(org.sent.emails().length, 0);
  });
}

test('the Asset went to another Account since the event: its new contact is not written to', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  const { org } = scene;
  const before = org.insert('Account', { Name: 'Owner before' });
  await giveCase(scene, { AccountId: before });
  await tell(scene);
  assert.equal(org.sent.emails().length, 0);
  const task = org.only('Task');
  assert.match(String(task['Description']), /belongs to another Account/);
  assert.equal(task['WhoId'], null);
});

test('a Case without an Account: the contact of the Asset is written to', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  await giveCase(scene, { AccountId: null });
  await tell(scene);
  assert.equal(scene.org.sent.emails().length, 1);
});

test('nobody is named: a Task to find out', async () => {
  const scene = await makeScene({ Tell_Customer__c: 'Email' });
  await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: Customer: No contact is known. Task given.');
});

test('a contact that is gone when it is looked up is as if nobody were named', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  await giveCase(scene);
  scene.org.break({ missing: ['Contact'] });
  assert.equal(ending(await tell(scene)), 'Sent: Customer: No contact is known. Task given.');
});

test('contacts that cannot be read: a Task without a name', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  await giveCase(scene);
  scene.org.break({ get: ['Contact'] });
  assert.match(ending(await tell(scene)), /^Sent: Customer: .*broken by a test.* Task given\.$/);
  assert.equal(scene.org.only('Task')['WhoId'], null);
});

test('nobody can call either: Failed, a failure is kept, and what the owner was told stands in the note', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Task', Notify__c: 'Notification' });
  await giveCase(scene);
  const broken: Breakage = { write: ['insert Task'] };
  scene.org.break(broken);
  const expected = /^Failed: Notification to person\. Customer: No Task could be made: /;
  assert.match(ending(await tell(scene)), expected);
  assert.equal(scene.org.only('Signal_Failure__c')['Stage__c'], 'Notification');
});

const silent: readonly (readonly [string, RecordData, RecordData])[] = [
  ['the policy tells no customer', { Tell_Customer__c: 'No' }, {}],
  ['the policy says nothing of customers', { Tell_Customer__c: null }, {}],
  ['another signal has opened the Case', { Tell_Customer__c: 'Email' }, { Asset_Signal__c: null }],
];
for (const [what, policy, values] of silent) {
  test(`${what}: the customer is not told`, async () => {
    const scene = await withContact(policy);
    await giveCase(scene, values);
    assert.equal(ending(await tell(scene)), 'Sent: null');
    assert.deepEqual([scene.org.sent.emails().length, scene.org.rows('Task').length], [0, 0]);
  });
}

test('a review is no matter for the customer', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  await tell(scene, { Review_Status__c: 'Requested' });
  assert.equal(scene.org.sent.emails().length, 0);
});

test('emails of the day are used up: the org takes the email and loses it, which no flow can see', async () => {
  const scene = await withContact({ Tell_Customer__c: 'Email' });
  const { org } = scene;
  const addresses = Array.from({ length: 5 }, (_, index) => `a${index}@elsewhere.test`);
  for (let sent = 0; sent < 5000; sent += addresses.length)
    org.sent.send({ addresses, subject: 'x', body: 'x', rich: false });
  await giveCase(scene);
  assert.equal(ending(await tell(scene)), 'Sent: Email to the customer.');
  assert.equal(org.sent.emails().at(-1)?.lost, true);
});
