import { test } from 'node:test';

import { makePackageOrg } from '../flows/packageOrg.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';
import { makeBatches } from './batches.ts';
import { assertAsModelled, assertFarFromLimits } from './compare.ts';
import { ServiceModel } from './model.ts';
import { seeded } from './seeded.ts';
import { build, toSend, WORLD } from './world.ts';

const SEEDS = [11, 23, 42, 1977];
const ROUNDS = 8;
const EPISODES = 36;

/* People do something every few batches. */
async function meddle(org: PackageOrg, model: ServiceModel, random: () => number): Promise<string> {
  const pick = <Item>(items: readonly Item[]): Item | undefined =>
    items[Math.floor(random() * items.length)];
  const open = [...model.cases].filter(
    ([, { closedBy, isRemoved }]) => closedBy === undefined && !isRemoved,
  );
  const [episode] = pick(open) ?? [];
  const idOf = (): string => {
    const found = org.rows('Case').find((row) => row['Signal_Episode_Key__c'] === episode);
    return String(found?.['Id']);
  };
  const asked = pick([...model.signals].filter(([, { review }]) => review === 'Requested'))?.[0];
  const lot = random();
  if (lot < 0.3 && episode !== undefined) {
    org.remove('Case', idOf());
    model.remove(episode);
    return `the Case of ${episode} removed`;
  }
  if (lot < 0.6 && episode !== undefined) {
    await org.update('Case', idOf(), { Status: 'Closed' });
    model.close(episode);
    return `the Case of ${episode} closed`;
  }
  if (asked === undefined) return 'nothing';
  const answer = lot < 0.8 ? 'Confirmed' : 'Dismissed';
  const signal = org.rows('Asset_Signal__c').find((row) => row['Event_Key__c'] === asked);
  const review = { Review_Status__c: answer, Review_Reason__c: 'looked at it' };
  await org.update('Asset_Signal__c', String(signal?.['Id']), review);
  model.review(asked, answer);
  return `${asked} ${answer}`;
}

for (const seed of SEEDS) {
  test(`batches made up with seed ${seed}: Cases, dispositions and failures are those of the model`, async () => {
    const org = await makePackageOrg();
    build(org, WORLD);
    const random = seeded(seed);
    const model = new ServiceModel(WORLD, org.assumptions['duplicate-in-batch'] === 'batch');
    const next = makeBatches(random, EPISODES);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const batch = next();
      await org.publish(...batch.map(toSend));
      model.receive(batch);
      assertAsModelled(org, model, `seed ${seed}, batch ${round}`);
      const done = await meddle(org, model, random);
      assertAsModelled(org, model, `seed ${seed}, after batch ${round}: ${done}`);
    }
    assertFarFromLimits(org);
  });
}
