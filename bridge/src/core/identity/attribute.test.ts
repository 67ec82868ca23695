import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import type { Installation, Ownership } from '../../model/identity.ts';
import { makeRandom } from '../fixtures/random.ts';
import { attribute } from './attribute.ts';
import type { IdentityFacts } from './attribute.ts';

const id = toRecordId;
const at = toEpochMs;
const pump = { id: id('d1'), key: toDeviceKey('pump-1'), aliases: ['SN-77'] };
const none: IdentityFacts = { devices: [pump], installations: [], ownerships: [], assets: [] };
const key = toDeviceKey('pump-1');

const installed = (name: string, asset: string | undefined, from: number, to?: number) => ({
  id: id(name),
  deviceId: pump.id,
  ...(asset !== undefined && { assetId: id(asset) }),
  from: at(from),
  ...(to !== undefined && { to: at(to) }),
});
const owned = (name: string, account: string | undefined, from: number, to?: number) => ({
  id: id(name),
  assetId: id('a1'),
  ...(account !== undefined && { accountId: id(account) }),
  from: at(from),
  ...(to !== undefined && { to: at(to) }),
});

test('a late reading gets the Asset and the owner of its time, not those of now', () => {
  const facts = {
    ...none,
    installations: [installed('i2', 'a2', 200), installed('i1', 'a1', 100, 200)],
    ownerships: [owned('o1', 'seller', 0, 150), owned('o2', 'buyer', 150)],
    assets: [{ id: id('a2'), accountId: id('third') }],
  };
  const whose = (time: number) => attribute(facts, key, at(time));
  const expected = { deviceId: 'd1', installationId: 'i1', assetId: 'a1', doubts: [] };
  assert.deepEqual(whose(149), { ...expected, accountId: 'seller' });
  assert.deepEqual(whose(150), { ...expected, accountId: 'buyer' });
  assert.deepEqual(whose(200), {
    deviceId: 'd1',
    installationId: 'i2',
    assetId: 'a2',
    accountId: 'third',
    doubts: [],
  });
});

test('where nobody keeps a timeline, what is true now holds for all times', () => {
  const facts = {
    ...none,
    devices: [{ ...pump, assetId: id('a1') }],
    assets: [{ id: id('a1'), accountId: id('owner') }],
  };
  const { assetId, accountId, installationId, doubts } = attribute(facts, key, at(5));
  assert.deepEqual([assetId, accountId, installationId, doubts], ['a1', 'owner', undefined, []]);
});

test('a gap, an overlap and a deleted Asset or Account are said and never guessed', () => {
  const doubt = (facts: Partial<IdentityFacts>, time = 150) => {
    const { assetId, accountId, doubts } = attribute({ ...none, ...facts }, key, at(time));
    return [assetId, accountId, ...doubts];
  };
  const now = { devices: [{ ...pump, assetId: id('a9') }] };
  const i1 = installed('i1', 'a1', 100, 200);
  assert.deepEqual(doubt({ ...now, installations: [i1] }, 99), [
    undefined,
    undefined,
    'pump-1 was on no Asset at that time',
  ]);
  assert.deepEqual(doubt({ installations: [i1, installed('i2', 'a2', 120)] }), [
    undefined,
    undefined,
    'pump-1 was on 2 Assets at that time',
  ]);
  assert.deepEqual(doubt({ installations: [installed('i1', undefined, 100)] }), [
    undefined,
    undefined,
    'the Asset that pump-1 was on has been deleted',
  ]);
  const assets = [{ id: id('a1'), accountId: id('now') }];
  const place = { installations: [i1], assets };
  assert.deepEqual(doubt({ ...place, ownerships: [owned('o1', 'x', 0, 100)] }), [
    'a1',
    undefined,
    'the Asset was owned by nobody at that time',
  ]);
  assert.deepEqual(doubt({ ...place, ownerships: [owned('o1', 'x', 0), owned('o2', 'y', 0)] }), [
    'a1',
    undefined,
    'the Asset was owned by 2 Accounts at that time',
  ]);
  assert.deepEqual(doubt({ ...place, ownerships: [owned('o1', undefined, 0)] }), [
    'a1',
    undefined,
    'the Account that owned the Asset has been deleted',
  ]);
});

