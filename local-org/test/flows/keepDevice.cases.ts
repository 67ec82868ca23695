import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { at } from './timelineKinds.ts';
import { hour } from './timelineRows.ts';

// A device says which Asset it is on now, by its installations. It is 6 o'clock.

interface Pumps extends PackageOrg {
  readonly other: string;
}
async function twoPumps(): Promise<Pumps> {
  const org = await makePackageOrg();
  return Object.assign(org, {
    other: org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account }),
  });
}
const assetOf = (org: PackageOrg, device = org.ids.device): unknown =>
  org.rows('Signal_Device__c').find(({ Id }) => Id === device)?.['Asset__c'];
const install = (org: PackageOrg, asset: string, times: RecordData): string =>
  org.insert('Signal_Installation__c', { Device__c: org.ids.device, Asset__c: asset, ...times });

test('a device follows its installation on, off, and to another Asset', async () => {
  const org = await twoPumps();
  const first = install(org, org.other, at([5]));
  assert.equal(assetOf(org), org.other);
  await org.update('Signal_Installation__c', first, { To__c: hour(5.5) });
  assert.equal(assetOf(org), null);
  const second = install(org, org.ids.asset, at([5.5]));
  assert.equal(assetOf(org), org.ids.asset);
  await org.update('Signal_Installation__c', second, { Asset__c: org.other });
  assert.equal(assetOf(org), org.other);
});

test('past and future installations leave the device where it is, until their time comes', async () => {
  const org = await twoPumps();
  install(org, org.ids.asset, at([0, 8]));
  install(org, org.other, at([8, 9]));
  install(org, org.other, at([-9, -8]));
  await org.run();
  assert.equal(assetOf(org), org.ids.asset);
  await org.later(119);
  assert.equal(assetOf(org), org.ids.asset);
  await org.later(1);
  assert.equal(assetOf(org), org.other);
  await org.later(60);
  assert.equal(assetOf(org), null);
});

test('an end that is said later, and a beginning that is moved, count when they come', async () => {
  const org = await twoPumps();
  const open = install(org, org.ids.asset, at([5]));
  await org.update('Signal_Installation__c', open, { To__c: hour(7) });
  const next = install(org, org.other, at([8]));
  await org.update('Signal_Installation__c', next, { From__c: hour(9) });
  await org.run();
  assert.equal(assetOf(org), org.ids.asset);
  await org.later(60);
  assert.equal(assetOf(org), null);
  await org.later(119);
  assert.equal(assetOf(org), null);
  await org.later(1);
  assert.equal(assetOf(org), org.other);
});

test('a device nobody keeps installations of keeps its Asset, and so do other devices', async () => {
  const org = await twoPumps();
  const device = org.insert('Signal_Device__c', { Name: 'p2', Device_Key__c: 'p2' });
  await org.update('Signal_Device__c', device, { Asset__c: org.other });
  install(org, org.other, at([7]));
  assert.deepEqual([assetOf(org), assetOf(org, device)], [null, org.other]);
});

test('an installation that is moved to another device takes the Asset along', async () => {
  const org = await twoPumps();
  const device = org.insert('Signal_Device__c', { Name: 'p2', Device_Key__c: 'p2' });
  const installation = install(org, org.ids.asset, at([5]));
  await org.update('Signal_Installation__c', installation, { Device__c: device });
  assert.deepEqual([assetOf(org), assetOf(org, device)], [null, org.ids.asset]);
});

test('without its open installation a device is nowhere; without another one it stays', async () => {
  const org = await twoPumps();
  const past = install(org, org.other, at([0, 5]));
  const open = install(org, org.ids.asset, at([5]));
  org.remove('Signal_Installation__c', past);
  assert.equal(assetOf(org), org.ids.asset);
  org.remove('Signal_Installation__c', open);
  assert.equal(assetOf(org), null);
});

test('of two open installations the one that began last counts', async () => {
  const org = await twoPumps();
  const rows = [at([5]), at([4]), at([3])].map((times, n) => ({
    Device__c: org.ids.device,
    Asset__c: n === 0 ? org.other : org.ids.asset,
    ...times,
  }));
  await org.saveAll('insert', 'Signal_Installation__c', rows);
  assert.equal(assetOf(org), org.other);
});

test('nothing is written where the device is right already', async () => {
  const org = await twoPumps();
  install(org, org.ids.asset, at([5]));
  await org.run();
  assert.ok(org.steps.some(({ element }) => element === 'Does_Device_Say_Otherwise'));
  assert.ok(!org.steps.some(({ element }) => element === 'Update_Device'));
});

test('a history of 200 installations in one call leaves the device on the open one', async () => {
  const org = await twoPumps();
  org.insert('Signal_Device__c', { Name: 'p2', Device_Key__c: 'p2', Asset__c: org.ids.asset });
  const rows = Array.from({ length: 200 }, (_, n) => ({
    Device__c: org.ids.device,
    Asset__c: n === 199 ? org.other : org.ids.asset,
    ...at(n === 199 ? [5] : [5 - 200 + n, 6 - 200 + n]),
  }));
  const outcomes = await org.saveAll('insert', 'Signal_Installation__c', rows);
  assert.ok(outcomes.every(({ ok }) => ok));
  assert.equal(assetOf(org), org.other);
  assert.deepEqual(
    org.rows('Signal_Failure__c'),
    [],
    'more than twelve found it wrong, none is lost',
  );
  const most = Math.max(...org.transactions.map((one) => one.most.queries));
  assert.ok(most <= 40, `${most} queries`);
});

for (const [what, breakage] of [
  ['the installations cannot be looked up', { get: ['Signal_Installation__c'], getFrom: 2 }],
  ['the device cannot be looked up', { get: ['Signal_Device__c'] }],
  ['the device cannot be written', { write: ['update Signal_Device__c'] }],
  [
    'the device can neither be written nor looked up',
    { write: ['update Signal_Device__c'], get: ['Signal_Device__c'], getFrom: 2 },
  ],
] as const) {
  test(`${what}: the installation is saved, and a failure says so`, async () => {
    const org = await twoPumps();
    org.break(breakage);
    install(org, org.other, at([5]));
    org.break({});
    assert.equal(org.rows('Signal_Installation__c').length, 1);
    assert.equal(assetOf(org), org.ids.asset);
    const failure = org.only('Signal_Failure__c');
    assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Identity', org.ids.device]);
    assert.match(String(failure['Reason__c']), /by a test/);
  });
}
