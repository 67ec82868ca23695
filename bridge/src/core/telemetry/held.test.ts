import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../fixtures/random.ts';
import { readingOf, readingsOf, START } from '../fixtures/readings.ts';
import { makeBucketPool } from './bucketPool.ts';
import { addReading, HOLD_MS, makeBuckets, pointsBetween } from './buckets.ts';
import type { Buckets } from './buckets.ts';
import { freeHeld, makeHeld, settle, take, takeNow } from './held.ts';

const always = () => true;
const pointsOf = (buckets: Buckets) => pointsBetween(buckets, START - HOLD_MS, START + HOLD_MS);

test('readings that waited are held as those that did not, whatever metrics they name', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = makeRandom(seed);
    const pool = makeBucketPool();
    const held = makeHeld(pool, START);
    const plain = new Map<string, Buckets>();
    for (let index = 0; index < 150; index += 1) {
      const kind = random.below(20);
      // Mostly the same set, so that rows fill; sometimes so many metrics that none can wait.
      const width = kind === 0 ? 59 + random.below(3) : kind < 4 ? 1 + random.below(6) : 4;
      const names = Array.from({ length: width }, (_entry, place) => `m${place}`);
      const numbers = Object.fromEntries(names.map((name) => [name, random.below(1_000) / 8]));
      const reading = readingOf(index * 700 - random.below(5_000), numbers);
      if (random.below(10) === 0) takeNow(held, reading, always);
      else take(held, readingsOf([reading]), 0, always);
      for (const [name, value] of Object.entries(numbers)) {
        const buckets = plain.get(name) ?? makeBuckets(pool);
        plain.set(name, buckets);
        addReading(buckets, reading.at, value, always);
      }
    }
    settle(held, always);
    assert.deepEqual([...held.metrics.keys()].toSorted(), [...plain.keys()].toSorted());
    for (const [name, { buckets }] of held.metrics) {
      const wanted = plain.get(name);
      assert.ok(wanted !== undefined);
      assert.deepEqual(pointsOf(buckets), pointsOf(wanted), `seed ${seed}, ${name}`);
      assert.equal(buckets.readings, wanted.readings);
    }
  }
});

test('memory that was given back is used again, by nobody twice', () => {
  const pool = makeBucketPool();
  const first = makeHeld(pool, START);
  for (let index = 0; index < 100; index += 1) {
    takeNow(first, readingOf(index * 1_000, { a: 1, b: 2 }), always);
  }
  const before = new Set([...first.metrics.values()].flatMap(({ buckets }) => buckets.chunks));
  assert.equal(before.size, 14);
  freeHeld(first);
  const taken = Array.from({ length: 20 }, () => pool.take());
  assert.equal(new Set(taken).size, 20);
  assert.equal(taken.filter((chunk) => before.has(chunk)).length, 14);
});
