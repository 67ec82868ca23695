import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../fixtures/random.ts';
import { START } from '../fixtures/readings.ts';
import { makeBucketPool } from './bucketPool.ts';
import { addReading, HOLD_MS, makeBuckets, pointsBetween } from './buckets.ts';

const always = () => true;
const never = () => false;
/** Adds readings given as [milliseconds after the start, value]. */
function fill(readings: readonly (readonly [number, number])[], mayGrow = always) {
  const buckets = makeBuckets(makeBucketPool());
  for (const [after, value] of readings) addReading(buckets, START + after, value, mayGrow);
  return buckets;
}
const points = (buckets: ReturnType<typeof makeBuckets>) => {
  const { ats, values } = pointsBetween(buckets, START - 2 * HOLD_MS, START + 2 * HOLD_MS);
  return ats.map((at, index) => [at - START, values[index] ?? 0]);
};

test('two readings a second come back exactly, for a whole hour', () => {
  const random = makeRandom(1);
  const readings = Array.from(
    { length: 7_200 },
    (_, index) => [index * 500, Math.fround(random.normal())] as const,
  );
  assert.deepEqual(points(fill(readings)), readings);
});

test('flat readings of the same value keep their first and last time of a second', () => {
  const flat = [
    [0, 1],
    [500, 1],
    [900, 1],
  ] as const;
  assert.deepEqual(points(fill(flat)), [
    [0, 1],
    [900, 1],
  ]);
});

test('of many readings a second the lowest and the highest stay, at their times', () => {
  const readings = Array.from({ length: 100 }, (_, index) => [index * 10, index % 7] as const);
  readings[33] = [330, 99];
  readings[12] = [120, -99];
  assert.deepEqual(points(fill(readings)), [
    [120, -99],
    [330, 99],
  ]);
});

test('the order readings come in makes no difference', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = makeRandom(seed);
    // Distinct times; steps from many in a second to minutes apart.
    let at = 0;
    const step = 10 ** (1 + random.below(5));
    const readings = Array.from({ length: 60 }, () => {
      at += 1 + random.below(step);
      return [at, random.below(4)] as const;
    }).filter(([after]) => after < HOLD_MS);
    const shuffled = readings
      .map((reading) => ({ reading, key: random.next() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ reading }) => reading);
    assert.deepEqual(points(fill(shuffled)), points(fill(readings)), `seed ${seed}`);
    assert.equal(fill(shuffled).readings, readings.length);
    assert.equal(fill(shuffled).lastAt, START + (readings.at(-1)?.[0] ?? 0));
  }
});

test('a duplicate is not counted, and changes nothing', () => {
  const once = fill([
    [0, 1],
    [500, 2],
  ]);
  const twice = fill([
    [0, 1],
    [500, 2],
    [0, 1],
    [500, 2],
  ]);
  assert.deepEqual(points(twice), points(once));
  assert.equal(twice.readings, 2);
});

test('what is older than an hour before the newest goes, and is not taken', () => {
  const buckets = fill([
    [0, 1],
    [1_000, 2],
    [HOLD_MS + 1_000, 3],
    [0, 4],
  ]);
  assert.deepEqual(points(buckets), [
    [1_000, 2],
    [HOLD_MS + 1_000, 3],
  ]);
  assert.equal(buckets.readings, 2);
});

test('it never holds more than an hour of buckets, however long it runs', () => {
  const buckets = makeBuckets(makeBucketPool());
  for (let second = 0; second < 10_000; second += 1) {
    addReading(buckets, START + second * 1_000, second, always);
  }
  assert.equal(buckets.length, 3_601);
  assert.equal(buckets.readings, 3_601);
  assert.equal(buckets.chunks.length, Math.ceil(3_601 / 16));
});

test('without room the newest seconds stay', () => {
  const readings = Array.from({ length: 40 }, (_, index) => [index * 1_000, index] as const);
  assert.deepEqual(points(fill(readings, never)), readings.slice(-16));
  const backwards = readings.toReversed();
  assert.deepEqual(points(fill(backwards, never)), readings.slice(-16));
});

test('a part of the hour is answered with both ends', () => {
  const buckets = fill([
    [0, 1],
    [400, 2],
    [1_000, 3],
    [2_000, 4],
  ]);
  const { ats } = pointsBetween(buckets, START + 400, START + 1_000);
  assert.deepEqual(ats, [START + 400, START + 1_000]);
});

test('times no bucket can hold are ignored', () => {
  const buckets = makeBuckets(makeBucketPool());
  for (const at of [-1, Number.NaN, Infinity, 2 ** 32 * 1_000]) addReading(buckets, at, 1, always);
  assert.equal(buckets.length, 0);
  assert.deepEqual(pointsBetween(buckets, 0, Infinity), { ats: [], values: [] });
});
