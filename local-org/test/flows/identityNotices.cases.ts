import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { at } from './timelineKinds.ts';
import { hour } from './timelineRows.ts';

// The bridge is told of each change it goes by, once, and of no other.

/** Whom the notices since the last look are about. */
function looker(org: PackageOrg): () => Promise<unknown[]> {
  let seen = 0;
  return async () => {
    await org.run();
    const all = org.published('Signal_Notice__e');
    const fresh = all.slice(seen);
    seen = all.length;
    assert.ok(fresh.every(({ Kind__c }) => Kind__c === 'Identity'));
    return fresh.map(({ Record_Id__c }) => Record_Id__c);
  };
}

interface Told {
  readonly object: string;
  readonly make: (org: PackageOrg) => RecordData;
  /** Changes it is told of, and one it is not. */
  readonly changes: (org: PackageOrg, id: string) => readonly RecordData[];
  readonly other: RecordData;
}
const told: readonly Told[] = [
  {
    object: 'Signal_Device__c',
    make: () => ({ Name: 'p2', Device_Key__c: 'p2' }),
    changes: ({ ids }) => [
      { Device_Key__c: 'p3' },
      { Device_Type__c: 'pump' },
      { Asset__c: ids.asset },
      { Aliases__c: 'serial 7' },
      { Aliases__c: null },
    ],
    other: { Name: 'Pump at the gate' },
  },
  {
    object: 'Signal_Installation__c',
    // In the future, so that the device itself does not change.
    make: ({ ids }) => ({ Device__c: ids.device, Asset__c: ids.asset, ...at([20, 30]) }),
    changes: (org) => [
      { Asset__c: org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account }) },
      { From__c: hour(21) },
      { To__c: hour(31) },
      { Place__c: 'roof' },
    ],
    other: { Timeline_Problem__c: 'seen' },
  },
  {
    object: 'Signal_Ownership__c',
    make: ({ ids }) => ({ Asset__c: ids.asset, Account__c: ids.account, ...at([20, 30]) }),
    changes: (org) => [
      { Account__c: org.insert('Account', { Name: 'Buyer' }) },
      { Asset__c: org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account }) },
      { From__c: hour(21) },
      { To__c: hour(31) },
    ],
    other: { Timeline_Problem__c: 'seen' },
  },
];

for (const { object, make, changes, other } of told) {
  test(`a ${object} that is made, changed and deleted is told each time, and nothing else`, async () => {
    const org = await makePackageOrg();
    // Without an Asset its device stays as it is through all this.
    await org.update('Signal_Device__c', org.ids.device, { Asset__c: null });
    const fresh = looker(org);
    await fresh();
    const id = org.insert(object, make(org));
    assert.deepEqual(await fresh(), [id]);
    for (const change of changes(org, id)) {
      await org.update(object, id, change);
      assert.deepEqual(await fresh(), [id], JSON.stringify(change));
      await org.update(object, id, change);
      assert.deepEqual(await fresh(), [], 'saved again as it was');
    }
    await org.update(object, id, other);
    assert.deepEqual(await fresh(), []);
    org.remove(object, id);
    assert.deepEqual(await fresh(), [id]);
  });
}

test('an installation that is moved to another device is told', async () => {
  const org = await makePackageOrg();
  const [, installation] = told;
  const id = org.insert('Signal_Installation__c', installation?.make(org) ?? {});
  const device = org.insert('Signal_Device__c', { Name: 'p2', Device_Key__c: 'p2' });
  const fresh = looker(org);
  await fresh();
  await org.update('Signal_Installation__c', id, { Device__c: device });
  assert.deepEqual(await fresh(), [id]);
});

test('the installation that moves a device is told, and the device, too', async () => {
  const org = await makePackageOrg();
  const Asset__c = org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account });
  const fresh = looker(org);
  await fresh();
  const installed = { Device__c: org.ids.device, Asset__c, ...at([5]) };
  const id = org.insert('Signal_Installation__c', installed);
  assert.deepEqual(new Set(await fresh()), new Set([id, org.ids.device]));
});

test('200 devices in one call are 200 notices in one transaction', async () => {
  const org = await makePackageOrg();
  const fresh = looker(org);
  const rows = Array.from({ length: 200 }, (_, n) => ({ Name: `d${n}`, Device_Key__c: `d${n}` }));
  const outcomes = await org.saveAll('insert', 'Signal_Device__c', rows);
  const ids = outcomes.map((one) => (one.ok ? one.id : ''));
  const noticed = await fresh();
  assert.equal(noticed.length, 200);
  assert.deepEqual(new Set(noticed), new Set(ids));
  assert.ok(org.transactions.every(({ most }) => most.dmlStatements <= 5));
});

test('a save that fails tells nothing', async () => {
  const org = await makePackageOrg();
  const fresh = looker(org);
  await fresh();
  const twice = { Name: 'p1', Device_Key__c: 'pump-001' };
  const [outcome] = await org.saveAll('insert', 'Signal_Device__c', [twice]);
  assert.equal(outcome?.ok, false);
  assert.deepEqual(await fresh(), []);
});

const about = [
  /^Signal Device p2 \(/,
  /^Signal Installation I-\d{8} \(/,
  /^Signal Ownership O-\d{8} \(/,
];
told.forEach(({ object, make }, n) => {
  test(`a ${object} the bridge cannot be told of is saved and deleted all the same, and failures name it`, async () => {
    const org = await makePackageOrg([], { hourlyPublished: 0, dailyDelivered: 0 });
    await org.update('Signal_Device__c', org.ids.device, { Asset__c: null });
    for (const { Id } of org.rows('Signal_Failure__c')) org.remove('Signal_Failure__c', String(Id));
    const id = org.insert(object, make(org));
    org.remove(object, id);
    const failures = org.rows('Signal_Failure__c').filter((row) => row['Record_Id__c'] === id);
    const payloads = failures.map(({ Payload__c }) => String(Payload__c));
    assert.equal(payloads.length, 2);
    assert.ok(payloads.every((text) => about[n]?.test(text) === true && text.includes(id)));
    assert.match(payloads[1] ?? '', /, deleted$/);
    assert.ok(failures.every(({ Stage__c }) => Stage__c === 'Notice'));
  });
});
