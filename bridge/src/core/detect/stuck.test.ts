import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDetecting } from '../fixtures/detecting.ts';
import type { Verdict } from './detector.ts';
import { stuck } from './stuck.ts';

function verdicts(values: readonly number[]): readonly Verdict[] {
  const series = makeDetecting(stuck, { kind: 'stuck', repeats: 3 });
  return values.map((value, index) => series.judge(value, 1000 * index));
}

test('the third equal reading is abnormal, since the first of them', () => {
  const seen = verdicts([0, 5, 5, 5, 5, 5.001]);
  assert.deepEqual(
    seen.map(({ level }) => level),
    ['normal', 'normal', 'normal', 'abnormal', 'abnormal', 'normal'],
  );
  assert.deepEqual(
    seen.map(({ since }) => since),
    [NaN, NaN, NaN, 1000, 1000, NaN],
  );
});

test('a first reading of 0 does not count as equal to nothing', () => {
  assert.deepEqual(
    verdicts([0, 0]).map(({ level }) => level),
    ['normal', 'normal'],
  );
  assert.equal(verdicts([0, 0, 0])[2]?.level, 'abnormal');
});
