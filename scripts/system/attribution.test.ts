import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Connection } from 'jsforce';

import { readMetric } from './bridgeAlone.ts';
import { startBroker } from './broker.ts';
import { connectFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { connectAdmin } from './orgSession.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

const HOUR = 3_600_000;
const inOrg = (at: number): string => new Date(at).toISOString();
/** Whole seconds, as the org keeps them. */
const now = Math.floor(Date.now() / 1_000) * 1_000;

interface SignalRow {
  readonly Device_Key__c: string;
  readonly Phase__c: string;
  readonly Occurred_At_Ms__c: number;
  /** As the bridge sent it. */
  readonly Asset_Id__c: string | null;
  readonly Asset__c: string | null;
  readonly Account__c: string | null;
  readonly Device__c: string | null;
  readonly Disposition__c: string;
}

const FIELDS =
  'Device_Key__c, Phase__c, Occurred_At_Ms__c, Asset_Id__c, Asset__c, Account__c, Device__c, Disposition__c';

/** A world with a broker, an org with these devices on an Asset each, and a bridge that watches vibration. */
async function setUp(keys: readonly string[]) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await makeWorld());
  const broker = stack.use(await startBroker(world.folder));
  const { state, ...child } = await world.startOrg();
  const seeds = keys.map((key) => ({ key, type: 'pump' }));
  const assets = await world.seed(await world.admin(state), seeds);
  const org = await connectAdmin(world, state);
  const config = await world.withPolicies(world.bridgeConfig(broker.url, state), [
    'pump-vibration-high',
  ]);
  const feed = stack.use(await connectFeed(broker.url));
  const owned = stack.move();
  return {
    ...{ world, state, org, config, feed, child },
    assetOf: (key: string) => assets.get(key) ?? '',
    async [Symbol.asyncDispose]() {
      await owned.disposeAsync();
    },
  };
}

/** Trouble and health again: an Opened and a Cleared. */
async function story(feed: Feed, device: string, at: number): Promise<void> {
  await feed.bearingWear(device, at, 6);
  await feed.health(device, at + 6_000, 6);
}

async function create(org: Connection, object: string, fields: object): Promise<string> {
  const saved = await org.sobject(object).create(fields);
  assert.ok(saved.success, JSON.stringify(saved));
  return saved.id;
}

async function deviceIds(org: Connection): Promise<ReadonlyMap<string, string>> {
  type Row = { Id: string; Device_Key__c: string };
  const { records } = await org.query<Row>('SELECT Id, Device_Key__c FROM Signal_Device__c');
  return new Map(records.map(({ Id, Device_Key__c }) => [Device_Key__c, Id]));
}

async function signals(org: Connection): Promise<readonly SignalRow[]> {
  const soql = `SELECT ${FIELDS} FROM Asset_Signal__c ORDER BY Occurred_At_Ms__c`;
  return (await org.query<SignalRow>(soql)).records;
}

const untilSignals = (
  org: Connection,
  what: string,
  isSo: (rows: readonly SignalRow[]) => boolean,
) =>
  waitFor(
    what,
    async () => {
      const rows = await signals(org);
      return isSo(rows) ? rows : undefined;
    },
    40_000,
    200,
  );

const untilKnown = (httpUrl: string, what: string, installations: number) =>
  waitFor(
    what,
    async () =>
      (await readMetric(httpUrl, 'asset_signals_identity_installations')) === installations ||
      undefined,
    20_000,
  );

test('a device that is swapped while it speaks has each signal on the Asset, and with the owner, of its time', async () => {
  await using box = await setUp(['pump-001', 'pump-002']);
  const { org, feed } = box;
  const [first, second] = ['pump-001', 'pump-002'].map(box.assetOf);
  const devices = await deviceIds(org);
  const install = (device: string, asset: string | undefined, from: number) =>
    create(org, 'Signal_Installation__c', {
      Device__c: devices.get(device),
      Asset__c: asset,
      From__c: inOrg(from),
    });
  const before = [
    await install('pump-001', first, now - 90 * HOUR),
    await install('pump-002', second, now - 90 * HOUR),
  ];
  const [seller, buyer] = [
    await create(org, 'Account', { Name: 'The seller' }),
    await create(org, 'Account', { Name: 'The buyer' }),
  ];
  const sold = now - 10 * HOUR;
  for (const owner of [
    { Account__c: seller, From__c: inOrg(now - 90 * HOUR), To__c: inOrg(sold) },
    { Account__c: buyer, From__c: inOrg(sold) },
  ]) {
    await create(org, 'Signal_Ownership__c', { Asset__c: first, ...owner });
  }
  const bridge = await box.world.startBridge(box.config);
  await untilReady(bridge);
  await untilKnown(bridge.httpUrl, 'the devices are known', 2);
  await story(feed, 'pump-001', now - 30 * HOUR);
  await story(feed, 'pump-002', now - 30 * HOUR);
  await untilSignals(org, 'they are on their first Assets', (rows) => rows.length === 4);

  const swapped = now - 20 * HOUR;
  for (const id of before) {
    await org.sobject('Signal_Installation__c').update({ Id: id, To__c: inOrg(swapped) });
  }
  await install('pump-001', second, swapped);
  await install('pump-002', first, swapped);
  // The next look by the clock is minutes away: only a notice can tell it.
  await untilKnown(bridge.httpUrl, 'the bridge has heard of the swap', 4);
  // Data from before the swap that come after it; from after it; and from after the sale.
  for (const hours of [25, 15, 5]) {
    await story(feed, 'pump-001', now - hours * HOUR);
    await story(feed, 'pump-002', now - hours * HOUR);
  }
  const rows = await untilSignals(org, 'all signals are there', (all) => all.length === 16);
  for (const row of rows) {
    const isSwapped = row.Occurred_At_Ms__c >= swapped;
    const asset = (row.Device_Key__c === 'pump-001') === isSwapped ? second : first;
    const told = `${row.Device_Key__c} ${row.Phase__c} ${inOrg(row.Occurred_At_Ms__c)}`;
    assert.equal(row.Asset_Id__c, asset, `${told}: as the bridge sent it`);
    assert.equal(row.Asset__c, asset, told);
    if (asset !== first) continue;
    assert.equal(row.Account__c, row.Occurred_At_Ms__c < sold ? seller : buyer, told);
  }
  assert.equal(await readMetric(bridge.httpUrl, 'asset_signals_attributed_total'), 16);
});

