import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { metricTable } from './edge/telemetry/metricTable.ts';
import { payloadOf } from './model/message.ts';
import { makeFolder, startBridge, writeConfig } from './testing/bridgeProcess.ts';
import type { BridgeProcess } from './testing/bridgeProcess.ts';
import { startBroker } from './testing/broker.ts';
import { closedPort } from './testing/closedPort.ts';
import { startFakeOrg } from './testing/fakeOrg.ts';
import { loggedMessages } from './testing/loggedMessages.ts';
import { until } from './testing/until.ts';

const TOPIC = 'plant/pump/pump-001/telemetry';
const reading = (vibration: number, at = Date.now()): string =>
  JSON.stringify({ ts: new Date(at).toISOString(), metrics: { vibration } });

test('a reading beyond its limit becomes an event with its Asset, and SIGTERM ends in order', async () => {
  await using broker = await startBroker();
  await using org = await startFakeOrg();
  using folder = makeFolder();
  org.devices.set('pump-001', { assetId: '02i000000000001AAA', accountId: '001000000000001AAA' });
  const config = writeConfig({ folder: folder.path, mqttUrl: broker.url, ...org });
  await using bridge = await startBridge(config);
  await until('subscribed', async () => (await readyz(bridge)).includes('"mqtt":{"ok":true'));
  await until('the devices are known', async () =>
    (await metrics(bridge)).includes('asset_signals_identity_devices 1'),
  );

  await broker.publish(TOPIC, reading(2.5));
  await broker.publish(TOPIC, reading(9.5, Date.now() + 1));
  await broker.publish(TOPIC, reading(2.5, Date.now() + 2));
  await until('both phases are published', () => org.pubsub.accepted.length === 2);

  const [opened, cleared] = org.pubsub.accepted;
  assert.equal(opened?.['Phase__c'], 'Opened');
  assert.equal(opened?.['Asset_Id__c'], '02i000000000001AAA');
  assert.equal(opened?.['Account_Id__c'], '001000000000001AAA');
  assert.equal(opened?.['Value__c'], 9.5);
  assert.equal(opened?.['CreatedById'], '005000000000001AAA');
  assert.equal(cleared?.['Phase__c'], 'Cleared');
  assert.equal(cleared?.['Episode_Key__c'], opened?.['Episode_Key__c']);

  const code = await bridge.end('SIGTERM');
  assert.equal(code, 0, bridge.output());
  assert.equal((await loggedMessages(join(folder.path, 'data/log'))).length, 3);
});

test('kill -9 in mid-run loses no acknowledged message and doubles no event', async () => {
  await using broker = await startBroker();
  await using org = await startFakeOrg();
  using folder = makeFolder();
  const config = writeConfig({ folder: folder.path, mqttUrl: broker.url, ...org });
  const total = 400;
  const start = Date.now();
  // Every tenth reading is beyond the limit: forty episodes, each opened and cleared.
  const send = async (index: number) =>
    broker.publish(TOPIC, reading(index % 10 === 5 ? 9.5 : 2.5, start + index));
  {
    await using first = await startBridge(config);
    await until('subscribed', async () => (await readyz(first)).includes('"mqtt":{"ok":true'));
    const killed = Promise.withResolvers<void>();
    const sending = (async () => {
      for (let index = 0; index < total; index += 1) {
        // The rest is sent to a bridge that is gone, however fast it was before.
        if (index === 300) await killed.promise;
        await send(index);
        if (index % 20 === 0) await sleep(5);
      }
    })();
    await until('a part is acknowledged', () => broker.acknowledged.length > 100);
    await first.end('SIGKILL');
    killed.resolve();
    await sending;
  }
  const acknowledged = broker.acknowledged.length;
  assert.ok(acknowledged < total, `killed in mid-run, not after ${acknowledged}`);
  await using second = await startBridge(config);
  const file = join(folder.path, 'data/bridge.sqlite');
  using database = new DatabaseSync(file, { readOnly: true });
  await until('every reading is in the log', async () => {
    const messages = await loggedMessages(join(folder.path, 'data/log'));
    return new Set(messages.map((message) => String(payloadOf(message)))).size === total;
  });
  await until(
    'every event has its receipt',
    () => {
      const open = "SELECT COUNT(*) AS n FROM outbox WHERE receipt = 'Acted'";
      return database.prepare(open).get()?.['n'] === 80;
    },
    30_000,
  );
  const keys = new Set(org.pubsub.accepted.map((event) => event['Event_Key__c']));
  assert.equal(keys.size, 80);
  assert.equal(await second.end('SIGTERM'), 0);
});

