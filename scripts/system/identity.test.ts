import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import type { Connection } from 'jsforce';

import { attribute } from '../../bridge/src/core/identity/attribute.ts';
import { openIdentityCopy } from '../../bridge/src/edge/identity/identityCopy.ts';
import { makeIdentitySource } from '../../bridge/src/edge/salesforce/identitySource.ts';
import { toDeviceKey, toEpochMs } from '../../bridge/src/model/brand.ts';
import { makeUnmatchedSignals } from '../../bridge/src/edge/salesforce/unmatchedSignals.ts';
import type { Extent } from '../../bridge/src/pipeline/identitySync.ts';
import { makeIdentitySync } from '../../bridge/src/pipeline/identitySync.ts';
import { reattribute } from '../../bridge/src/pipeline/reattribute.ts';
import { connectPublisher } from './eventPublisher.ts';
import { API_VERSION, connectAdmin, restOf } from './orgSession.ts';
import { waitFor } from './wait.ts';
import { makeWorld } from './world.ts';
import type { OrgState, World } from './world.ts';

const going = new AbortController().signal;

/** The bridge's copy of this org, read with the rights of the bridge's user. */
function copyOf(world: World, state: OrgState) {
  const rest = restOf(world, state);
  const source = makeIdentitySource({ rest, namespace: '', apiVersion: API_VERSION });
  const copy = openIdentityCopy(':memory:');
  const unmatched = makeUnmatchedSignals({ rest, namespace: '' });
  const sync = makeIdentitySync({ source, copy, clock: () => toEpochMs(Date.now()) });
  return {
    copy,
    async reattribute() {
      const written = await reattribute({ copy, unmatched }, 'all', going);
      return written.ok ? written.value : written.error;
    },
    calls: () => rest.calls(),
    async sync(extent: Extent = 'all news') {
      const synced = await sync(extent, going);
      assert.ok(synced.ok, synced.ok ? '' : `${synced.error.reason} ${synced.error.action}`);
    },
    whose: (device: string, at: string) => {
      const key = toDeviceKey(device);
      return attribute(copy.facts(key), key, toEpochMs(Date.parse(at)));
    },
    [Symbol.dispose]: () => copy[Symbol.dispose](),
  };
}

async function create(org: Connection, object: string, fields: object): Promise<string> {
  const saved = await org.sobject(object).create(fields);
  assert.ok(saved.success, JSON.stringify(saved));
  return saved.id;
}

test('the bridge knows where a device was and whose that was at any time, as the org has it', async () => {
  await using world = await makeWorld();
  const { state } = await world.startOrg();
  const assets = await world.seed(await world.admin(state), [
    { key: 'pump-001', type: 'pump' },
    { key: 'pump-002', type: 'pump' },
  ]);
  const org = await connectAdmin(world, state);
  const [first = '', second = ''] = ['pump-001', 'pump-002'].map((key) => assets.get(key));
  const [device = ''] = (
    await org.query<{ Id: string }>(
      "SELECT Id FROM Signal_Device__c WHERE Device_Key__c = 'pump-001'",
    )
  ).records.map(({ Id }) => Id);
  using bridge = copyOf(world, state);

  // Nobody keeps a timeline yet: what is true now holds for all times.
  await bridge.sync();
  const now = bridge.whose('pump-001', '2026-01-01T00:00:00Z');
  assert.equal(now.assetId, first);
  assert.match(now.accountId ?? '', /^001/);
  assert.equal(bridge.whose('pump-9', '2026-01-01T00:00:00Z').assetId, undefined);

  const buyer = await create(org, 'Account', { Name: 'The buyer' });
  const from = { From__c: '2026-01-01T00:00:00Z', To__c: '2026-03-01T00:00:00Z' };
  const moved = await create(org, 'Signal_Installation__c', {
    Device__c: device,
    Asset__c: first,
    ...from,
  });
  await create(org, 'Signal_Installation__c', {
    Device__c: device,
    Asset__c: second,
    From__c: '2026-03-01T00:00:00Z',
  });
  await create(org, 'Signal_Ownership__c', {
    Asset__c: second,
    Account__c: buyer,
    From__c: '2026-04-01T00:00:00Z',
  });
  await org.sobject('Signal_Device__c').update({ Id: device, Aliases__c: ' SN-77 \n\nMAC-1' });
  await bridge.sync();
  const places = ['2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'].map(
    (at) => bridge.whose('SN-77', at).assetId,
  );
  assert.deepEqual(places, [undefined, first, second]);
  assert.equal(bridge.whose('pump-001', '2026-05-01T00:00:00Z').accountId, buyer);
  assert.deepEqual(bridge.whose('pump-001', '2026-03-15T00:00:00Z').doubts, [
    'the Asset was owned by nobody at that time',
  ]);

  // The Account of an Asset is no field of ours, and still its change is noticed.
  await org.sobject('Asset').update({ Id: first, AccountId: buyer });
  await org.sobject('Signal_Installation__c').delete(moved);
  await bridge.sync();
  const gone = bridge.whose('pump-001', '2026-02-01T00:00:00Z');
  assert.deepEqual(gone.doubts, ['pump-001 was on no Asset at that time']);
  const { assets: known } = bridge.copy.facts(toDeviceKey('pump-001'));
  assert.ok(known.every(({ id, accountId }) => id !== first || accountId === buyer));
});

