import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runCampaign } from '../bench/kills/campaign.ts';
import { VICTIMS } from '../bench/kills/victims.ts';

/** Another one: BENCH_SEED=17. `npm run bench -- kills` does the same with hundreds of kills. */
const seed = Number(process.env['BENCH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

for (const [victims, kills] of [
  [['bridge'], 6],
  [VICTIMS, 5],
] as const) {
  test(`${victims.join(', ')} killed ${kills} times under load (seed ${seed}): what was acknowledged is there, and each fault has one Case`, async (context) => {
    const account = await runCampaign({
      victims,
      kills,
      seed,
      devices: 40,
      everyMs: 800,
      faultEveryMs: 1_000,
      say: (line) => context.diagnostic(line),
    });
    assert.ok(account.acknowledged > 100, JSON.stringify(account));
    assert.ok(account.faults > 3, JSON.stringify(account));
    const { lost, unacknowledged, withoutCase, doubledCases, wrongCases } = account;
    assert.deepEqual(
      { lost, unacknowledged, withoutCase, doubledCases, wrongCases },
      { lost: [], unacknowledged: 0, withoutCase: [], doubledCases: 0, wrongCases: 0 },
    );
    if (!victims.some((name) => name === 'broker')) assert.equal(account.lostByBroker, 0);
  });
}
