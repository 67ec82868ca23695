import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DetectorOptions } from '../../model/policy.ts';
import { makeRandom } from '../fixtures/random.ts';
import { confidenceOf, makeInput, makeVerdict } from './detector.ts';
import { makeJudge } from './judge.ts';

const all: readonly DetectorOptions[] = [
  { kind: 'threshold', direction: 'above', limit: 52, clear: 50 },
  { kind: 'range-novelty', learn: 50, margin: 0.1 },
  { kind: 'level-shift', learn: 50, factor: 1.2 },
  { kind: 'stuck', repeats: 3 },
  { kind: 'silence', afterMs: 51 },
];

for (const options of all) {
  test(`${options.kind} goes on from its numbers, wherever they stand, as if nothing had happened`, () => {
    const random = makeRandom(11);
    const judge = makeJudge(options);
    const [input, straight, resumed] = [makeInput(), makeVerdict(), makeVerdict()];
    const numbers = new Float64Array(judge.fields.length);
    let moved = { numbers: new Float64Array(40), at: 3 };
    let abnormal = 0;
    for (let index = 0; index < 2000; index += 1) {
      input.at = index;
      input.value = Math.round(50 + 2 * random.normal());
      judge.step(numbers, 0, input, straight);
      judge.step(moved.numbers, moved.at, input, resumed);
      assert.deepEqual(resumed, straight);
      if (straight.level === 'abnormal') abnormal += 1;
      if (random.next() > 0.2) continue;
      const at = random.below(30);
      const next = new Float64Array(40);
      next.set(moved.numbers.subarray(moved.at, moved.at + judge.fields.length), at);
      moved = { numbers: next, at };
    }
    assert.ok(abnormal > 0);
  });
}

test('evidence calls the numbers by their names', () => {
  const judge = makeJudge({ kind: 'stuck', repeats: 3 });
  assert.deepEqual(judge.evidence(Float64Array.of(9, 7, 2, 1500), 1), {
    value: 7,
    count: 2,
    since: 1500,
  });
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
