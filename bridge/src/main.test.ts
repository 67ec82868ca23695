import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { makeFolder, startBridge, writeConfig } from './testing/bridgeProcess.ts';
import { startBroker } from './testing/broker.ts';
import { startFakeOrg } from './testing/fakeOrg.ts';
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
  const ready = async () => (await fetch(`${bridge.httpUrl()}/readyz`)).json();
  await until('subscribed', async () =>
    JSON.stringify(await ready()).includes('"mqtt":{"ok":true'),
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
  const database = new DatabaseSync(join(folder.path, 'data/bridge.sqlite'), { readOnly: true });
  assert.equal(database.prepare('SELECT COUNT(*) AS n FROM log').get()?.['n'], 3);
  database.close();
});
