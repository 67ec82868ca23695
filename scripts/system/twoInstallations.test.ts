import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePlant, untilTold, vibrationPolicy } from './plant.ts';
import { untilReady } from './world.ts';

const HOUR = 3_600_000;

test('a second open installation is refused with the first; saved in the same moment, signals say so and wait for a person', async () => {
  await using plant = await makePlant({ devices: ['pump-001', 'pump-002'] });
  const [first, second] = [plant.assetOf('pump-001'), plant.assetOf('pump-002')];
  const Device__c = plant.deviceOf('pump-001');
  const From__c = new Date(Date.now() - 90 * HOUR).toISOString();
  const installations = plant.org.sobject('Signal_Installation__c');

  // One after the other: the second hears of the first.
  const id = await plant.create('Signal_Installation__c', { Device__c, Asset__c: first, From__c });
  const [row] = await plant.rows(`SELECT Name FROM Signal_Installation__c WHERE Id = '${id}'`);
  const refused = await installations.create({ Device__c, Asset__c: second, From__c }).then(
    () => '',
    (error: unknown) => String(error),
  );
  assert.match(refused, /The device is installed already in that time: /);
  assert.ok(refused.includes(`${String(row?.['Name'])}, from `), refused);
  assert.match(refused, / on\. End that installation first, or choose times before or after it\./);
  await installations.delete(id);

  // Two people in the same moment: neither sees the other.
  const both = await installations.create(
    [first, second].map((Asset__c) => ({ Device__c, Asset__c, From__c })),
  );
  assert.ok(both.every(({ success }) => success));
  await untilReady(await plant.world.startBridge(plant.config));
  await plant.create('Signal_Policy__c', vibrationPolicy('for-all'));
  await untilTold(plant, 'for-all', 'In Force');
  for (const vibration of [4, 9.5]) await plant.say('pump-001', vibration);
  const [doubted] = await plant.untilSignals("Disposition__c = 'Suppressed'", 1);
  assert.deepEqual([doubted?.['Asset_Id__c'], doubted?.['Asset__c']], [null, null], 'no guess');
  assert.match(
    String(doubted?.['Disposition_Reason__c']),
    /^The device pump-001 has several installations at that time; correct their times/,
  );
  assert.equal((await plant.rows('SELECT Id FROM Case')).length, 0);

  // The steward says which.
  await installations.delete(both[1]?.id ?? '');
  await plant.untilSignals(`Asset__c = '${first}' AND Disposition__c = 'Acted'`, 1);
  await plant.say('pump-001', 4);
  const episode = await plant.untilSignals(`Asset__c = '${first}' AND Disposition__c = 'Acted'`, 2);
  assert.equal(new Set(episode.map((signal) => signal['Case__c'])).size, 1);
  await plant.untilAllHasItsEnd();
});