test('with broker and org away the bridge starts, says so, and catches up when they come', async () => {
  await using org = await startFakeOrg();
  await using broker = await startBroker();
  using folder = makeFolder();
  const away = `http://127.0.0.1:${await closedPort()}`;
  const setup = { folder: folder.path, mqttUrl: broker.url, ...org };
  const config = writeConfig({ ...setup, loginUrl: away });
  {
    await using bridge = await startBridge(config);
    await until('connected', async () => (await readyz(bridge)).includes('"mqtt":{"ok":true'));
    await broker.publish(TOPIC, reading(9.5));
    await until('a signal waits', async () =>
      (await metrics(bridge)).includes('asset_signals_outbox_pending 1'),
    );
    await until('the org is named', async () => (await readyz(bridge)).includes('ECONNREFUSED'));
    const response = await fetch(`${bridge.httpUrl()}/readyz`);
    assert.equal(response.status, 503);
    assert.equal((await fetch(`${bridge.httpUrl()}/healthz`)).status, 200);
    assert.equal(bridge.output().match(/cannot be reached/g)?.length, 1, 'logged once');
    assert.equal(await bridge.end('SIGTERM'), 0);
  }
  writeConfig(setup);
  await using bridge = await startBridge(config);
  await until('the signal is published', () => org.pubsub.accepted.length === 1);
  await until('ready', async () => (await fetch(`${bridge.httpUrl()}/readyz`)).status === 200);
  const text = await metrics(bridge);
  for (const name of Object.keys(metricTable)) assert.ok(text.includes(`# TYPE ${name} `), name);
  assert.match(text, /asset_signals_published_total 1/);
});

test('who opens a page gets a drawing; without charts the bridge asks the org for nothing of it', async () => {
  await using broker = await startBroker();
  await using org = await startFakeOrg();
  const [assetId, accountId] = ['02i000000000001AAA', '001000000000001AAA'];
  org.devices.set('pump-001', { assetId, accountId });
  const { notices } = org.pubsub;
  const view = 'a00000000000000001';
  for (const enabled of [true, false]) {
    using folder = makeFolder();
    const setup = { folder: folder.path, mqttUrl: broker.url, ...org, telemetry: { enabled } };
    await using bridge = await startBridge(writeConfig(setup));
    await until('subscribed', async () => (await readyz(bridge)).includes('"mqtt":{"ok":true'));
    await broker.publish(TOPIC, reading(2.5));
    await broker.publish(TOPIC, reading(9.5, Date.now() + 1));
    await until('the signal is published', () => org.pubsub.accepted.length > 0);
    await until('the bridge listens', () => notices.open() === 1);
    org.views.set(view, { Id: view, Asset__c: assetId, Series__c: null });
    notices.publish('Telemetry', view);
    if (enabled) await until('a drawing', () => org.views.get(view)?.['Series__c'] !== null);
    const series = String(org.views.get(view)?.['Series__c']);
    if (enabled) assert.match(series, /"device":"pump-001","metric":"vibration","unit":"mm\/s"/);
    assert.equal(await bridge.end('SIGTERM'), 0, bridge.output());
    const asked = org.queries.filter((soql) => soql.includes('Telemetry_View__c')).length;
    assert.equal(enabled, asked > 0);
    assert.ok(notices.starts.length > 0, 'it listens for changes of devices all the same');
    org.queries.length = 0;
    notices.starts.length = 0;
    org.pubsub.accepted.length = 0;
  }
});

test('a wrong configuration ends with code 2 and says what to do', () => {
  using folder = makeFolder();
  const file = join(folder.path, 'bridge.yaml');
  writeFileSync(file, 'dataDirr: x\n');
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
      encoding: 'utf8',
    });
  const wrong = run('--config', file);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /dataDirr is not a known key; did you mean dataDir\?/);
  assert.match(wrong.stderr, /mqtt is missing/);
  assert.equal(run('--config', join(folder.path, 'none.yaml')).status, 2);
  assert.equal(run('--colour').status, 2);
  const help = run('--help');
  assert.equal(help.status, 0);
  assert.match(help.stdout, /--config FILE/);
});

async function readyz(bridge: BridgeProcess): Promise<string> {
  return (await fetch(`${bridge.httpUrl()}/readyz`)).text();
}

async function metrics(bridge: BridgeProcess): Promise<string> {
  return (await fetch(`${bridge.httpUrl()}/metrics`)).text();
}