test('thousands of devices take one call for two thousand, and none is missed between pages', async () => {
  await using world = await makeWorld();
  const { state } = await world.startOrg();
  const org = await connectAdmin(world, state);
  const keys = Array.from({ length: 4_500 }, (_, index) => `d-${index}`);
  for (let start = 0; start < keys.length; start += 200) {
    const rows = keys.slice(start, start + 200).map((key) => ({ Name: key, Device_Key__c: key }));
    const saved = await org.sobject('Signal_Device__c').create(rows);
    assert.ok(saved.every(({ success }) => success));
  }
  using bridge = copyOf(world, state);
  await bridge.sync();
  assert.equal(bridge.copy.counts().devices, keys.length);
  assert.equal(bridge.calls(), 3);
  assert.ok(keys.every((key) => bridge.copy.facts(toDeviceKey(key)).devices.length === 1));
});

/** Opened on a device the org does not know, so many hours after the first of May. */
const opened = (episode: string, hour: number) => ({
  Event_Key__c: createHash('sha256').update(`${episode} event`).digest('hex'),
  Episode_Key__c: createHash('sha256').update(episode).digest('hex'),
  Phase__c: 'Opened',
  Schema_Version__c: 1,
  Signal_Type__c: 'fault.vibration-high',
  Severity__c: 'High',
  Confidence__c: 0.9,
  Device_Key__c: 'MAC-8',
  Occurred_At__c: Date.UTC(2026, 4, 1, hour),
  Occurred_At_Ms__c: Date.UTC(2026, 4, 1, hour),
  Explanation__c: 'Vibration is too high.',
  Policy_Key__c: 'pump-vibration-high',
  Policy_Version__c: 1,
});

test('signals of an unknown device become Cases once a steward says where it was', async () => {
  await using world = await makeWorld();
  const { state } = await world.startOrg();
  const admin = await world.admin(state);
  const assets = await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const asset = assets.get('pump-001') ?? '';
  using publisher = await connectPublisher(world, state);
  await publisher.publish([opened('a', 1), opened('b', 5)]);
  const count = (where: string) =>
    admin.count(`SELECT COUNT() FROM Asset_Signal__c WHERE ${where}`);
  await waitFor(
    'both are recorded and suppressed',
    async () =>
      (await count("Disposition__c = 'Suppressed' AND Asset__c = null")) === 2 ? true : undefined,
    20_000,
  );

  const org = await connectAdmin(world, state);
  using bridge = copyOf(world, state);
  await bridge.sync();
  assert.equal(await bridge.reattribute(), 0);
  const device = await create(org, 'Signal_Device__c', {
    Name: 'Pump 8',
    Device_Key__c: 'pump-8',
    Aliases__c: 'MAC-8',
  });
  await create(org, 'Signal_Installation__c', {
    Device__c: device,
    Asset__c: asset,
    From__c: '2026-05-01T03:00:00Z',
  });
  await bridge.sync();
  // Of the first nobody knows where the device was then.
  assert.equal(await bridge.reattribute(), 1);
  await waitFor(
    'the second has its Case',
    async () => ((await admin.count('SELECT COUNT() FROM Case')) === 1 ? true : undefined),
    20_000,
  );
  assert.equal(await count("Disposition__c = 'Acted'"), 1);
  assert.equal(await count("Disposition__c = 'Suppressed' AND Asset__c = null"), 1);
  assert.equal(await bridge.reattribute(), 0);
});
