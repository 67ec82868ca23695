import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { stringify } from 'yaml';

import { untilListening } from './bridgeAlone.ts';
import { startNode } from './child.ts';
import { makePlant, PATIENCE_MS, untilTold, vibrationPolicy } from './plant.ts';
import type { Plant } from './plant.ts';
import { waitFor } from './wait.ts';
import { untilReady } from './world.ts';

const root = join(import.meta.dirname, '../..');
const event = 'core/signals/objects/Asset_Signal__e/fields';
const ingest = 'core/signals/flows/Signal_EVT_Ingest.flow-meta.xml';

/** Takes a field out of the event, and out of the flow that copies it, as an older package would be. */
const withoutField = (name: string) => async (metadata: string) => {
  await rm(join(metadata, event, `${name}.field-meta.xml`));
  const file = join(metadata, ingest);
  const assignment = new RegExp(
    `\\s*<inputAssignments>\\s*<field>${name}</field>[\\s\\S]*?</inputAssignments>`,
  );
  const text = (await readFile(file, 'utf8')).replace(assignment, '');
  await writeFile(file, text.replaceAll(`{!$Record.${name}}`, ''));
};

/** Puts both back as they are in the package. */
async function deploy({ world }: Plant, name: string): Promise<void> {
  for (const path of [join(event, `${name}.field-meta.xml`), ingest]) {
    const text = await readFile(join(root, 'force-app', path));
    await writeFile(join(world.folder, 'force-app', path), text);
  }
}

const plantWithout = (name: string) =>
  makePlant({
    devices: ['pump-001'],
    // The world's own copy of the package is changed.
    without: ['nothing of it'],
    change: withoutField(name),
  });

/** What `check` says of the event, as a person reads it. */
async function checkSchema({ world, config }: Plant) {
  const file = join(world.folder, 'check.yaml');
  await writeFile(file, stringify(config));
  await using child = startNode([join(root, 'bridge/src/main.ts'), 'check', '--config', file]);
  const code = await child.ended;
  const lines = child.output().split('\n');
  const at = lines.findIndex((line) => line.includes('event schema'));
  return { code, said: lines[at] ?? '', action: lines[at + 1] ?? '' };
}

const messageOf = async ({ rows }: Plant): Promise<string> =>
  String((await rows('SELECT Message__c FROM Signal_Bridge__c'))[0]?.['Message__c'] ?? '');

test('signals wait while the event of the org lacks a field they need, people are told which, and all arrive once it is there', async () => {
  await using plant = await plantWithout('Traceparent__c');
  const checked = await checkSchema(plant);
  assert.equal(checked.code, 1);
  assert.match(checked.said, /^FAIL +event schema +compared .*: Traceparent__c is missing$/);
  assert.match(checked.action, /→ Deploy the package of this bridge or a newer one to the org/);

  const bridge = await plant.world.startBridge(plant.config);
  await untilListening(bridge);
  await plant.create('Signal_Policy__c', vibrationPolicy('own-limit'));
  await untilTold(plant, 'own-limit', 'In Force');
  for (const vibration of [8, 9.5, 5]) await plant.say('pump-001', vibration);
  const reason = "The org's Asset_Signal__e has no Traceparent__c.";
  const advice =
    'Install the package of this bridge (or a newer one), or check salesforce.namespace.';
  const logged = () =>
    bridge
      .output()
      .split('\n')
      .find((line) => line.includes(reason));
  const line = await waitFor('the log says it', logged, PATIENCE_MS);
  assert.match(line, /"level":"error"/);
  assert.ok(line.includes(`"action":"${advice}"`), line);
  assert.match(line, /Signals wait in the outbox\./);
  const told = async () => (await messageOf(plant)).includes(`${reason} ${advice}`) || undefined;
  await waitFor('the record of the bridge says it', told, PATIENCE_MS);
  const ready = await fetch(`${bridge.httpUrl}/readyz`);
  assert.equal(ready.status, 503);
  assert.ok((await ready.text()).includes(reason));
  const waiting = 'SELECT Waiting_Events__c, Dead_Letters__c FROM Signal_Bridge__c';
  const isWaiting = async () =>
    (await plant.rows(waiting)).some((row) => row['Waiting_Events__c'] === 2) || undefined;
  await waitFor('both are said to wait', isWaiting, PATIENCE_MS);
  assert.equal((await plant.rows(waiting))[0]?.['Dead_Letters__c'], 0);

  plant.child.kill('SIGTERM');
  await plant.child.ended;
  await deploy(plant, 'Traceparent__c');
  await plant.world.startOrg();
  await plant.untilSignals("Disposition__c = 'Acted'", 2);
  await plant.untilAllHasItsEnd();
  // That they were late is another matter.
  const well = async () => !(await messageOf(plant)).includes(reason) || undefined;
  await waitFor('the record of the bridge says it no more', well, PATIENCE_MS);
});

test('without an optional field signals go out all the same, and people are told what they go without', async () => {
  await using plant = await plantWithout('Unit__c');
  const checked = await checkSchema(plant);
  assert.equal(checked.code, 0, 'a warning is no failure');
  assert.match(checked.said, /^WARN +event schema .*: Unit__c is missing; signals go out without$/);

  const bridge = await plant.world.startBridge(plant.config);
  await untilReady(bridge);
  await plant.create('Signal_Policy__c', vibrationPolicy('own-limit'));
  await untilTold(plant, 'own-limit', 'In Force');
  for (const vibration of [8, 9.5]) await plant.say('pump-001', vibration);
  await plant.untilSignals("Disposition__c = 'Acted'", 1);
  await plant.untilAllHasItsEnd();
  const text =
    "The org's Asset_Signal__e has no Unit__c: signals go out without. Install the package of this bridge " +
    '(or a newer one), or check salesforce.namespace.';
  const lines = bridge.output().split('\n');
  assert.equal(lines.filter((line) => line.includes(text)).length, 1, bridge.output());
  const told = async () => (await messageOf(plant)).includes(text) || undefined;
  await waitFor('the record of the bridge says it', told, PATIENCE_MS);
});
