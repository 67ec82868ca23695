import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { numbered, setPolicy, signalWith } from './signals.ts';

const DAY = 24 * 60;

test('the Case keeps the evidence of the signal that opened it', async () => {
  const org = await makePackageOrg();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const sent = { Snapshot__c: '{"points":[1,2]}', Traceparent__c: traceparent };
  await org.publish(event('Opened', 0, { ...sent, Confidence__c: 0.75, Severity__c: 'High' }));
  const found = org.only('Case');
  const evidence = {
    AccountId: org.ids.account,
    AssetId: org.ids.asset,
    Priority: 'High',
    Asset_Signal__c: org.only('Asset_Signal__c')['Id'],
    Signal_Policy__c: org.ids.policy,
    Signal_Policy_Version__c: 3,
    Signal_Confidence__c: 0.75,
    Signal_Severity__c: 'High',
    Signal_Priority__c: 'High',
    Signal_Explanation__c: 'Vibration rose to 8.4 mm/s.',
    Signal_Snapshot__c: '{"points":[1,2]}',
    Signal_Traceparent__c: traceparent,
    Signal_Last_Event_At__c: '2026-11-23T05:00:00.000Z',
    Signal_Repeat_Of__c: null,
    Signal_Acknowledged_At__c: null,
    Signal_Touched__c: false,
  };
  const kept = Object.fromEntries(Object.keys(evidence).map((name) => [name, found[name]]));
  assert.deepEqual(kept, evidence);
  assert.doesNotMatch(String(found['Description']), /points/);
});

test('evidence as long as a signal can hold fits on the Case', async () => {
  const org = await makePackageOrg();
  const long = { Explanation__c: 'x'.repeat(2000), Snapshot__c: 'y'.repeat(32_000) };
  await org.publish(event('Opened', 0, long));
  const found = org.only('Case');
  assert.equal(String(found['Signal_Explanation__c']).length, 2000);
  assert.equal(String(found['Signal_Snapshot__c']).length, 32_000);
});

/** A contact of the account, who is the contact of the asset. */
async function withContact(org: PackageOrg): Promise<string> {
  const { account, asset } = org.ids;
  const contact = org.insert('Contact', { LastName: 'Ada', AccountId: account });
  await org.update('Asset', asset, { ContactId: contact });
  return contact;
}

test('the contact of the Asset is the contact of the Case', async () => {
  const org = await makePackageOrg();
  const contact = await withContact(org);
  await org.publish(event('Opened'));
  assert.equal(org.only('Case')['ContactId'], contact);
});

test('each Case has the contact of its own equipment', async () => {
  const org = await makePackageOrg();
  const first = await withContact(org);
  const other = org.insert('Contact', { LastName: 'Bo', AccountId: org.ids.account });
  const Asset__c = org.insert('Asset', {
    Name: 'Pump 2',
    AccountId: org.ids.account,
    ContactId: other,
  });
  org.insert('Signal_Device__c', { Name: 'pump-002', Device_Key__c: 'pump-002', Asset__c });
  await org.publish(event('Opened'), numbered(2, 'Opened', 0, { Device_Key__c: 'pump-002' }));
  const contacts = org.rows('Case').map(({ AssetId, ContactId }) => [AssetId, ContactId]);
  assert.deepEqual(contacts, [
    [org.ids.asset, first],
    [Asset__c, other],
  ]);
});

test('of equipment that was sold since, the Case goes to the owner of its time, without the contact of the new one', async () => {
  const org = await makePackageOrg();
  await withContact(org);
  const seller = org.insert('Account', { Name: 'Seller' });
  await org.publish(event('Opened', 0, { Account_Id__c: seller }));
  const found = org.only('Case');
  assert.deepEqual([found['AccountId'], found['ContactId']], [seller, null]);
});

for (const how of ['get', 'missing'] as const) {
  test(`an Asset that ${how === 'get' ? 'cannot be read' : 'is gone'} leaves the Case without a contact`, async () => {
    const org = await makePackageOrg();
    await withContact(org);
    org.break({ write: ['insert Case'] });
    await org.publish(event('Opened'));
    org.break({ [how]: ['Asset'] });
    await org.update('Asset_Signal__c', String(org.only('Asset_Signal__c')['Id']), {
      Disposition__c: 'Received',
    });
    assert.equal(org.only('Case')['ContactId'], null);
    assert.equal(org.only('Case')['AccountId'], org.ids.account);
  });
}

