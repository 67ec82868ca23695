import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDetecting } from '../fixtures/detecting.ts';
import { makeRandom } from '../fixtures/random.ts';
import { levelShift } from './levelShift.ts';

const options = { kind: 'level-shift', learn: 300, factor: 2 } as const;

function run(): (values: readonly number[]) => readonly string[] {
  const series = makeDetecting(levelShift, options);
  return (values) => values.map((value) => series.judge(value).level);
}

function noise(seed: number, count: number, level: number): readonly number[] {
  const random = makeRandom(seed);
  return Array.from({ length: count }, () => level + random.normal());
}

test('a level that moves within the range of the noise is found', () => {
  const feed = run();
  assert.ok(!feed(noise(1, 2000, 50)).includes('abnormal'));
  // Two deviations: not one of these readings would stand out alone.
  assert.ok(feed(noise(2, 100, 52)).includes('abnormal'));
});

test('a single wild reading is no level', () => {
  const feed = run();
  feed(noise(1, 2000, 50));
  assert.ok(!feed([60, ...noise(2, 200, 50)]).includes('abnormal'));
});

test('a lasting shift becomes the new normal', () => {
  const feed = run();
  feed(noise(1, 2000, 50));
  const levels = feed(noise(2, 2000, 60));
  assert.ok(levels.includes('abnormal'));
  assert.equal(levels.lastIndexOf('abnormal') < 1000, true);
  assert.equal(levels.at(-1), 'normal');
});

test('nothing is judged while it learns', () => {
  const levels = run()([...noise(1, 150, 0), ...noise(2, 150, 1000)]);
  assert.ok(levels.every((level) => level === 'normal'));
});

test('a series that stood still may not move by more than a hair', () => {
  const feed = run();
  feed(Array.from({ length: 1000 }, () => 45));
  assert.ok(!feed(Array.from({ length: 100 }, () => 45.01)).includes('abnormal'));
  assert.ok(feed(Array.from({ length: 100 }, () => 50)).includes('abnormal'));
});
