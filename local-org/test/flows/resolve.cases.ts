import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { hour, plantInstallation, plantOwnership, resolved } from './timelineRows.ts';

// Whose signal it was at the time of the event. The event of these tests occurred at 5 o'clock.

const noteOf = (row: RecordData): string => String(row['Disposition_Reason__c'] ?? '');

async function twoPumps(): Promise<
  PackageOrg & { readonly other: string; readonly buyer: string }
> {
  const org = await makePackageOrg();
  const buyer = org.insert('Account', { Name: 'Buyer' });
  const other = org.insert('Asset', { Name: 'Pump 2', AccountId: buyer });
  return Object.assign(org, { other, buyer });
}

test('a device nobody keeps installations of is on the Asset of its record', async () => {
  const org = await twoPumps();
  const row = resolved(org);
  assert.equal(row['Asset__c'], org.ids.asset);
  assert.equal(row['Account__c'], org.ids.account);
  assert.equal(row['Installation__c'], null);
  assert.equal(noteOf(row), '');
});

test('the installation of the time counts, not the Asset the device is on now', async () => {
  const org = await twoPumps();
  const then = plantInstallation(org, org.ids.device, org.other, [0, 6]);
  plantInstallation(org, org.ids.device, org.ids.asset, [6]);
  const row = resolved(org);
  assert.equal(row['Installation__c'], then);
  assert.equal(row['Asset__c'], org.other);
  assert.equal(row['Account__c'], org.buyer);
});

const edges: readonly (readonly [string, number, boolean])[] = [
  ['the moment it begins belongs to an installation', 4, true],
  ['the moment before it begins does not', 3.9999, false],
  ['the moment it ends no longer belongs to it', 6, false],
  ['the moment before it ends does', 5.9999, true],
];
for (const [what, at, isOn] of edges) {
  test(what, async () => {
    const org = await twoPumps();
    const installation = plantInstallation(org, org.ids.device, org.other, [4, 6]);
    const row = resolved(org, { Occurred_At__c: hour(at) });
    assert.equal(row['Installation__c'], isOn ? installation : null);
    assert.equal(row['Asset__c'], isOn ? org.other : null);
    if (!isOn) assert.match(noteOf(row), /pump-001 was on no Asset at that time/);
  });
}

test('the installations of another device say nothing about this one', async () => {
  const org = await twoPumps();
  const device = org.insert('Signal_Device__c', { Name: 'pump-002', Device_Key__c: 'pump-002' });
  plantInstallation(org, device, org.other, [0]);
  assert.equal(resolved(org)['Asset__c'], org.ids.asset);
});

test('two installations at one time are not guessed between, and the signal says so', async () => {
  const org = await twoPumps();
  plantInstallation(org, org.ids.device, org.other, [0]);
  plantInstallation(org, org.ids.device, org.ids.asset, [4]);
  const row = resolved(org);
  assert.equal(row['Installation__c'], null);
  assert.equal(row['Asset__c'], null);
  assert.equal(row['Account__c'], null);
  assert.match(noteOf(row), /^The device pump-001 has several installations at that time/);
});

test('what the bridge sent counts where the installations are ambiguous', async () => {
  const org = await twoPumps();
  plantInstallation(org, org.ids.device, org.ids.asset, [0]);
  plantInstallation(org, org.ids.device, org.ids.asset, [4]);
  const row = resolved(org, { Asset_Id__c: org.other });
  assert.equal(row['Installation__c'], null);
  assert.equal(row['Asset__c'], org.other);
});

test('the installation the bridge sent counts, with its Asset, whatever the time', async () => {
  const org = await twoPumps();
  const sent = plantInstallation(org, org.ids.device, org.other, [0, 1]);
  plantInstallation(org, org.ids.device, org.ids.asset, [1]);
  const row = resolved(org, { Installation_Id__c: sent });
  assert.equal(row['Installation__c'], sent);
  assert.equal(row['Asset__c'], org.other);
});

test('an installation and an Asset that were both sent are both kept', async () => {
  const org = await twoPumps();
  const sent = plantInstallation(org, org.ids.device, org.ids.asset, [0]);
  const row = resolved(org, { Installation_Id__c: sent, Asset_Id__c: org.other });
  assert.deepEqual([row['Installation__c'], row['Asset__c']], [sent, org.other]);
  assert.equal(noteOf(row), '');
});

test('an installation that contradicts the Asset the bridge sent is not linked, and the signal says so', async () => {
  const org = await twoPumps();
  plantInstallation(org, org.ids.device, org.ids.asset, [0]);
  const row = resolved(org, { Asset_Id__c: org.other });
  assert.equal(row['Asset__c'], org.other);
  assert.equal(row['Installation__c'], null);
  assert.match(noteOf(row), /not the one of the installation I-\d{8}\.$/);
});

test('an installation that agrees with the Asset the bridge sent is linked', async () => {
  const org = await twoPumps();
  const installation = plantInstallation(org, org.ids.device, org.other, [0]);
  const row = resolved(org, { Asset_Id__c: org.other });
  assert.deepEqual([row['Installation__c'], noteOf(row)], [installation, '']);
});

