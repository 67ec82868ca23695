import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse, stringify } from 'yaml';

import { ADMIN } from '../demo/orgSetup.ts';
import { connectAdmin } from './orgSession.ts';
import { makeWorld } from './world.ts';

const bridge = join(import.meta.dirname, '../../bridge/src/main.ts');

function run(args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bridge, ...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr });
    });
  });
}

test('policies go from an org into a file, are tried on readings there, and go back', async () => {
  await using world = await makeWorld();
  const { state } = await world.startOrg();
  const admin = await world.admin(state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const org = await connectAdmin(world, state);
  const config = join(world.folder, 'bridge.yaml');
  await writeFile(config, stringify(world.bridgeConfig('mqtt://127.0.0.1:1', state)));
  const policies = (...words: readonly string[]) => run(['policies', ...words, '--config', config]);

  const alone = await policies('export');
  assert.equal(alone.code, 1);
  assert.match(alone.text, /No such column .*name one who may change policies with --as USERNAME/);
  const exported = await policies('export', '--as', ADMIN);
  assert.equal(exported.code, 0, exported.text);
  const records = parse(exported.text) as Record<string, unknown>[];
  assert.ok(records.some((one) => one['Policy_Key__c'] === 'pump-vibration-high'));
  const own = {
    Name: 'Own limit',
    Policy_Key__c: 'own-limit',
    Active__c: true,
    Device_Key__c: 'pump-001',
    Metric__c: 'vibration',
    Signal_Type__c: 'fault.vibration-high',
    Severity__c: 'High',
    Detector__c: 'threshold',
    Direction__c: 'above',
    Limit__c: 9,
    Clear_Limit__c: 6,
    Route__c: 'Case',
    Queue__c: 'Signal_Triage',
    Closed_Status__c: 'Closed',
  };
  const file = join(world.folder, 'policies.yaml');
  await writeFile(file, stringify([...records, own]));

  const differs = await policies('diff', file, '--as', ADMIN);
  assert.deepEqual([differs.code, differs.text], [1, '+ own-limit: new\n']);

  const readings = join(world.folder, 'readings.jsonl');
  const lines = [2, 9.5, 9.6, 5].map((vibration, index) =>
    JSON.stringify({
      topic: 'plant/pump/pump-001/telemetry',
      payload: { ts: `2026-01-01T00:00:0${index}.000Z`, metrics: { vibration } },
    }),
  );
  await writeFile(readings, lines.join('\n'));
  const tried = await policies('test', file, readings);
  assert.equal(tried.code, 0, tried.text);
  assert.match(
    tried.text,
    /Opened.*own-limit.*\n.*Cleared.*own-limit.*\n4 readings, 2 signals, 1 episodes\.$/m,
  );

  const routingOnly = join(world.folder, 'routing.yaml');
  await writeFile(routingOnly, exported.text);
  assert.match(
    (await policies('test', routingOnly, readings)).text,
    /^No active policy of .*routing\.yaml has a detector, .*\n4 readings, 0 signals, 0 episodes\.$/m,
  );

  const refused = await policies('import', file);
  assert.equal(refused.code, 2);
  assert.match(refused.text, /--as USERNAME/);
  const imported = await policies('import', file, '--as', ADMIN);
  assert.equal(imported.code, 0, imported.text);
  assert.match(imported.text, /^1 of \d+ policies written/m);
  const { records: made } = await org.query<Record<string, unknown>>(
    "SELECT Limit__c, Device__r.Device_Key__c FROM Signal_Policy__c WHERE Policy_Key__c = 'own-limit'",
  );
  assert.equal(made[0]?.['Limit__c'], 9);
  assert.equal(
    (await policies('diff', file, '--as', ADMIN)).text,
    'The org has the policies of the file.\n',
  );

  const explained = await policies('explain', 'pump-001', '--type', 'pump');
  assert.equal(explained.code, 0, explained.text);
  assert.match(
    explained.text,
    /own-limit version 1: .* for the device, before pump-vibration-high/,
  );
});