/** Opens and closes one Case by numbered episode, then lets this many days pass. */
async function closeOne(org: PackageOrg, number: number, days: number): Promise<string> {
  await org.publish(numbered(number, 'Opened'));
  const key = `episode e${number}`;
  const found = org.rows('Case').find((row) => row['Signal_Episode_Key__c'] === key);
  const id = String(found?.['Id']);
  await org.update('Case', id, { Status: 'Closed' });
  await org.later(days * DAY);
  return id;
}

const repeatOf = (org: PackageOrg, number: number): unknown =>
  org.rows('Case').find((row) => row['Signal_Episode_Key__c'] === `episode e${number}`)?.[
    'Signal_Repeat_Of__c'
  ];

/** The event, this many days after the start, as many as `later` has let pass, and an hour: Cases close an hour after. */
const after = (days: number) => days * DAY + 60;

for (const [within, days, isRepeat] of [
  [null, 30, true],
  [null, 31, false],
  [7, 7, true],
  [7, 8, false],
] as const) {
  test(`${days} days after the last Case was closed, a new one ${isRepeat ? 'repeats' : 'does not repeat'} it (policy: ${within ?? 'as usual'})`, async () => {
    const org = await makePackageOrg();
    await setPolicy(org, { Repeat_Within_Days__c: within });
    const last = await closeOne(org, 1, days);
    await org.publish(numbered(2, 'Opened', after(days)));
    assert.equal(repeatOf(org, 2), isRepeat ? last : null);
  });
}

test('of several closed Cases the newest is the one that is repeated', async () => {
  const org = await makePackageOrg();
  const first = await closeOne(org, 1, 1);
  const second = await closeOne(org, 2, 1);
  assert.equal(repeatOf(org, 2), first);
  await org.publish(numbered(3, 'Opened', after(2)));
  assert.equal(repeatOf(org, 3), second);
});

const strangers: readonly (readonly [string, (org: PackageOrg, id: string) => RecordData])[] = [
  ['is open', () => ({ Status: 'Working' })],
  [
    'is of another Asset',
    (org) => ({ AssetId: org.insert('Asset', { Name: 'Other', AccountId: org.ids.account }) }),
  ],
  [
    'is of another policy',
    (org) => ({
      Signal_Policy__c: org.insert('Signal_Policy__c', { Name: 'Other', Policy_Key__c: 'other' }),
    }),
  ],
  ['is of no policy', () => ({ Signal_Policy__c: null })],
];
for (const [what, changes] of strangers) {
  test(`a Case that ${what} is not repeated`, async () => {
    const org = await makePackageOrg();
    const last = await closeOne(org, 1, 1);
    await org.update('Case', last, changes(org, last));
    await org.publish(numbered(2, 'Opened', after(1)));
    assert.equal(repeatOf(org, 2), null);
  });
}

test('closed Cases that cannot be read: the Case is opened, and repeats none', async () => {
  const org = await makePackageOrg();
  await closeOne(org, 1, 1);
  // The first look-up of Cases is for that of the episode.
  org.break({ get: ['Case'], getFrom: 2, getTo: 2 });
  await org.publish(numbered(2, 'Opened', after(1)));
  org.break({});
  assert.equal(org.rows('Case').length, 2);
  assert.equal(repeatOf(org, 2), null);
});

test('200 new episodes in one batch, every other a repeat, each know the Case they repeat', async () => {
  const org = await makePackageOrg();
  const count = 100;
  const own = (index: number) => ({ Device_Key__c: `device-${index}` });
  for (let index = 0; index < 2 * count; index += 1) {
    const Asset__c = org.insert('Asset', { Name: `A${index}`, AccountId: org.ids.account });
    org.insert('Signal_Device__c', {
      Name: `D${index}`,
      Device_Key__c: `device-${index}`,
      Asset__c,
    });
  }
  const each = Array.from({ length: 2 * count }, (_, index) => index);
  const even = each.filter((index) => index % 2 === 0);
  await org.publish(...even.map((index) => numbered(index, 'Opened', 0, own(index))));
  const closed = org.rows('Case').map(({ Id }) => ({ Id: Id ?? null, Status: 'Closed' }));
  await org.saveAll('update', 'Case', closed);
  await org.publish(...each.map((index) => numbered(1000 + index, 'Opened', 90, own(index))));
  const cases = org.rows('Case');
  assert.equal(cases.length, 3 * count);
  for (const index of each) {
    const { Case__c } = signalWith(org, { Episode_Key__c: `episode e${1000 + index}` });
    const mine = cases.find(({ Id }) => Id === Case__c);
    const last = cases.find((row) => row['Signal_Episode_Key__c'] === `episode e${index}`);
    assert.equal(mine?.['Signal_Repeat_Of__c'], last?.['Id'] ?? null, `episode ${index}`);
  }
});
