import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

// 200 signals that all become due in one save: every fourth by another channel.

const CHANNELS = ['Notification', 'Email', 'Task', 'Nobody'] as const;

interface Due {
  readonly org: PackageOrg;
  readonly channelOf: (signal: string) => string;
}

/** 200 signals of four policies, each with the Case it has opened; every fifth Case belongs to the queue. */
async function make200(): Promise<Due> {
  const org = await makePackageOrg();
  const { account: AccountId, asset: AssetId, person, triage } = org.ids;
  await org.update('User', person, { Email: 'person@example.test' });
  const contact = org.insert('Contact', { LastName: 'C', AccountId, Email: 'c@example.test' });
  await org.update('Asset', AssetId, { ContactId: contact });
  for (const Notify__c of CHANNELS) {
    const how = { Notify__c, Tell_Customer__c: Notify__c === 'Nobody' ? 'Email' : 'No' };
    const policy = { Name: Notify__c, Policy_Key__c: Notify__c, Route__c: 'Record Only', ...how };
    org.insert('Signal_Policy__c', policy);
  }
  await org.publish(
    ...Array.from({ length: 200 }, (_, index) =>
      event('Opened', 0, {
        Event_Key__c: `event ${index}`,
        Episode_Key__c: `episode ${index}`,
        Policy_Key__c: CHANNELS[index % 4] ?? '',
      }),
    ),
  );
  const signals = org.rows('Asset_Signal__c');
  const cases = signals.map(({ Id: Asset_Signal__c = null }, index) => ({
    ...{ Subject: `${index}`, AccountId, AssetId, Asset_Signal__c },
    OwnerId: index % 5 === 0 ? triage : person,
  }));
  const saved = await org.saveAll('insert', 'Case', cases);
  await org.saveAll(
    'update',
    'Asset_Signal__c',
    saved.map((outcome, index) => ({
      Id: signals[index]?.['Id'] ?? null,
      Case__c: outcome.ok ? outcome.id : null,
    })),
  );
  const channels = new Map(signals.map(({ Id, Policy_Key__c }) => [Id, String(Policy_Key__c)]));
  return { org, channelOf: (signal) => channels.get(signal) ?? '' };
}

const dueNow = (org: PackageOrg): Promise<unknown> =>
  org.saveAll(
    'update',
    'Asset_Signal__c',
    org.rows('Asset_Signal__c').map(({ Id = null }) => ({ Id, Notification__c: 'Due' })),
    'bridge',
  );

test('200 due in one save: each by its own channel, in one transaction far from its limits', async () => {
  const { org, channelOf } = await make200();
  await dueNow(org);
  const { sent } = org;
  const ownEmails = sent.emails().filter(({ addresses }) => addresses[0] === 'person@example.test');
  const toCustomers = sent.emails().filter(({ addresses }) => addresses[0] === 'c@example.test');
  assert.equal(sent.notifications().length, 50);
  // A queue without an address gets a Task instead: every fifth of the 50.
  assert.equal(ownEmails.length, 40);
  assert.equal(org.rows('Task').length, 50 + 10);
  assert.equal(toCustomers.length, 50);
  for (const { Id, Notification__c, Notification_Note__c } of org.rows('Asset_Signal__c')) {
    assert.equal(Notification__c, 'Sent');
    const note = String(Notification_Note__c);
    if (channelOf(String(Id)) === 'Notification') assert.match(note, /^Notification to /);
    if (channelOf(String(Id)) === 'Nobody') assert.equal(note, 'Email to the customer.');
  }
  const told = org.transactions.filter(({ flows }) => flows.has('Signal_SFL_Notify'));
  assert.equal(told.length, 1);
  for (const { most } of told) {
    assert.ok(most.queries <= 30, `${most.queries} queries`);
    assert.ok(most.dmlStatements <= 15, `${most.dmlStatements} DML statements`);
    assert.ok(most.dmlRows <= 1000, `${most.dmlRows} rows`);
  }
});

test('one address that is none among 200: emails are all or nothing, so all of them become Tasks', async () => {
  const { org } = await make200();
  await org.update('User', org.ids.person, { Email: 'you;me@example.test' });
  await dueNow(org);
  assert.equal(org.rows('Task').length, 50 + 50);
  assert.equal(org.sent.notifications().length, 50);
  assert.ok(org.rows('Asset_Signal__c').every(({ Notification__c }) => Notification__c === 'Sent'));
});

test('one Case of 200 whose Tasks are refused: the other Tasks are given', async () => {
  const { org } = await make200();
  const [refused] = org.rows('Case').filter((_, index) => index % 4 === 2);
  const rule = { object: 'Task', name: 'No', file: 'customer', active: true, message: 'No.' };
  const formula = `WhatId = "${String(refused?.['Id'])}"`;
  await org.deploy((metadata) => ({
    ...metadata,
    validationRules: [...metadata.validationRules, { ...rule, formula }],
  }));
  await dueNow(org);
  const failed = org.rows('Asset_Signal__c').filter((row) => row['Notification__c'] === 'Failed');
  assert.deepEqual(
    failed.map(({ Case__c }) => Case__c),
    [refused?.['Id']],
  );
  assert.equal(org.rows('Task').length, 49 + 10);
  assert.equal(org.only('Signal_Failure__c')['Record_Id__c'], failed[0]?.['Id']);
});
