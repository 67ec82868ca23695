import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeBatches, shuffle } from '../bulk/batches.ts';
import { assertAsModelled, assertFarFromLimits } from '../bulk/compare.ts';
import { deliver } from '../bulk/deliver.ts';
import { ServiceModel } from '../bulk/model.ts';
import { seeded } from '../bulk/seeded.ts';
import { build, toSend, WORLD } from '../bulk/world.ts';
import type { SignalEvent } from '../bulk/world.ts';
import { metadata, makePackageOrg } from '../flows/packageOrg.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';

// A whole day of events, and the same events again.

const ROUNDS = 12;
const EPISODES = 48;

/** A day's batches as the bridge sends them. */
function day(seed: number): SignalEvent[][] {
  const next = makeBatches(seeded(seed), EPISODES);
  return Array.from({ length: ROUNDS }, () => next());
}

/** Every event of a day once, in an order by chance. */
function again(batches: readonly SignalEvent[][], seed: number): SignalEvent[] {
  const byKey = new Map(
    batches.flat().flatMap((one) => (one.key === undefined ? [] : [[one.key, one] as const])),
  );
  return shuffle([...byKey.values()], seeded(seed));
}

function* inBatchesOf(size: number, events: readonly SignalEvent[]): Generator<SignalEvent[]> {
  for (let from = 0; from < events.length; from += size) yield events.slice(from, from + size);
}

/** All the org holds but failures, with who changed it last and when. */
function contentOf(org: PackageOrg): Record<string, unknown> {
  const objects = [...metadata.objects.values()].filter(
    ({ kind, name }) => kind !== 'event' && name !== 'Signal_Failure__c',
  );
  return Object.fromEntries(objects.map(({ name }) => [name, org.rows(name)]));
}

for (const size of [1, 37, 200]) {
  test(`a day that is replayed in another order and batches of ${size} changes nothing at all`, async () => {
    const org = await makePackageOrg();
    build(org, WORLD);
    const batches = day(7);
    for (const batch of batches) await deliver(org, batch);
    await org.later(1);
    const before = contentOf(org);
    const notices = org.published('Signal_Notice__e').length;
    for (const batch of inBatchesOf(size, again(batches, size)))
      await org.publish(...batch.map(toSend));
    assert.deepEqual(contentOf(org), before);
    assert.equal(org.published('Signal_Notice__e').length, notices);
    assertFarFromLimits(org);
  });
}

test('a day that arrives in another order, one by one, has the Cases and dispositions of the model', async () => {
  const org = await makePackageOrg();
  build(org, WORLD);
  const model = new ServiceModel(WORLD, org.assumptions['duplicate-in-batch'] === 'batch');
  for (const one of again(day(8), 8)) {
    await org.publish(toSend(one));
    model.receive([one]);
  }
  assertAsModelled(org, model, 'at the end of the day');
});

for (const seed of [9, 10]) {
  test(`a day that arrives all mixed up (seed ${seed}) gives no episode two Cases, and every signal its end`, async () => {
    const org = await makePackageOrg();
    build(org, WORLD);
    const events = again(day(seed), seed);
    for (const batch of inBatchesOf(60, events)) await deliver(org, batch);
    const good = events.filter(({ isBad }) => !isBad);
    const rows = org.rows('Asset_Signal__c');
    assert.equal(rows.length, good.length);
    for (const row of rows) assert.match(String(row['Disposition__c']), /^(?:Acted|Suppressed)$/);
    const cases = org.rows('Case').map((row) => row['Signal_Episode_Key__c']);
    assert.equal(new Set(cases).size, cases.length);
    // An episode of which anything was acted on without a review has its Case.
    for (const row of rows)
      if (row['Disposition__c'] === 'Acted' && row['Review_Status__c'] === null)
        assert.ok(cases.includes(row['Episode_Key__c'] ?? null), String(row['Event_Key__c']));
    assertFarFromLimits(org);
  });
}