test('an alias is its device, unless it is the key of another or the alias of two', () => {
  const serial = toDeviceKey('SN-77');
  const on = { ...none, devices: [{ ...pump, assetId: id('a1') }] };
  assert.equal(attribute(on, serial, at(0)).assetId, 'a1');
  const other = { id: id('d2'), key: serial, aliases: [], assetId: id('a2') };
  assert.equal(attribute({ ...on, devices: [...on.devices, other] }, serial, at(0)).assetId, 'a2');
  const twin = { ...other, key: toDeviceKey('pump-2'), aliases: ['SN-77'] };
  const both = attribute({ ...on, devices: [...on.devices, twin] }, serial, at(0));
  assert.deepEqual(both.doubts, ['SN-77 is an alias of pump-1 and of pump-2']);
  assert.equal(both.assetId, undefined);
  assert.deepEqual(attribute({ ...none, devices: [] }, serial, at(0)).doubts, [
    'the org does not know the device SN-77',
  ]);
});

/* The model: who is written down for each moment by itself, second by second. */
test('over random timelines every moment gets what a table of moments says', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = makeRandom(seed);
  const LENGTH = 40;
  for (let round = 0; round < 300; round += 1) {
    const places: string[][] = Array.from({ length: LENGTH }, () => []);
    const owners = new Map(
      ['a0', 'a1', 'a2'].map((asset) => [asset, places.map((): string[] => [])]),
    );
    const installations: Installation[] = [];
    const ownerships: Ownership[] = [];
    const spanOf = () => {
      const from = random.below(LENGTH);
      const to = random.below(4) === 0 ? undefined : from + 1 + random.below(LENGTH);
      return { from: at(from), ...(to !== undefined && { to: at(to) }), last: to ?? LENGTH };
    };
    for (let count = random.below(4); count > 0; count -= 1) {
      const { last, ...span } = spanOf();
      const asset = `a${random.below(3)}`;
      installations.push({ id: id(`i${count}`), deviceId: pump.id, assetId: id(asset), ...span });
      for (let t: number = span.from; t < Math.min(last, LENGTH); t += 1) places[t]?.push(asset);
    }
    for (let count = random.below(6); count > 0; count -= 1) {
      const { last, ...span } = spanOf();
      const asset = `a${random.below(3)}`;
      ownerships.push({
        id: id(`o${count}`),
        assetId: id(asset),
        accountId: id(`c${count}`),
        ...span,
      });
      for (let t: number = span.from; t < Math.min(last, LENGTH); t += 1)
        owners.get(asset)?.[t]?.push(`c${count}`);
    }
    const facts: IdentityFacts = {
      devices: [{ ...pump, assetId: id('a0') }],
      installations,
      ownerships,
      assets: ['a0', 'a1', 'a2'].map((asset) => ({ id: id(asset), accountId: id(`${asset}-now`) })),
    };
    for (let t = 0; t < LENGTH; t += 1) {
      const on = installations.length === 0 ? ['a0'] : (places[t] ?? []);
      const asset = on.length === 1 ? on[0] : undefined;
      const kept = ownerships.some(({ assetId }) => assetId === asset);
      const by = kept ? (owners.get(asset ?? '')?.[t] ?? []) : [`${asset}-now`];
      const account = asset !== undefined && by.length === 1 ? by[0] : undefined;
      const found = attribute(facts, key, at(t));
      const where = `seed ${seed}, round ${round}, at ${t}`;
      assert.deepEqual([found.assetId, found.accountId], [asset, account], where);
      assert.equal(found.doubts.length > 0, asset === undefined || account === undefined, where);
    }
  }
});