test('an installation that is gone falls back to those of the time', async () => {
  const org = await twoPumps();
  const gone = plantInstallation(org, org.ids.device, org.ids.asset, [0, 1]);
  org.remove('Signal_Installation__c', gone);
  const installation = plantInstallation(org, org.ids.device, org.other, [2]);
  assert.equal(resolved(org, { Installation_Id__c: gone })['Installation__c'], installation);
});

test('an installation whose Asset was deleted is linked without one', async () => {
  const org = await twoPumps();
  const installation = plantInstallation(org, org.ids.device, org.other, [0]);
  org.plant('Signal_Installation__c', installation, { Asset__c: null });
  const row = resolved(org);
  assert.deepEqual([row['Installation__c'], row['Asset__c']], [installation, null]);
});

test('the owner of the time counts, not the Account on the Asset now', async () => {
  const org = await twoPumps();
  plantOwnership(org, org.ids.asset, org.buyer, [0, 5.5]);
  plantOwnership(org, org.ids.asset, org.ids.account, [5.5]);
  assert.equal(resolved(org)['Account__c'], org.buyer);
  const late = resolved(org, { Event_Key__c: 'late', Occurred_At__c: hour(5.5) });
  assert.equal(late['Account__c'], org.ids.account);
});

test('two owners at one time are not guessed between, and the signal says so', async () => {
  const org = await twoPumps();
  plantOwnership(org, org.ids.asset, org.buyer, [0]);
  plantOwnership(org, org.ids.asset, org.ids.account, [4]);
  const row = resolved(org);
  assert.equal(row['Asset__c'], org.ids.asset);
  assert.equal(row['Account__c'], null);
  assert.match(noteOf(row), /^The Asset has several owners at that time/);
});

test('an Asset with owners at other times only has none then', async () => {
  const org = await twoPumps();
  plantOwnership(org, org.ids.asset, org.buyer, [6]);
  plantOwnership(org, org.other, org.buyer, [0]);
  const row = resolved(org);
  assert.equal(row['Account__c'], null);
  assert.match(noteOf(row), /^The Asset belonged to nobody at that time/);
});

test('the Account the bridge sent wins over ownerships, also for a device without Asset', async () => {
  const org = await twoPumps();
  plantOwnership(org, org.ids.asset, org.ids.account, [0]);
  assert.equal(resolved(org, { Account_Id__c: org.buyer })['Account__c'], org.buyer);
  const unknown = { Event_Key__c: 'b', Device_Key__c: 'pump-999', Account_Id__c: org.buyer };
  assert.equal(resolved(org, unknown)['Account__c'], org.buyer);
});

test('an Account that is gone falls back to the owner of the time', async () => {
  const org = await twoPumps();
  plantOwnership(org, org.ids.asset, org.buyer, [0]);
  const gone = org.insert('Account', { Name: 'Gone' });
  org.remove('Account', gone);
  assert.equal(resolved(org, { Account_Id__c: gone })['Account__c'], org.buyer);
});

test('an Asset without Account and ownerships belongs to nobody', async () => {
  const org = await makePackageOrg();
  const ContactId = org.insert('Contact', { LastName: 'Tenant' });
  await org.update('Asset', org.ids.asset, { AccountId: null, ContactId });
  const row = resolved(org);
  assert.deepEqual([row['Asset__c'], row['Account__c']], [org.ids.asset, null]);
});

test('two doubts are told one after the other', async () => {
  const org = await twoPumps();
  plantInstallation(org, org.ids.device, org.ids.asset, [0]);
  plantOwnership(org, org.other, org.buyer, [6]);
  const note = noteOf(resolved(org, { Asset_Id__c: org.other }));
  assert.match(
    note,
    /installation I-\d{8}\. The Asset belonged to nobody at that time, by its ownerships\.$/,
  );
});

