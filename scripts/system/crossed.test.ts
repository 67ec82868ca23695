import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { stringify } from 'yaml';

import { startNode } from './child.ts';
import { makePlant, untilTold, vibrationPolicy } from './plant.ts';
import { makeWorld, untilReady } from './world.ts';
import type { BridgeConfig } from './world.ts';

const main = join(import.meta.dirname, '../../bridge/src/main.ts');

test('a production configuration pointed at a sandbox ends at once, and what devices say meanwhile arrives in production', async () => {
  await using plant = await makePlant({ devices: ['pump-001'] });
  await using other = await makeWorld({ sandbox: true });
  const sandbox = await other.startOrg();
  const { organizationId } = plant.state;
  const environment = {
    name: 'production',
    orgId: organizationId,
    brokers: [new URL(plant.broker.url).host],
  };
  const right: BridgeConfig = { ...plant.config, environment };
  const bridge = await plant.world.startBridge(right);
  await untilReady(bridge);
  await plant.create('Signal_Policy__c', vibrationPolicy('for-all'));
  await untilTold(plant, 'for-all', 'In Force');
  bridge.kill('SIGTERM');
  assert.equal(await bridge.ended, 0);

  // Somebody has tried something out and forgot to put it back.
  const { salesforce } = other.bridgeConfig(plant.broker.url, sandbox.state);
  const crossed = { ...right, salesforce };
  for (const vibration of [4, 9.5]) await plant.say('pump-001', vibration);
  const file = join(plant.world.folder, 'crossed.yaml');
  await writeFile(file, stringify(crossed));
  await using check = startNode([main, 'check', '--config', file]);
  assert.equal(await check.ended, 1);
  // Every local org has the same id: only what the org says of itself tells them apart, as with a sandbox's id in the file.
  const reason = `environment.name is production, and the org ${organizationId} at ${sandbox.state.instanceUrl} is a sandbox.`;
  const action =
    'Set environment.name to development or test, or point the file at the production org.';
  assert.ok(check.output().includes(reason), check.output());
  assert.ok(check.output().includes(action), check.output());
  const refused = await plant.world.launchBridge(crossed);
  assert.equal(await refused.ended, 2);
  assert.ok(refused.output().includes(`${reason} ${action}`), refused.output());
  const admin = await other.admin(sandbox.state);
  for (const object of ['Asset_Signal__c', 'Signal_Bridge__c', 'Signal_Bridge_Day__c']) {
    assert.equal(await admin.count(`SELECT COUNT() FROM ${object}`), 0, `${object} of the sandbox`);
  }

  await untilReady(await plant.world.startBridge(right));
  await plant.untilSignals("Disposition__c = 'Acted'", 1);
  await plant.untilAllHasItsEnd();
});