test('what is unknown, ambiguous or gone loses nothing: the steward says how it is, and earlier signals follow', async () => {
  await using box = await setUp(['pump-001', 'pump-002', 'pump-003']);
  const { org, feed } = box;
  const devices = await deviceIds(org);
  // Two people save at the same moment: neither sees the other, and the device is in two places.
  const twice = ['pump-001', 'pump-003'].map((on) => ({
    Device__c: devices.get('pump-001'),
    Asset__c: box.assetOf(on),
    From__c: inOrg(now - 90 * HOUR),
  }));
  const saved = await org.sobject('Signal_Installation__c').create(twice);
  assert.ok(
    saved.every(({ success }) => success),
    JSON.stringify(saved),
  );
  await create(org, 'Signal_Installation__c', {
    Device__c: devices.get('pump-002'),
    Asset__c: box.assetOf('pump-002'),
    From__c: inOrg(now - 90 * HOUR),
  });
  const bridge = await box.world.startBridge(box.config);
  await untilReady(bridge);
  await untilKnown(bridge.httpUrl, 'the devices are known', 3);
  await org.sobject('Asset').delete(box.assetOf('pump-002'));

  for (const device of ['pump-001', 'pump-002', 'MAC-8']) {
    await feed.bearingWear(device, now - 5 * HOUR, 6);
  }
  const isFor = (key: string) => (row: SignalRow) => row.Device_Key__c === key;
  const rows = await untilSignals(
    org,
    'all are recorded, and none is guessed',
    (all) => all.length === 3 && all.every((row) => row.Disposition__c === 'Suppressed'),
  );
  for (const row of rows) assert.equal(row.Asset__c, null, JSON.stringify(row));

  const [, wrong] = saved;
  await org.sobject('Signal_Installation__c').delete(wrong?.id ?? '');
  const fixed = await untilSignals(org, 'the ambiguous one is where it was', (all) =>
    all.filter(isFor('pump-001')).every(({ Disposition__c }) => Disposition__c === 'Acted'),
  );
  const [one] = fixed.filter(isFor('pump-001'));
  assert.equal(one?.Asset__c, box.assetOf('pump-001'));

  const device = await create(org, 'Signal_Device__c', {
    Name: 'Pump 8',
    Device_Key__c: 'pump-008',
    Aliases__c: 'SN-8\nMAC-8',
  });
  await create(org, 'Signal_Installation__c', {
    Device__c: device,
    Asset__c: box.assetOf('pump-003'),
    From__c: inOrg(now - 90 * HOUR),
  });
  const mapped = await untilSignals(org, 'the unknown one is mapped', (all) =>
    all.filter(isFor('MAC-8')).every(({ Disposition__c }) => Disposition__c === 'Acted'),
  );
  for (const row of mapped.filter(isFor('MAC-8'))) {
    assert.deepEqual([row.Asset__c, row.Device__c], [box.assetOf('pump-003'), device]);
  }
  // From now on it is known by the key of its record, whatever it calls itself.
  await feed.health('MAC-8', now - 2 * HOUR, 12);
  const named = await untilSignals(org, 'it has its own name', (all) =>
    all.some((row) => isFor('pump-008')(row) && row.Disposition__c === 'Acted'),
  );
  assert.equal(named.find(isFor('pump-008'))?.Device__c, device);
  assert.equal(await readMetric(bridge.httpUrl, 'asset_signals_reattributed_total'), 2);
});

test('a bridge that starts while the org is away knows the devices from its disk', async () => {
  await using box = await setUp(['pump-001']);
  const { world, feed } = box;
  let bridge = await world.startBridge(box.config);
  await untilReady(bridge);
  await untilDevices(bridge.httpUrl);
  bridge.kill('SIGKILL');
  await bridge.ended;
  box.child.kill('SIGKILL');
  await box.child.ended;

  bridge = await world.startBridge(box.config);
  await untilDevices(bridge.httpUrl);
  assert.equal(await readMetric(bridge.httpUrl, 'asset_signals_org_reachable'), 0);
  await story(feed, 'pump-001', now - HOUR);
  await waitFor(
    'a signal waits',
    async () => (await readMetric(bridge.httpUrl, 'asset_signals_outbox_pending')) > 0 || undefined,
    20_000,
  );
  const { state } = await world.startOrg();
  const org = await connectAdmin(world, state);
  const rows = await untilSignals(org, 'they are there', (all) => all.length === 2);
  for (const row of rows) assert.equal(row.Asset_Id__c, box.assetOf('pump-001'));
});

const untilDevices = (httpUrl: string) =>
  waitFor(
    'the devices are known',
    async () => (await readMetric(httpUrl, 'asset_signals_identity_devices')) > 0 || undefined,
    20_000,
  );
