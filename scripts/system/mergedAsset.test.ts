import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePlant, PATIENCE_MS, untilTold, vibrationPolicy } from './plant.ts';
import type { Plant } from './plant.ts';
import { waitFor } from './wait.ts';
import { untilReady } from './world.ts';

const HOUR = 3_600_000;

/** The platform merges Accounts, Contacts, Leads and Cases; two Assets become one by hand: what is kept, what moves, what goes. */
async function setUp() {
  const plant = await makePlant({ devices: ['pump-001', 'pump-002'] });
  const [kept, gone] = [plant.assetOf('pump-001'), plant.assetOf('pump-002')];
  const owner = await plant.create('Account', { Name: 'The owner' });
  const From__c = new Date(Date.now() - 90 * HOUR).toISOString();
  for (const Id of [kept, gone]) await plant.org.sobject('Asset').update({ Id, AccountId: owner });
  const installed = await plant.create('Signal_Installation__c', {
    ...{ Device__c: plant.deviceOf('pump-002'), Asset__c: gone, From__c },
  });
  // So that the bridge looks for what was emptied within seconds; five minutes are usual.
  const salesforce = { ...(plant.config['salesforce'] as object), identity: { every: '5s' } };
  const bridge = await plant.world.startBridge({ ...plant.config, salesforce });
  await untilReady(bridge);
  await plant.create('Signal_Policy__c', vibrationPolicy('for-all'));
  await untilTold(plant, 'for-all', 'In Force');
  return { plant, kept, gone, owner, installed };
}

const untilOn = (plant: Plant, asset: string | null, count: number) =>
  waitFor(
    `${count} signals on ${asset}`,
    async () => {
      const is = asset === null ? 'null' : `'${asset}'`;
      const rows = await plant.rows(`SELECT Id FROM Asset_Signal__c WHERE Asset__c = ${is}`);
      return rows.length === count || undefined;
    },
    PATIENCE_MS,
  );

test('two Assets become one while telemetry flows: one Case goes on, and earlier signals are on the one that stayed', async () => {
  const { plant, kept, gone, owner, installed } = await setUp();
  await using _ = plant;
  for (const vibration of [4, 9.5]) await plant.say('pump-002', vibration);
  const [opened] = await plant.untilSignals("Disposition__c = 'Acted'", 1);
  assert.equal(opened?.['Asset__c'], gone);

  // As the administrator's guide says: the installation, the Cases, and then the Asset goes.
  await plant.org.sobject('Signal_Installation__c').update({ Id: installed, Asset__c: kept });
  await plant.org.sobject('Case').update({ Id: String(opened['Case__c']), AssetId: kept });
  await plant.org.sobject('Asset').delete(gone);
  await untilOn(plant, kept, 1);

  await plant.say('pump-002', 4);
  const [, cleared] = await plant.untilSignals("Disposition__c = 'Acted'", 2);
  assert.deepEqual(
    [
      cleared?.['Phase__c'],
      cleared?.['Asset_Id__c'],
      cleared?.['Asset__c'],
      cleared?.['Account__c'],
    ],
    ['Cleared', kept, kept, owner],
  );
  assert.equal(cleared?.['Case__c'], opened['Case__c'], 'the episode has one Case');
  const cases = await plant.rows('SELECT AssetId FROM Case');
  assert.deepEqual(
    cases.map(({ AssetId }) => AssetId),
    [kept],
  );
  await plant.untilAllHasItsEnd();
});

test('an Asset deleted before anything was moved costs no signal: each says why, and has its place once that is known', async () => {
  const { plant, kept, gone, installed } = await setUp();
  await using _ = plant;
  for (const vibration of [4, 9.5]) await plant.say('pump-002', vibration);
  await plant.untilSignals("Disposition__c = 'Acted'", 1);
  await plant.org.sobject('Asset').delete(gone);
  for (const vibration of [4, 9.6]) await plant.say('pump-002', vibration);
  const [suppressed] = await plant.untilSignals(
    "Disposition__c = 'Suppressed' AND Phase__c = 'Opened'",
    1,
  );
  assert.equal(suppressed?.['Asset__c'], null);
  assert.equal(
    suppressed?.['Disposition_Reason__c'],
    'The device pump-002 is on no Asset; set it under Signal Devices.',
  );
  assert.equal((await plant.rows('SELECT Id FROM Case')).length, 1);

  await plant.org.sobject('Signal_Installation__c').update({ Id: installed, Asset__c: kept });
  await untilOn(plant, null, 0);
  await plant.untilSignals(`Asset__c = '${kept}' AND Disposition__c = 'Acted'`, 3);
  await plant.untilAllHasItsEnd();
});
