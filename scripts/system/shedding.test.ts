import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse, stringify } from 'yaml';
import { z } from 'zod';

import { readBridgeState } from '../verify/bridgeState.ts';
import { startBroker } from './broker.ts';
import { startNode } from './child.ts';
import { startClock } from './day/clock.ts';
import { connectFeed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

const MINUTE = 60_000;
const bridgeMain = join(import.meta.dirname, '../../bridge/src/main.ts');
const starter = join(import.meta.dirname, '../../config/starter-policies.yaml');
const pump = (number: number): string => `pump-${String(number).padStart(3, '0')}`;
/** Of twenty events an hour Low may have eight: so many of the pumps find no room. */
const LOW = 14;
const CRITICAL = 4;
const LATE = pump(LOW + 1);
const devices = Array.from({ length: LOW + 1 }, (_, index) => pump(index + 1));
const list = z.object({
  counts: z.array(z.object({ why: z.string(), severity: z.string(), events: z.number() })),
  newest: z.array(z.object({ eventKey: z.string(), reason: z.string() })),
});

test('where the budget is far too small Low is shed, Critical arrives, and shed list and arrivals explain every signal', async () => {
  await using world = await makeWorld();
  await using clock = await startClock(world.folder, Date.now() - 120 * MINUTE);
  await using broker = await startBroker(world.folder);
  const { state } = await world.startOrg([], clock.env);
  await world.seed(
    await world.admin(state),
    devices.map((key) => ({ key, type: 'pump' })),
  );
  const policies = z
    .array(z.looseObject({ key: z.string() }))
    .parse(parse(await readFile(starter, 'utf8')))
    .filter(({ key }) => key === 'pump-flow-range' || key === 'pump-vibration-high')
    .map((one) =>
      one.key === 'pump-flow-range' ? { ...one, severity: 'Low', latencyClass: 'Batch' } : one,
    );
  const policiesFile = join(world.folder, 'policies.yaml');
  await writeFile(policiesFile, stringify(policies));
  const usual = world.bridgeConfig(broker.url, state);
  const config = {
    ...usual,
    policiesFile,
    salesforce: {
      ...(usual['salesforce'] as object),
      heartbeat: { every: '10s', name: 'plant' },
      budget: { publishesPerHour: { limit: 20, share: 1 } },
      latency: { batch: { every: '10s', within: '1m' } },
      shedding: { beyond: '1m', unresolved: '2m' },
    },
  };
  const bridge = await world.startBridge(config, clock.env);
  await untilReady(bridge);
  await using feed = await connectFeed(broker.url);
  const run = async (device: string, metric: string, values: readonly number[]) => {
    const from = clock.now() - values.length * 1_000;
    for (const [index, value] of values.entries()) {
      const ts = new Date(from + index * 1_000).toISOString();
      const payload = JSON.stringify({ ts, metrics: { [metric]: value } });
      await feed.send(`plant/pump/${device}/telemetry`, payload);
    }
  };
  const outbox = () => readBridgeState(join(world.folder, 'bridge/bridge.sqlite')).outbox;
  const shed = (device?: string) =>
    outbox().filter((row) => row.state === 'suppressed' && row.device === (device ?? row.device));
  const untilShed = (what: string, least: number, device?: string) =>
    waitFor(what, async () => (shed(device).length >= least ? true : undefined), 2 * MINUTE);
  /** Records of the org. A session does not outlive an hour. */
  const query = async (soql: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await (await world.admin(state)).query(soql)) as Readonly<Record<string, unknown>>[];
  const arrived = async (where: string): Promise<number> =>
    (await query(`SELECT Id FROM Asset_Signal__c WHERE ${where}`)).length;

  // Trouble that is over before its batch goes.
  const [bad, good] = [Array<number>(6).fill(10), Array<number>(6).fill(40)];
  for (const device of devices.slice(0, LOW)) await run(device, 'flow', [...good, ...bad, ...good]);
  await untilShed('episodes that found no room', 2 * (LOW - 8));
  for (const device of devices.slice(0, CRITICAL)) {
    await run(device, 'vibration', [2, 2, 12, 12, 12, 12, 12]);
  }
  await waitFor(
    'every Critical is in the org',
    async () =>
      (await arrived("Severity__c = 'Critical' AND Disposition__c = 'Acted'")) === CRITICAL ||
      undefined,
    2 * MINUTE,
  );

  // Trouble that goes on and finds no room for minutes, then ends.
  await run(LATE, 'flow', [...good, ...bad]);
  await waitFor(
    'it is recorded',
    async () => (outbox().some(({ device }) => device === LATE) ? true : undefined),
    MINUTE,
  );
  assert.equal(shed(LATE).length, 0, 'it may wait for two minutes');
  await clock.moveTo(clock.now() + 3 * MINUTE);
  await untilShed('its beginning is shed', 1, LATE);
  await run(LATE, 'flow', good);
  await untilShed('and its end with it', 2, LATE);
  assert.deepEqual(
    shed(LATE).map(({ why }) => why),
    ['waited-too-long', 'beginning-not-told'],
  );

  // With time there is room for the rest: what was told of is told the end of, too.
  await clock.moveTo(clock.now() + 70 * MINUTE);
  await waitFor(
    'nothing waits',
    async () =>
      outbox().every(({ state: how }) => how === 'published' || how === 'suppressed') || undefined,
    3 * MINUTE,
  );
  const all = outbox();
  const told = all.filter(({ state: how }) => how === 'published');
  assert.ok(all.every((row) => row.state === 'published' || row.why !== undefined));
  assert.ok(told.filter(({ policy }) => policy === 'pump-vibration-high').length >= CRITICAL);
  await waitFor(
    'the org has all that was published',
    async () => ((await arrived('Id != null')) === told.length ? true : undefined),
    MINUTE,
  );
  const open = await query(
    "SELECT Subject FROM Case WHERE Signal_Episode_Key__c != null AND Signal_Severity__c = 'Low'",
  );
  const lowEpisodes = told.filter(
    ({ policy, phase }) => policy === 'pump-flow-range' && phase === 'Opened',
  );
  assert.equal(open.length, lowEpisodes.length, 'one Case for each episode that was told of');
  assert.equal(
    told.filter(({ policy, phase }) => policy === 'pump-flow-range' && phase === 'Cleared').length,
    lowEpisodes.length,
  );

  // Every signal that is not there is on the list.
  const file = join(world.folder, 'bridge.yaml');
  await using errand = startNode([bridgeMain, 'suppressed', 'list', '--json', '--config', file]);
  assert.equal(await errand.ended, 0);
  const { counts, newest } = list.parse(JSON.parse(errand.output()));
  const missing = all.filter(({ state: how }) => how !== 'published').map((row) => row.eventKey);
  assert.deepEqual(newest.map(({ eventKey }) => eventKey).toSorted(), missing.toSorted());
  assert.ok(newest.every(({ reason }) => reason.startsWith('not published: ')));
  assert.equal(
    counts.reduce((sum, { events }) => sum + events, 0),
    missing.length,
  );
  assert.ok(counts.every(({ severity }) => severity === 'Low'));
  const metrics = await (await fetch(`${bridge.httpUrl}/metrics`)).text();
  for (const { why, severity, events } of counts) {
    const line = `asset_signals_suppressed_total{reason="${why}",severity="${severity}"} ${events}`;
    assert.ok(metrics.includes(line), line);
  }
  // And counted in the days.
  const days = () => query('SELECT Suppressed__c FROM Signal_Bridge_Day__c');
  await waitFor(
    'the org is told how many',
    async () => {
      const sum = (await days()).reduce((total, row) => total + Number(row['Suppressed__c']), 0);
      return sum === missing.length ? true : undefined;
    },
    MINUTE,
  );
});