/** Which look-up fails, from which of its object on, what is sent, and what of the signal is left. */
interface Failing {
  readonly get: string;
  readonly getFrom?: number;
  readonly sent?: (org: PackageOrg) => RecordData;
  readonly says: RegExp;
  readonly keeps: readonly string[];
}
const failing: readonly Failing[] = [
  {
    get: 'Signal_Device__c',
    says: /^The device could not be looked up: a get/,
    keeps: ['Policy__c'],
  },
  {
    get: 'Signal_Device__c',
    getFrom: 2,
    says: /^The Asset of the device could not/,
    keeps: ['Device__c', 'Policy__c'],
  },
  {
    get: 'Signal_Policy__c',
    says: /^The policy could not/,
    keeps: ['Device__c', 'Asset__c', 'Account__c'],
  },
  {
    get: 'Signal_Installation__c',
    says: /^The installations of the device could not/,
    keeps: ['Device__c', 'Policy__c'],
  },
  {
    get: 'Signal_Installation__c',
    getFrom: 2,
    says: /^The other installations of the device could not/,
    keeps: ['Device__c', 'Policy__c'],
  },
  {
    get: 'Signal_Installation__c',
    sent: ({ ids }) => ({ Installation_Id__c: 'a00000000000001', Asset_Id__c: ids.asset }),
    says: /^The installation the bridge sent could not .* The installations of the device could not/,
    keeps: ['Device__c', 'Policy__c', 'Asset__c', 'Account__c'],
  },
  {
    get: 'Asset',
    sent: ({ ids }) => ({ Asset_Id__c: ids.asset }),
    says: /^The Asset the bridge sent could not .* The Asset could not/,
    keeps: ['Device__c', 'Policy__c', 'Asset__c'],
  },
  {
    get: 'Account',
    sent: ({ ids }) => ({ Account_Id__c: ids.account }),
    says: /^The Account the bridge sent could not/,
    keeps: ['Device__c', 'Policy__c', 'Asset__c', 'Account__c'],
  },
  {
    get: 'Signal_Ownership__c',
    says: /^The ownerships of the Asset could not/,
    keeps: ['Device__c', 'Policy__c', 'Asset__c'],
  },
  {
    get: 'Signal_Ownership__c',
    getFrom: 2,
    says: /^The other ownerships of the Asset could not/,
    keeps: ['Device__c', 'Policy__c', 'Asset__c'],
  },
];
for (const { get, getFrom = 1, sent, says, keeps } of failing) {
  test(`a signal whose ${get} cannot be looked up (from ${getFrom} on${sent === undefined ? '' : ', sent'}) is saved, nothing is guessed, and it says so`, async () => {
    const org = await makePackageOrg();
    org.break({ get: [get], getFrom });
    const values = { ...event('Opened'), ...sent?.(org) };
    const id = org.insert('Asset_Signal__c', values);
    org.break({});
    const row = org.rows('Asset_Signal__c').find(({ Id }) => Id === id) ?? {};
    assert.match(noteOf(row), says);
    const links = ['Device__c', 'Policy__c', 'Asset__c', 'Account__c'];
    assert.deepEqual(
      links.filter((link) => row[link] !== null),
      keeps,
    );
  });
}

test('an owner that is found takes back no doubt about the Account the bridge sent', async () => {
  const org = await twoPumps();
  plantOwnership(org, org.ids.asset, org.buyer, [0]);
  org.break({ get: ['Account'] });
  const row = resolved(org, { Account_Id__c: org.ids.account });
  assert.equal(row['Account__c'], org.buyer);
  assert.match(noteOf(row), /^The Account the bridge sent could not be looked up: a get/);
});

test('a policy without record takes back no doubt about the device', async () => {
  const org = await makePackageOrg();
  org.break({ get: ['Signal_Device__c'] });
  const row = resolved(org, { Policy_Key__c: 'unknown' });
  assert.equal(row['Policy__c'], null);
  assert.match(noteOf(row), /^The device could not be looked up: a get/);
});

test('a note longer than its field is cut, and the signal saved', async () => {
  const org = await makePackageOrg();
  org.break({ get: ['Signal_Device__c', 'Signal_Policy__c', 'Asset', 'Account'] });
  const sent = { Asset_Id__c: org.ids.asset, Account_Id__c: org.ids.account };
  const id = org.insert('Asset_Signal__c', { ...event('Opened'), ...sent });
  org.break({});
  const row = org.rows('Asset_Signal__c').find(({ Id }) => Id === id) ?? {};
  assert.ok(noteOf(row).length > 200 && noteOf(row).length <= 255);
});

for (const [type, of] of [
  ['fault.vibration-high', 'Fault'],
  ['ANOMALY.level', 'Anomaly'],
  ['prediction.bearing.wear', 'Prediction'],
  ['connectivity.silent', 'Connectivity'],
  ['usage', 'Usage'],
  ['sla.response', 'SLA'],
  ['drift.sensor', 'Drift'],
  ['security.login', 'Security'],
  ['faulty.word', 'Other'],
  ['.fault', 'Other'],
] as const) {
  test(`the class of ${type} is ${of}`, async () => {
    const org = await makePackageOrg();
    assert.equal(resolved(org, { Signal_Type__c: type })['Signal_Class__c'], of);
  });
}

test('a signal may be purged after the days of its policy, 365 where it has none', async () => {
  const org = await makePackageOrg();
  const at = { Occurred_At__c: '2026-11-23T23:59:59.000Z' };
  assert.equal(resolved(org, at)['Purge_On__c'], '2027-11-23');
  const other = { ...at, Event_Key__c: 'b', Policy_Key__c: 'unknown' };
  assert.equal(resolved(org, other)['Purge_On__c'], '2027-11-23');
  await org.update('Signal_Policy__c', org.ids.policy, { Retention_Days__c: 8 });
  assert.equal(resolved(org, { ...at, Event_Key__c: 'c' })['Purge_On__c'], '2026-12-01');
});
