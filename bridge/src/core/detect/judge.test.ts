import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { DetectorOptions } from '../../model/policy.ts';
import { makeRandom } from '../fixtures/random.ts';
import { confidenceOf } from './detector.ts';
import { makeJudge } from './judge.ts';

const all: readonly DetectorOptions[] = [
  { kind: 'threshold', direction: 'above', limit: 52, clear: 50 },
  { kind: 'range-novelty', learn: 50, margin: 0.1 },
  { kind: 'level-shift', learn: 50, factor: 1.2 },
  { kind: 'stuck', repeats: 3 },
  { kind: 'silence', afterMs: 51 },
];

for (const options of all) {
  test(`${options.kind} goes on from its saved state as if nothing had happened`, () => {
    const random = makeRandom(11);
    const straight = makeJudge(options);
    let resumed = makeJudge(options);
    let abnormal = 0;
    for (let index = 0; index < 2000; index += 1) {
      const input = { at: toEpochMs(index), value: Math.round(50 + 2 * random.normal()) };
      const verdict = straight.judge(input);
      assert.deepEqual(resumed.judge(input), verdict);
      if (verdict.level === 'abnormal') abnormal += 1;
      if (random.next() < 0.2)
        resumed = makeJudge(options, JSON.parse(JSON.stringify(resumed.save())));
    }
    assert.ok(abnormal > 0);
  });
}

test('the state of another detector is not taken over', () => {
  const stuck = makeJudge({ kind: 'stuck', repeats: 3 });
  stuck.judge({ at: toEpochMs(5), value: 7 });
  const options = { kind: 'range-novelty', learn: 50, margin: 0.1 } as const;
  const wrong: readonly unknown[] = [stuck.save(), null, 'x', [], { count: 'many' }];
  for (const saved of wrong) {
    assert.deepEqual(makeJudge(options, saved).save(), makeJudge(options).save());
  }
});

test('confidence rises from a half towards one and never leaves 0 to 1', () => {
  const scores = [-1, 0, 0.1, 1, 10, 1e9];
  const values = scores.map(confidenceOf);
  assert.deepEqual(values.slice(0, 2), [0.5, 0.5]);
  assert.deepEqual(
    values,
    values.toSorted((one, other) => one - other),
  );
  assert.equal(values.at(-1), 1);
});
