import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Connection } from 'jsforce';
import { z } from 'zod';

import { ADMIN } from '../demo/orgSetup.ts';
import { startBroker } from './broker.ts';
import { connectFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';
import type { BridgeConfig, OrgState, World } from './world.ts';

const SECOND = 1_000;
const devices = ['pump-001', 'pump-002'].map((key) => ({ key, type: 'pump' }));

const viewRow = z.object({
  Series__c: z.string().nullable(),
  Bridge_Message__c: z.string().nullable(),
  Answered_At__c: z.string().nullable(),
  Requested_At__c: z.string().nullable(),
  Last_Reading_At__c: z.string().nullable(),
});
type ViewRow = z.infer<typeof viewRow>;
const chart = z.object({
  v: z.literal(1),
  from: z.number(),
  to: z.number(),
  metrics: z.array(z.string()),
  series: z.array(
    z.object({
      device: z.string(),
      metric: z.string(),
      unit: z.string().optional(),
      n: z.number(),
      t: z.array(z.number()),
      y: z.array(z.number().nullable()),
    }),
  ),
});

/** Somebody who looks at assets: creates views, asks again, reads what came. */
interface Onlooker {
  view(assetName: string, fields: Readonly<Record<string, string | number>>): Promise<string>;
  change(id: string, fields: Readonly<Record<string, string>>): Promise<void>;
  read(id: string): Promise<ViewRow>;
  remove(id: string): Promise<void>;
  /** Event deliveries the org has spent. */
  deliveries(): Promise<number>;
}

const iso = (at: number): string => new Date(at).toISOString();
/** A lease of this many seconds from now; negative: over. */
const lease = (seconds: number): string => iso(Date.now() + seconds * SECOND);

async function connectOnlooker(world: World, { instanceUrl }: OrgState): Promise<Onlooker> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const expires = Math.floor(Date.now() / SECOND) + 180;
  const claims = { iss: 'system-test', sub: ADMIN, aud: instanceUrl, exp: expires };
  const signed = `${part({ alg: 'RS256' })}.${part(claims)}`;
  const connection = new Connection({ loginUrl: instanceUrl, instanceUrl, version: '66.0' });
  await connection.authorize({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: `${signed}.${createSign('RSA-SHA256').update(signed).sign(world.key.privateKeyPem, 'base64url')}`,
  });
  const views = connection.sobject('Telemetry_View__c');
  return {
    async view(assetName, fields) {
      const asset = await connection.sobject('Asset').findOne({ Name: assetName }, ['Id']);
      assert.ok(asset?.Id !== undefined, `no asset ${assetName}`);
      const record = { Asset__c: asset.Id, Requested_At__c: iso(Date.now()), ...fields };
      const created = await views.create({ Range_Minutes__c: 15, ...record });
      assert.ok(created.success);
      return created.id;
    },
    async change(Id, fields) {
      assert.ok((await views.update({ Id, ...fields })).success);
    },
    read: async (id) => viewRow.parse(await views.retrieve(id)),
    async remove(id) {
      assert.ok((await views.destroy(id)).success);
    },
    async deliveries() {
      const limits = await connection.limits();
      const { Max, Remaining } = limits['DailyDeliveredPlatformEvents'] ?? { Max: 0, Remaining: 0 };
      return Max - Remaining;
    },
  };
}

const withTelemetry = (config: BridgeConfig, telemetry: object): BridgeConfig => ({
  ...config,
  telemetry,
});

