import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { stringify } from 'yaml';
import { z } from 'zod';

import { startBroker } from './broker.ts';
import { startNode } from './child.ts';
import { startMosquitto } from './mosquitto.ts';
import { makeWorld } from './world.ts';
import type { BridgeConfig, World } from './world.ts';

const root = join(import.meta.dirname, '../..');
const finding = z.object({
  name: z.string(),
  outcome: z.enum(['ok', 'warn', 'fail', 'skipped']),
  said: z.string(),
  action: z.string().optional(),
});
const report = z.object({ ok: z.boolean(), findings: z.array(finding) });

/** Runs the command; answers its exit code, what it printed and the findings by name. */
async function check(
  world: World,
  config: BridgeConfig,
  env: Readonly<Record<string, string>> = {},
) {
  const file = join(world.folder, 'check.yaml');
  await writeFile(file, stringify(config));
  const main = join(root, 'bridge/src/main.ts');
  await using child = startNode([main, 'check', '--config', file, '--json'], env);
  const code = await child.ended;
  const { ok, findings } = report.parse(JSON.parse(child.output()));
  assert.equal(ok, code === 0);
  const failed = findings.filter(({ outcome }) => outcome === 'fail').map(({ name }) => name);
  const get = (name: string) => findings.find((one) => one.name === name) ?? assert.fail(name);
  return { code, failed, get, findings, output: child.output() };
}

test('everything that is well is said to be so, and nothing is left behind in the org or the broker', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const { state } = await world.startOrg();
  const result = await check(world, world.bridgeConfig(broker.url, state));
  assert.deepEqual(result.failed, [], result.output);
  assert.equal(result.code, 0);
  for (const { name, outcome } of result.findings) assert.equal(outcome, 'ok', name);
  const admin = await world.admin(state);
  assert.equal(await admin.count('SELECT COUNT() FROM Signal_Bridge__c'), 0);
});

test('a user without the permission set is told of each thing it may not do', async () => {
  await using world = await makeWorld({ bridgeSets: ['Signal_Technician'] });
  await using broker = await startBroker(world.folder);
  const { state } = await world.startOrg();
  const result = await check(world, world.bridgeConfig(broker.url, state));
  assert.equal(result.code, 1);
  assert.ok(result.failed.includes('topic Asset_Signal__e'), result.output);
  assert.ok(result.failed.includes('topic Signal_Notice__e'));
  assert.ok(result.failed.includes('rights Signal_Bridge__c'));
  assert.match(result.get('topic Asset_Signal__e').action ?? '', /permission set/i);
  assert.equal(result.get('event schema').outcome, 'skipped');
  assert.equal(result.get('broker').outcome, 'ok');
});

test('a wrong password at the broker and an org that is away are both told, and no password is shown', async () => {
  await using world = await makeWorld();
  await using broker = await startMosquitto(join(world.folder, 'mosquitto'), { tls: false });
  const away = {
    instanceUrl: 'http://127.0.0.1:1',
    pubsubEndpoint: 'localhost:1',
    pubsubCaFile: world.key.certificateFile,
    organizationId: '',
  };
  const config = world.bridgeConfig(broker.url, away);
  const mqtt = { ...(config['mqtt'] as object), username: 'bridge', password: '${WRONG}' };
  const result = await check(world, { ...config, mqtt }, { WRONG: 'not-the-password' });
  assert.deepEqual(result.failed, ['broker', 'login'], result.output);
  assert.match(result.get('broker').said, /bridge/);
  assert.equal(result.get('rights').outcome, 'skipped');
  assert.equal(result.get('disk').outcome, 'ok');
  assert.doesNotMatch(result.output, /not-the-password/);
});

test('an event that lacks a field the bridge needs is told by name, and so is one that is too short', async () => {
  // The world's own copy of the package is changed below.
  await using world = await makeWorld({ without: ['Traceparent__c.of-the-event'] });
  await using broker = await startBroker(world.folder);
  const metadata = join(world.folder, 'force-app');
  const fields = join(metadata, 'core/signals/objects/Asset_Signal__e/fields');
  await rm(join(fields, 'Traceparent__c.field-meta.xml'));
  const metric = join(fields, 'Metric__c.field-meta.xml');
  const short = (await readFile(metric, 'utf8')).replace('<length>80<', '<length>40<');
  await writeFile(metric, short);
  const flow = join(metadata, 'core/signals/flows/Signal_EVT_Ingest.flow-meta.xml');
  const assignment =
    /\s*<inputAssignments>\s*<field>Traceparent__c<\/field>[\s\S]*?<\/inputAssignments>/;
  const text = (await readFile(flow, 'utf8')).replace(assignment, '');
  await writeFile(flow, text.replaceAll('{!$Record.Traceparent__c}', ''));
  const { state } = await world.startOrg();
  const result = await check(world, world.bridgeConfig(broker.url, state));
  assert.deepEqual(result.failed, ['event schema'], result.output);
  const { said, action } = result.get('event schema');
  assert.match(said, /Traceparent__c is missing/);
  assert.match(said, /Metric__c takes 40 characters, up to 80 are needed/);
  assert.match(action ?? '', /Deploy the package/);
});

test('a wrong configuration is told by its keys, with exit code 1', async () => {
  await using world = await makeWorld();
  const result = await check(world, { dataDirr: 'x' });
  assert.equal(result.code, 1);
  assert.match(result.output, /dataDirr is not a known key; did you mean dataDir/);
});
