import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';

import { readMetric } from './bridgeAlone.ts';
import { greedyFlow } from './customerFlow.ts';
import { makePlant, untilTold, vibrationPolicy } from './plant.ts';
import type { Plant, PlantOptions } from './plant.ts';
import { waitFor } from './wait.ts';
import { untilReady } from './world.ts';

const PATIENCE_MS = 150_000;
const RECEIPTS = { every: '500ms', missingAfter: '5s', routeAgainAfter: '5s', maxPublishes: 5 };

/** A plant whose org does not do as it should, and a bridge that does not wait for minutes to see it. */
async function makeSickPlant(options: PlantOptions) {
  await using stack = new AsyncDisposableStack();
  const plant = stack.use(await makePlant(options));
  await plant.create('Signal_Policy__c', vibrationPolicy('vibration'));
  const salesforce = { ...(plant.config['salesforce'] as object), receipts: RECEIPTS };
  const bridge = await plant.world.startBridge({ ...plant.config, salesforce });
  await untilReady(bridge);
  await untilTold(plant, 'vibration', 'In Force');
  const owned = stack.move();
  return {
    ...{ plant, bridge, outbox: (sql: string) => askOutbox(plant, sql) },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function askOutbox({ world }: Plant, sql: string) {
  using file = new DatabaseSync(join(world.folder, 'bridge/bridge.sqlite'), { readOnly: true });
  return file.prepare(sql).all();
}

const pumps = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `pump-${String(index + 1).padStart(3, '0')}`);

async function openEpisodes({ say }: Plant, devices: readonly string[]): Promise<void> {
  for (const vibration of [2, 12, 12.1]) {
    for (const device of devices) await say(device, vibration);
  }
}

test('a batch the org undoes as a whole, for one row that always fails, is in the org but for that row, without a person', async (t) => {
  const devices = pumps(9);
  const [poison = ''] = devices.slice(4);
  await using sick = await makeSickPlant({
    devices,
    without: ['nothing of it'],
    async change(metadata) {
      const folder = join(metadata, 'customer/flows');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'Customer_Greedy.flow-meta.xml'), greedyFlow(poison));
    },
  });
  const { plant, outbox } = sick;
  // While the org sleeps the events come together, and it gets them as one batch.
  plant.child.kill('SIGSTOP');
  await openEpisodes(plant, devices);
  await waitFor(
    'all are detected',
    () => outbox('SELECT 1 FROM outbox').length === 9 || undefined,
    PATIENCE_MS,
  );
  plant.child.kill('SIGCONT');

  await waitFor(
    'every event has its end',
    () => outbox('SELECT 1 FROM outbox WHERE receipt IS NOT NULL').length === 9 || undefined,
    PATIENCE_MS,
    500,
  );
  const ends = outbox(
    `SELECT device_key, receipt, receipt_reason, publishes FROM outbox ORDER BY device_key`,
  );
  t.diagnostic(
    ends.map((row) => `${String(row['device_key'])} ${String(row['publishes'])}`).join(', '),
  );
  for (const { device_key: device, receipt } of ends) {
    assert.equal(receipt, device === poison ? 'Missing' : 'Acted', String(device));
  }
  assert.ok(
    ends.filter(({ publishes }) => Number(publishes) > 1).length > 1,
    'a neighbour was undone with it',
  );
  const lost = ends.find(({ device_key: device }) => device === poison);
  assert.match(String(lost?.['receipt_reason']), /published 5 times, at last alone/);

  const rows = await plant.rows('SELECT Device_Key__c FROM Asset_Signal__c');
  const cases = await plant.rows('SELECT Signal_Episode_Key__c FROM Case');
  const others = devices.filter((device) => device !== poison);
  assert.deepEqual(rows.map((row) => String(row['Device_Key__c'])).toSorted(), others);
  assert.equal(new Set(cases.map((row) => row['Signal_Episode_Key__c'])).size, 8);
  assert.equal(cases.length, 8, 'each once');
});

test('signals whose routing never began are routed when the bridge asks for it', async () => {
  const devices = pumps(5);
  await using sick = await makeSickPlant({
    devices,
    without: ['Signal_AfterCreate_Route.flow-meta.xml'],
  });
  const { plant, bridge } = sick;
  await openEpisodes(plant, devices);
  await plant.untilSignals("Phase__c = 'Opened'", 5);
  const rows = await plant.rows(
    'SELECT Disposition__c, Retry_Requested_At__c FROM Asset_Signal__c',
  );
  for (const row of rows) {
    assert.equal(row['Disposition__c'], 'Acted');
    assert.notEqual(row['Retry_Requested_At__c'], null);
  }
  assert.equal((await plant.rows('SELECT Id FROM Case')).length, 5);
  await plant.untilAllHasItsEnd();
  assert.equal(await readMetric(bridge.httpUrl, 'asset_signals_unrouted'), 0);
  const count = 'asset_signals_event_to_action_seconds_count';
  await waitFor(
    'it was measured how long it took',
    async () => (await readMetric(bridge.httpUrl, count)) === 5 || undefined,
    PATIENCE_MS,
  );
  assert.ok((await readMetric(bridge.httpUrl, 'asset_signals_event_to_action_seconds_sum')) > 20);
});

test('where the router stays off people are told, in the org too', async () => {
  const devices = pumps(2);
  await using sick = await makeSickPlant({
    devices,
    without: ['Signal_AfterCreate_Route.flow-meta.xml', 'Signal_AfterUpdate_Retry.flow-meta.xml'],
  });
  const { plant, bridge } = sick;
  await openEpisodes(plant, devices);
  const message = await waitFor(
    'the org is told',
    async () => {
      const [row] = await plant.rows('SELECT Message__c FROM Signal_Bridge__c');
      const said = row?.['Message__c'];
      return typeof said === 'string' && said.includes('without being routed') ? said : undefined;
    },
    PATIENCE_MS,
  );
  assert.match(message, /^2 signals are in the org without being routed, also when asked again/);
  assert.equal(await readMetric(bridge.httpUrl, 'asset_signals_unrouted'), 2);
  const alarms = bridge.output().match(/the org has signals it does not route, also when/g);
  assert.equal(alarms?.length, 1);
});
