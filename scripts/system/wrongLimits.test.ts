import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { stringify } from 'yaml';

import { makePlant, untilTold, vibrationPolicy } from './plant.ts';
import { untilReady } from './world.ts';

/** Each contradicts itself in another way; and what the person who saves it reads. */
const CONTRADICTIONS: readonly (readonly [object, RegExp])[] = [
  [
    { Clear_Limit__c: 12 },
    /the clear limit is on the healthy side: at most the limit when above is trouble, at least the limit when below is/,
  ],
  [{ Direction__c: 'below', Limit__c: 3, Clear_Limit__c: 1 }, /the clear limit is on the healthy/],
  [
    { Escalate_Limit__c: 8, Escalate_Severity__c: 'Critical' },
    /the escalate limit lies beyond the limit/,
  ],
  [{ Escalate_Limit__c: 12 }, /Give the escalate limit and the severity together/],
  [{ Act_At_Confidence__c: 0.5, Review_At_Confidence__c: 0.8 }, /confidence/i],
];

test('limits that contradict each other are refused when they are saved, with what is allowed, and what held goes on', async () => {
  await using plant = await makePlant({ devices: ['pump-001'] });
  await untilReady(await plant.world.startBridge(plant.config));
  const id = await plant.create('Signal_Policy__c', vibrationPolicy('own-limit'));
  await untilTold(plant, 'own-limit', 'In Force', 1);
  const policies = plant.org.sobject('Signal_Policy__c');
  for (const [fields, message] of CONTRADICTIONS) {
    for (const save of [
      () => policies.update({ Id: id, ...fields }),
      () => policies.create(vibrationPolicy('another', fields)),
    ]) {
      await assert.rejects(save(), message, JSON.stringify(fields));
    }
  }
  await plant.say('pump-001', 4);
  await plant.say('pump-001', 9.5);
  await plant.untilSignals("Policy_Key__c = 'own-limit' AND Policy_Version__c = 1", 1);
  assert.equal(await untilTold(plant, 'own-limit', 'In Force', 1), '');
  await plant.untilAllHasItsEnd();
});

test('limits of the file that contradict each other are told with file, key and what is allowed, and nothing is touched', async () => {
  await using plant = await makePlant({ devices: ['pump-001'] });
  const policiesFile = join(plant.world.folder, 'contradictory.yaml');
  const policy = {
    key: 'own-limit',
    name: 'Own limit',
    match: { metric: 'vibration' },
    signalType: 'fault.vibration-high',
    severity: 'High',
  };
  const limits = { kind: 'threshold', direction: 'above', limit: 9, clear: 12 };
  const escalate = { limit: 8, severity: 'Critical' };
  await writeFile(policiesFile, stringify([{ ...policy, detector: { ...limits, escalate } }]));
  // A bridge that ran before keeps what devices say meanwhile at the broker.
  const before = await plant.world.startBridge(plant.config);
  await untilReady(before);
  before.kill('SIGTERM');
  assert.equal(await before.ended, 0);
  await plant.say('pump-001', 4);
  const bridge = await plant.world.launchBridge({ ...plant.config, policiesFile });
  assert.equal(await bridge.ended, 2);
  assert.ok(
    bridge
      .output()
      .includes('[0].detector.clear is 12; with direction above it must be at most limit (9)'),
    bridge.output(),
  );
  assert.match(bridge.output(), /contradictory\.yaml/);
  assert.match(
    bridge.output(),
    /\[0\]\.detector\.escalate\.limit is 8; with direction above it must be greater than limit \(9\)/,
  );

  const mended = { ...limits, clear: 6 };
  await writeFile(policiesFile, stringify([{ ...policy, detector: mended }]));
  await untilReady(await plant.world.startBridge({ ...plant.config, policiesFile }));
  await plant.say('pump-001', 9.5);
  await plant.untilSignals("Phase__c = 'Opened'", 1);
  await plant.untilAllHasItsEnd();
});
