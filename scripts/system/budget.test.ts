import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { startBroker } from './broker.ts';
import { startClock } from './day/clock.ts';
import { connectFeed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

const BRIDGE_ROW =
  'SELECT Publishes_Left__c, Signal_Rows_Left__c, Api_Calls_Left__c, Deliveries_Left__c, Message__c FROM Signal_Bridge__c';
const HOUR = 3_600_000;
const MEDIUM = 9;
const CRITICAL = 6;
const devices = Array.from({ length: MEDIUM }, (_, index) => `pump-00${index + 1}`);

test('with ten events an hour Medium stops at half of them, Critical passes, the org is told, and an hour later the rest arrives', async () => {
  await using world = await makeWorld();
  await using clock = await startClock(world.folder, Date.now() - 2 * HOUR);
  await using broker = await startBroker(world.folder);
  const { state } = await world.startOrg([], clock.env);
  await world.seed(
    await world.admin(state),
    devices.map((key) => ({ key, type: 'pump' })),
  );
  const usual = world.bridgeConfig(broker.url, state);
  const config = {
    ...usual,
    salesforce: {
      ...(usual['salesforce'] as object),
      heartbeat: { every: '10s' },
      budget: { publishesPerHour: { limit: 10, share: 1 } },
    },
  };
  const first = await world.startBridge(config, clock.env);
  await untilReady(first);
  await using feed = await connectFeed(broker.url);
  const run = async (device: string, metric: string, values: readonly number[]) => {
    const from = clock.now() - values.length * 1_000;
    for (const [index, value] of values.entries()) {
      const ts = new Date(from + index * 1_000).toISOString();
      const payload = { ts, metrics: { [metric]: value } };
      await feed.send(`plant/pump/${device}/telemetry`, JSON.stringify(payload));
    }
  };
  /** Signals of this type that are in the org. A session does not outlive an hour. */
  const count = async (type: string) =>
    (await world.admin(state)).count(
      `SELECT COUNT() FROM Asset_Signal__c WHERE Signal_Type__c = '${type}'`,
    );
  const untilCount = (type: string, least: number) =>
    waitFor(
      `${least} signals of ${type}`,
      async () => ((await count(type)) >= least ? true : undefined),
      60_000,
    );
  const bridgeRow = async () =>
    ((await (await world.admin(state)).query(BRIDGE_ROW))[0] ?? {}) as Readonly<
      Record<string, unknown>
    >;

  // Silence of the pumps is Medium, too, and comes after the flow.
  const [flow, vibration] = ['anomaly.range', 'fault.vibration-high'];
  for (const device of devices) await run(device, 'flow', [40, 40, 10, 10, 10, 10, 10]);
  await untilCount(flow, 5);
  for (const device of devices.slice(0, CRITICAL)) {
    await run(device, 'vibration', [2, 2, 12, 12, 12, 12, 12]);
  }
  await untilCount(vibration, CRITICAL);
  const told = await waitFor(
    'the org is told',
    async () => {
      const row = await bridgeRow();
      return String(row['Message__c']).includes('publishesPerHour') ? row : undefined;
    },
    60_000,
  );
  assert.match(String(told['Message__c']), /events of an hour.*\(11 of 10\).*Medium \(\d+\)/);
  assert.equal(told['Publishes_Left__c'], 0);
  assert.equal(told['Signal_Rows_Left__c'], 10_000 - 5 - CRITICAL);
  assert.ok(Number(told['Api_Calls_Left__c']) > 0 && Number(told['Deliveries_Left__c']) > 0);
  const metrics = await (await fetch(`${first.httpUrl}/metrics`)).text();
  assert.match(metrics, /asset_signals_held_back\{severity="Medium",reason="publishes"\} [1-9]/);
  assert.match(metrics, /asset_signals_budget_left\{budget="publishes"\} 0/);

  // What was used is known after a kill.
  first.kill('SIGKILL');
  await first.ended;
  const second = await world.startBridge(config, clock.env);
  await untilReady(second);
  await sleep(3_000);
  assert.equal(await count(flow), 5);

  await clock.moveTo(clock.now() + HOUR + 60_000);
  await untilCount(flow, MEDIUM);
  second.kill('SIGTERM');
  assert.equal(await second.ended, 0);
});