async function metric(bridge: { readonly httpUrl: string }, name: string): Promise<number> {
  const text = await (await fetch(`${bridge.httpUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}
const NOTICES = 'asset_signals_notices_total{kind="Telemetry"}';
const CALLS = 'asset_signals_telemetry_calls_total';
const listening = (bridge: { readonly httpUrl: string }) =>
  waitFor(
    'the bridge listens to notices',
    async () =>
      (await metric(bridge, 'asset_signals_notices_listening')) === 1 ? true : undefined,
    20 * SECOND,
  );

/** The chart of a view once it satisfies the condition. */
const chartOf = (
  onlooker: Onlooker,
  id: string,
  what: string,
  isSo: (drawn: z.infer<typeof chart>, row: ViewRow) => boolean,
) =>
  waitFor(
    what,
    async () => {
      const row = await onlooker.read(id);
      if (row.Series__c === null) return undefined;
      const drawn = chart.parse(JSON.parse(row.Series__c));
      return isSo(drawn, row) ? { drawn, row } : undefined;
    },
    15 * SECOND,
  );

/** A reading with two metrics, now. */
const send = (feed: Feed, device: string, at: number, vibration: number, flow: number) =>
  feed.send(
    `plant/pump/${device}/telemetry`,
    JSON.stringify({ ts: iso(at), metrics: { vibration, flow } }),
  );

test('a view is answered within seconds, renewed while its lease lasts, and costs nothing after', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  await world.seed(await world.admin(org.state), devices);
  const config = world.bridgeConfig(broker.url, org.state);
  const telemetry = { refresh: '1s', callsPerMinute: 600 };
  const bridge = await world.startBridge(withTelemetry(config, telemetry));
  await untilReady(bridge);
  await listening(bridge);
  await using feed = await connectFeed(broker.url);
  const onlooker = await connectOnlooker(world, org.state);
  const start = Date.now() - 60 * SECOND;
  for (let second = 0; second < 30; second += 1) {
    await send(feed, 'pump-001', start + second * SECOND, second === 17 ? 99.5 : 2.5, 40);
  }

  const deliveries = await onlooker.deliveries();
  const asked = Date.now();
  const requested = iso(asked);
  const id = await onlooker.view('Pump 001', {
    Requested_At__c: requested,
    Live_Until__c: lease(60),
  });
  await chartOf(onlooker, id, 'the first drawing', ({ series }) => series.length === 2);
  assert.ok(Date.now() - asked < 10 * SECOND, `after ${Date.now() - asked} ms`);
  const { drawn, row } = await chartOf(
    onlooker,
    id,
    'all of it',
    ({ series }) => series[1]?.n === 30,
  );
  assert.deepEqual(drawn.metrics, ['flow', 'vibration']);
  const [flow, vibration] = drawn.series;
  assert.equal(vibration?.device, 'pump-001');
  assert.deepEqual([vibration?.n, vibration?.unit, flow?.unit], [30, 'mm/s', 'm3/h']);
  assert.equal(Math.max(...(vibration?.y ?? []).map(Number)), 99.5, 'the spike is there');
  assert.equal(row.Bridge_Message__c, null);
  assert.equal(Date.parse(row.Last_Reading_At__c ?? ''), start + 29 * SECOND - (start % SECOND));

  await send(feed, 'pump-001', Date.now(), 3, 41);
  await chartOf(onlooker, id, 'it grows', ({ series }) => series[1]?.n === 31);
  assert.equal(await metric(bridge, 'asset_signals_views_live'), 1);
  assert.equal(await metric(bridge, NOTICES), 1, 'opening and renewing cost one delivery');
  assert.equal(await onlooker.deliveries(), deliveries + 1);
  const { Requested_At__c: kept } = await onlooker.read(id);
  assert.equal(Date.parse(kept ?? ''), asked - (asked % SECOND), 'the bridge does not touch it');

  // Only asking again sends a notice; what else changes is seen at the next refresh.
  await onlooker.change(id, { Metrics__c: 'flow', Requested_At__c: iso(Date.now() + SECOND) });
  await chartOf(onlooker, id, 'the metric chosen', ({ series }) => series.length === 1);
  await onlooker.change(id, { Metrics__c: 'flow, heat' });
  await chartOf(onlooker, id, 'what is missing is said', (_, { Bridge_Message__c: message }) =>
    /No readings named heat/.test(message ?? ''),
  );
  await onlooker.change(id, { Live_Until__c: lease(2) });
  await waitFor(
    'the lease ends',
    async () => ((await metric(bridge, 'asset_signals_views_live')) === 0 ? true : undefined),
    30 * SECOND,
  );
  const spent = await metric(bridge, CALLS);
  await sleep(3 * SECOND);
  assert.equal(await metric(bridge, CALLS), spent, 'nobody looks, nothing is asked');
  assert.equal(await metric(bridge, NOTICES), 2);
  assert.equal(await onlooker.deliveries(), deliveries + 2);
});

test('a dead bridge is replaced: charts go on with the past, and notices meanwhile are answered', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  await world.seed(await world.admin(org.state), devices);
  const config = withTelemetry(world.bridgeConfig(broker.url, org.state), {
    refresh: '1s',
    callsPerMinute: 600,
  });
  let bridge = await world.startBridge(config);
  await untilReady(bridge);
  await listening(bridge);
  await using feed = await connectFeed(broker.url);
  const onlooker = await connectOnlooker(world, org.state);
  const start = Date.now() - 60 * SECOND;
  for (let second = 0; second < 20; second += 1) {
    await send(feed, 'pump-001', start + second * SECOND, 2.5, 40);
  }
  const live = await onlooker.view('Pump 001', { Live_Until__c: lease(300) });
  const over = await onlooker.view('Pump 002', { Live_Until__c: lease(-300) });
  await chartOf(onlooker, live, 'drawn', ({ series }) => series[0]?.n === 20);
  await waitFor(
    'a notice is answered though the lease is over',
    async () => ((await onlooker.read(over)).Answered_At__c === null ? undefined : true),
    10 * SECOND,
  );

  bridge.kill('SIGKILL');
  await bridge.ended;
  await send(feed, 'pump-001', start + 20 * SECOND, 2.5, 40);
  // No query finds it, its lease is over: only the notice, kept by the org, says that somebody asked.
  await onlooker.change(over, { Requested_At__c: iso(Date.now() + SECOND), Metrics__c: 'heat' });
  bridge = await world.startBridge(config);
  await chartOf(onlooker, live, 'the past and the present', ({ series }) => series[0]?.n === 21);
  await waitFor(
    'the notice of the time between',
    async () => ((await metric(bridge, NOTICES)) >= 1 ? true : undefined),
    20 * SECOND,
  );
  assert.match((await onlooker.read(over)).Bridge_Message__c ?? '', /No readings from pump-002/);
  await sleep(2 * SECOND);
  assert.equal(await metric(bridge, NOTICES), 1, 'what was answered before does not come again');
});

test('an org that restarts is heard again from where it was, and no view harms another', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  let org = await world.startOrg();
  await world.seed(await world.admin(org.state), devices);
  const config = withTelemetry(world.bridgeConfig(broker.url, org.state), {
    refresh: '1s',
    callsPerMinute: 600,
  });
  const bridge = await world.startBridge(config);
  await untilReady(bridge);
  await listening(bridge);
  await using feed = await connectFeed(broker.url);
  await send(feed, 'pump-001', Date.now(), 2.5, 40);
  let onlooker = await connectOnlooker(world, org.state);
  const first = await onlooker.view('Pump 001', { Live_Until__c: lease(-300) });
  await chartOf(onlooker, first, 'drawn', ({ series }) => series.length === 2);

  org.kill('SIGKILL');
  await org.ended;
  // The bridge notices, and waits longer each time.
  await sleep(2 * SECOND);
  org = await world.startOrg();
  onlooker = await connectOnlooker(world, org.state);
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    ids.push(await onlooker.view('Pump 001', { Live_Until__c: lease(-300) }));
  }
  const gone = await onlooker.view('Pump 001', { Live_Until__c: lease(-300) });
  await onlooker.remove(gone);
  for (const id of ids) {
    await chartOf(onlooker, id, `view ${id} is drawn`, ({ series }) => series.length === 2);
  }
  await listening(bridge);
  await waitFor(
    'every notice was taken',
    async () => ((await metric(bridge, NOTICES)) === 7 ? true : undefined),
    10 * SECOND,
  );
  assert.equal(await metric(bridge, 'asset_signals_views_written_total{outcome="refused"}'), 0);
  bridge.kill('SIGTERM');
  assert.equal(await bridge.ended, 0, bridge.output());
});
