import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { stringify } from 'yaml';

import { ADMIN } from '../demo/orgSetup.ts';
import { makePlant, untilTold, vibrationPolicy } from './plant.ts';
import type { Plant } from './plant.ts';
import { untilReady } from './world.ts';

/** What the bridge promises; the test waits longer, for a machine that does much else, and prints what it was. */
const IN_FORCE_MS = 10_000;
const main = join(import.meta.dirname, '../../bridge/src/main.ts');

/** `bridge -- policies …` beside the running bridge. */
async function policies({ world, config }: Plant, ...words: readonly string[]) {
  const file = join(world.folder, 'policies-command.yaml');
  await writeFile(file, stringify(config));
  const args = [main, 'policies', ...words, '--config', file];
  return new Promise<{ readonly code: number; readonly lines: readonly string[] }>((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, lines: (stdout + stderr).trimEnd().split('\n') });
    });
  });
}

const DEVICES = ['own', 'on-asset', 'of-account', 'of-type', 'other'] as const;

test('of five policies the closest to each device holds and can be explained, and a device that is sold goes by those of its buyer', async () => {
  await using plant = await makePlant({ devices: DEVICES });
  const { assetOf, deviceOf, create, org } = plant;
  const [us, them] = [
    await create('Account', { Name: 'Customer with a contract' }),
    await create('Account', { Name: 'Customer without' }),
  ];
  for (const key of DEVICES) {
    const AccountId = key === 'of-type' || key === 'other' ? them : us;
    await org.sobject('Asset').update({ Id: assetOf(key), AccountId });
  }
  // The first is on the Asset of the second, so that four of the five policies are about it.
  await org
    .sobject('Signal_Device__c')
    .update({ Id: deviceOf('own'), Asset__c: assetOf('on-asset') });
  const bridge = await plant.world.startBridge(plant.config);
  await untilReady(bridge);
  const reaches = {
    'for-device': { Device__c: deviceOf('own') },
    'for-asset': { Asset__c: assetOf('on-asset') },
    'for-account': { Account__c: us, Limit__c: 7, Clear_Limit__c: 5 },
    'for-type': { Device_Type__c: 'pump' },
    'for-all': {},
  };
  for (const [key, fields] of Object.entries(reaches)) {
    await create('Signal_Policy__c', vibrationPolicy(key, fields));
  }
  for (const key of Object.keys(reaches)) await untilTold(plant, key, 'In Force', 1);

  const typeOf = (key: string) => (key === 'other' ? 'fan' : 'pump');
  for (const vibration of [4, 9.5]) {
    for (const key of DEVICES) await plant.say(key, vibration, typeOf(key));
  }
  const opened = await plant.untilSignals("Phase__c = 'Opened'", 5);
  assert.deepEqual(
    Object.fromEntries(opened.map((row) => [row['Device_Key__c'], row['Policy_Key__c']])),
    {
      own: 'for-device',
      'on-asset': 'for-asset',
      'of-account': 'for-account',
      'of-type': 'for-type',
      other: 'for-all',
    },
  );
  const explained = await policies(plant, 'explain', 'own', '--type', 'pump');
  assert.equal(explained.code, 0, explained.lines.join('\n'));
  assert.equal(explained.lines[0], `own: type pump, Asset ${assetOf('on-asset')}, Account ${us}`);
  assert.ok(
    explained.lines.includes(
      'for-device version 1: fault.vibration-high in vibration by threshold, for the device, before ' +
        'for-asset (for the asset), for-account (for the account), for-type (for the device type), for-all (for all devices)',
    ),
    explained.lines.join('\n'),
  );

  // Sold: from now on it is one of ours. Its episode is no longer watched; the policy of the Account has a lower limit.
  const soldAt = Date.now();
  await create('Signal_Ownership__c', {
    Asset__c: assetOf('of-type'),
    Account__c: us,
    From__c: new Date(soldAt - 3_600_000).toISOString(),
  });
  const [ended] = await plant.untilSignals("Device_Key__c = 'of-type' AND Phase__c = 'Cleared'", 1);
  console.log(`sold: in force after ${Date.now() - soldAt} ms; promised: ${IN_FORCE_MS} ms`);
  assert.match(String(ended?.['Explanation__c']), /no longer watched by the policy for-type/);
  await plant.say('of-type', 4);
  await plant.say('of-type', 7.5);
  await plant.untilSignals("Device_Key__c = 'of-type' AND Policy_Key__c = 'for-account'", 1);
  const sold = await policies(plant, 'explain', 'of-type', '--type', 'pump');
  assert.ok(
    sold.lines.some((line) => line.startsWith('for-account version 1:')),
    sold.lines.join('\n'),
  );
  await plant.untilAllHasItsEnd();

  // What the bridge has kept, judged by policies of a file: those of Assets and Accounts, too.
  const file = join(plant.world.folder, 'exported.yaml');
  const exported = await policies(plant, 'export', '--as', ADMIN);
  await writeFile(file, exported.lines.join('\n'));
  const tried = await policies(plant, 'test', file, 'log');
  assert.equal(tried.code, 0, tried.lines.join('\n'));
  const triedOn = tried.lines.flatMap((line) => {
    const [, policy, device] = /Opened +High +(\S+) +Vibration of (\S+) /.exec(line) ?? [];
    return policy === undefined ? [] : [`${device} ${policy}`];
  });
  assert.deepEqual(
    triedOn,
    [
      ...['own for-device', 'on-asset for-asset', 'of-account for-account'],
      // By where devices are now: it is sold.
      ...['of-type for-account', 'other for-all', 'of-type for-account'],
    ],
    tried.lines.join('\n'),
  );
});

test('a policy whose Asset is deleted is refused with what to do, and never becomes one for all', async () => {
  await using plant = await makePlant({ devices: ['pump-001', 'pump-002'] });
  await untilReady(await plant.world.startBridge(plant.config));
  const Asset__c = plant.assetOf('pump-001');
  const id = await plant.create('Signal_Policy__c', vibrationPolicy('for-asset', { Asset__c }));
  await untilTold(plant, 'for-asset', 'In Force');
  await plant.org.sobject('Asset').delete(Asset__c);
  // Nobody is told that a lookup was emptied; the next change of any policy has all of them read.
  await plant.create('Signal_Policy__c', vibrationPolicy('other', { Metric__c: 'flow' }));
  const message = await untilTold(plant, 'for-asset', 'Refused');
  assert.match(
    message,
    /^The Device, Asset or Account it was for has been deleted\. Choose another/,
  );
  for (const vibration of [4, 9.5]) await plant.say('pump-002', vibration);
  await plant.org
    .sobject('Signal_Policy__c')
    .update({ Id: id, Asset__c: plant.assetOf('pump-002') });
  await untilTold(plant, 'for-asset', 'In Force');
  await plant.say('pump-002', 4);
  await plant.say('pump-002', 9.7);
  const [only] = await plant.untilSignals("Device_Key__c = 'pump-002' AND Phase__c = 'Opened'", 1);
  assert.equal(only?.['Value__c'], 9.7, 'not the one that came before somebody said so');
  await plant.untilAllHasItsEnd();
});
