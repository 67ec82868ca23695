import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePackageOrg } from '../flows/packageOrg.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';
import { assertFarFromLimits, compareSignals } from './compare.ts';
import { deliver } from './deliver.ts';
import { makeMixed } from './mixed.ts';
import { ServiceModel } from './model.ts';
import { build, toSend, WORLD } from './world.ts';

const casesBy = (org: PackageOrg): unknown[] =>
  org.rows('Case').map((row) => row['Signal_Episode_Key__c']);
const sorted = (values: Iterable<unknown>): unknown[] => [...values].map(String).toSorted();

test('the mixed batch is a full one', () => {
  const { batch, before, bad } = makeMixed();
  assert.equal(batch.length, 200);
  assert.equal(bad.length + before.length, 38);
  assert.equal(batch.filter(({ key }) => before.some((one) => one.key === key)).length, 10);
});

test('of 200 mixed events in one batch the bad rows are kept as failures and the rest is unharmed', async () => {
  const org = await makePackageOrg();
  build(org, WORLD);
  const { before, batch, bad, single, several } = makeMixed();
  await org.publish(...before.map(toSend));
  const missing = await deliver(org, batch);
  assert.deepEqual(
    sorted(missing.map(({ episode }) => episode)),
    sorted(bad.map(({ episode }) => episode)),
  );
  const rows = org.rows('Asset_Signal__c');
  const good = new Set([...before, ...single, ...several].map(({ key }) => key));
  assert.deepEqual(sorted(rows.map((row) => row['Event_Key__c'])), sorted(good));
  const failures = org.rows('Signal_Failure__c');
  for (const { sent, episode } of bad) {
    const own = failures.filter((row) => String(row['Payload__c']).includes(episode));
    const isNamed = 'Episode_Key__c' in sent || own.length > 0;
    assert.ok(isNamed, `no failure names ${episode}`);
  }
  assert.ok(failures.every((row) => String(row['Reason__c']).length > 10));
  assertFarFromLimits(org);
});

test('of 200 mixed events in one batch every episode has its one Case or none, and every signal its end', async () => {
  const org = await makePackageOrg();
  build(org, WORLD);
  const { before, batch, single, several } = makeMixed();
  await org.publish(...before.map(toSend));
  await deliver(org, batch);
  const model = new ServiceModel(WORLD, false);
  model.receive(before);
  model.receive([...single, ...several]);
  const cases = sorted(casesBy(org));
  assert.equal(new Set(cases).size, cases.length);
  // Sent again in halves, an opening may be routed before the end of its episode arrives.
  const isPromised = (episode: unknown): boolean =>
    org.assumptions['duplicate-in-batch'] !== 'batch' || !String(episode).startsWith('several ');
  assert.deepEqual(cases.filter(isPromised), sorted(model.cases.keys()).filter(isPromised));
  // What becomes of the second and third event of an episode in a batch is nobody's promise; that it ends is.
  const isOfSeveral = new Set(several.map(({ key }) => key));
  for (const { Event_Key__c, Disposition__c } of org.rows('Asset_Signal__c'))
    if (isOfSeveral.has(String(Event_Key__c)))
      assert.match(String(Disposition__c), /^(?:Acted|Suppressed)$/);
  const differences = compareSignals(org, model).filter((line) => !line.startsWith('several '));
  assert.deepEqual(differences, []);
});

test('200 episodes opened, updated and ended in three full batches stay far from every limit', async () => {
  const org = await makePackageOrg();
  build(org, WORLD);
  const { single } = makeMixed();
  for (const [round, phase] of (['Opened', 'Updated', 'Cleared'] as const).entries()) {
    const batch = Array.from({ length: 200 }, (_, index) => ({
      ...(single[0] as (typeof single)[number]),
      key: `full ${phase} ${index}`,
      episode: `full ${index}`,
      policy: index % 2 === 0 ? 'closing' : 'plain',
      severity: phase === 'Updated' ? ('Critical' as const) : ('Low' as const),
      device: `pump-10${index % 8}`,
      at: (single[0]?.at ?? 0) + round * 60_000,
      phase,
    }));
    await org.publish(...batch.map(toSend));
  }
  assert.equal(org.rows('Case').length, 200);
  assert.ok(org.rows('Asset_Signal__c').every((row) => row['Disposition__c'] === 'Acted'));
  assert.equal(org.rows('Case').filter((row) => row['IsClosed'] === true).length, 100);
  assertFarFromLimits(org);
});
