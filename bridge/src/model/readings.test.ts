import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../core/fixtures/random.ts';
import type { Random } from '../core/fixtures/random.ts';
import { readingOf } from '../core/fixtures/readings.ts';
import { toDeviceKey } from './brand.ts';
import { hashOfKey, KEY_HEAD, MAX_KEY, readKey, sizeOfKey, writeKey } from './keyBytes.ts';
import type { Reading } from './reading.ts';
import { addReading, clearReadings, deviceAt, makeReadings, readingAt } from './readings.ts';

const KEYS = ['', 'a', 'pump-0000001', 'Bohrer-ß', '€', 'ÿĀ', '𝛑🙂', '\uD800', 'x'.repeat(300)];

function randomReading(random: Random, index: number): Reading {
  const names = Array.from({ length: random.below(6) }, (_, place) => `m${place}`);
  const numbers = names.map((name) => [name, random.below(2) === 0 ? 7 : random.normal()] as const);
  const type = ['pump', 'fan', undefined][random.below(3)];
  const { deviceType: _, ...others } = readingOf(index - 500, Object.fromEntries(numbers));
  const device = toDeviceKey(`${KEYS[random.below(KEYS.length)]}${random.below(3)}`);
  const source = ['fleet', 'gateway'][random.below(2)] as string;
  return { ...others, device, source, ...(type !== undefined && { deviceType: type }) };
}

test('what was added comes back, however many there are, also where others stood before', () => {
  const random = makeRandom(7);
  const readings = makeReadings();
  for (const count of [1, 3_000, 0, 10, 5_000]) {
    clearReadings(readings);
    const added = Array.from({ length: count }, (_, index) => randomReading(random, index));
    for (const one of added) addReading(readings, one);
    assert.equal(readings.count, count);
    for (const [index, one] of added.entries()) {
      assert.deepEqual(readingAt(readings, index), one);
      assert.equal(deviceAt(readings, index), one.device);
      assert.equal(readings.hashes[index], hashOfKey(one.device));
    }
  }
});

test('a reading that was taken out does not change with what comes after it', () => {
  const readings = makeReadings();
  addReading(readings, readingOf(1, { a: 1.5 }));
  const taken = readingAt(readings, 0);
  clearReadings(readings);
  addReading(readings, readingOf(2, { a: 2.5 }, { device: toDeviceKey('other') }));
  assert.deepEqual(taken, readingOf(1, { a: 1.5 }));
});

test('readings of one kind share what they have in common', () => {
  const readings = makeReadings();
  const first = readingOf(1, { a: 1 });
  for (const one of [first, { ...first, values: [2] }, { ...first, source: 'other' }]) {
    addReading(readings, one);
  }
  assert.equal(readings.kinds[1], readings.kinds[0]);
  assert.notEqual(readings.kinds[2], readings.kinds[0]);
});

test('keys have the same bytes where they are the same, and no others', () => {
  const seen = new Map<string, string>();
  for (const key of KEYS) {
    const bytes = Buffer.alloc(sizeOfKey(key) + 6, 0xee);
    writeKey(key, bytes, 3);
    assert.equal(readKey(bytes, 3), key);
    assert.deepEqual([...bytes.subarray(0, 3), ...bytes.subarray(-3)], Array(6).fill(0xee));
    const own = bytes.toString('hex', 3, bytes.length - 3);
    assert.equal(seen.get(own), undefined);
    seen.set(own, key);
  }
  assert.equal(sizeOfKey('ab'), KEY_HEAD + 2);
  assert.equal(sizeOfKey('a€'), KEY_HEAD + 4);
  assert.throws(() => writeKey('x'.repeat(MAX_KEY + 1), Buffer.alloc(10), 0), /32001 characters/);
});
