import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey } from '../../model/brand.ts';
import { makeRandom } from '../fixtures/random.ts';
import { MAX_KEY } from '../../model/keyBytes.ts';
import { readingOf, readingsOf } from '../fixtures/readings.ts';
import { makeKeyTable, MOST_KEYS } from './keyTable.ts';
import type { KeyTable } from './keyTable.ts';

const ALPHABETS = ['ab', 'pump-0123456789/é', 'ß€Ω', '𝛑🙂\uD800', 'ab€'];

/** A key of few possible ones, so that the same come again. */
function keyOf(random: ReturnType<typeof makeRandom>): string {
  const letters = [...(ALPHABETS[random.below(ALPHABETS.length)] as string)];
  const length = random.below(6);
  return Array.from({ length }, () => letters[random.below(letters.length)]).join('');
}

/** Works on a table as on a Map and compares them. */
function work(table: KeyTable, known: Map<string, number>, seed: number, steps: number): void {
  const random = makeRandom(seed);
  for (let step = 0; step < steps; step += 1) {
    const key = keyOf(random);
    const index = known.get(key);
    assert.equal(table.find(key), index ?? -1);
    if (index === undefined) {
      const added = table.add(key);
      assert.equal(table.find(key), added);
      known.set(key, added);
    } else if (random.below(3) === 0) {
      table.remove(index);
      known.delete(key);
      assert.equal(table.find(key), -1);
    }
  }
}

function check(table: KeyTable, known: ReadonlyMap<string, number>): void {
  assert.equal(table.size(), known.size);
  for (const [key, index] of known) {
    assert.equal(table.find(key), index);
    assert.equal(table.keyOf(index), key);
  }
  const asked = [...known.keys(), 'never added', '', 'ab'];
  const indices = new Int32Array(MOST_KEYS);
  for (let at = 0; at < asked.length; at += 40) {
    const together = asked.slice(at, at + 40);
    const readings = readingsOf(
      together.map((key) => readingOf(0, { a: 1 }, { device: toDeviceKey(key) })),
    );
    table.findAll(readings, 0, together.length, indices);
    assert.deepEqual(
      [...indices.subarray(0, together.length)],
      together.map((key) => known.get(key) ?? -1),
    );
  }
  const visited: number[] = [];
  table.forEach((index) => visited.push(index));
  assert.deepEqual(new Set(visited), new Set(known.values()));
  assert.equal(visited.length, known.size);
}

test('a table of keys answers like a Map, whatever is added and removed', () => {
  for (const seed of [1, 2, 3]) {
    const table = makeKeyTable();
    const known = new Map<string, number>();
    work(table, known, seed, 20_000);
    check(table, known);
    assert.equal(new Set(known.values()).size, known.size, 'indices are different');
  }
});

test('indices stay dense: those of removed keys are given again', () => {
  const table = makeKeyTable();
  for (let index = 0; index < 1_000; index += 1) assert.equal(table.add(`key ${index}`), index);
  for (let index = 0; index < 1_000; index += 3) table.remove(index);
  for (let index = 0; index < 334; index += 1) table.add(`further ${index}`);
  assert.equal(table.end(), 1_000);
  assert.equal(table.size(), 1_000);
});

test('many keys, removed again, are found and leave nothing', () => {
  const table = makeKeyTable();
  for (let index = 0; index < 60_000; index += 1) table.add(`device-${index}`);
  const bytes = table.bytes();
  for (let index = 0; index < 60_000; index += 1) {
    assert.equal(table.find(`device-${index}`), index);
    table.remove(index);
    assert.equal(table.find(`device-${index}`), -1);
  }
  assert.equal(table.size(), 0);
  for (let index = 0; index < 60_000; index += 1) table.add(`device-${index}`);
  assert.ok(table.bytes() <= bytes);
});

test('keys may have any characters, at most so many', () => {
  const table = makeKeyTable();
  for (const key of [
    '',
    '\0',
    '\0\0',
    'ÿ',
    'Ā',
    '\uD800',
    'k'.repeat(MAX_KEY),
    '€'.repeat(MAX_KEY),
  ]) {
    const index = table.add(key);
    assert.equal(table.find(key), index);
    assert.equal(table.keyOf(index), key);
  }
  assert.throws(() => table.add('k'.repeat(MAX_KEY + 1)), /too long/);
  assert.equal(table.add('next'), 8);
});

test('an image shows the keys as they were when it began', () => {
  const table = makeKeyTable();
  const known = new Map<string, number>();
  for (let index = 0; index < 30_000; index += 1)
    known.set(`first ${index}`, table.add(`first ${index}`));
  work(table, known, 5, 10_000);
  const then = new Map(known);
  const saved = new Map<number, Uint8Array>();
  table.freeze((index, bytes) => {
    assert.ok(!saved.has(index), 'a piece is saved once');
    saved.set(index, Uint8Array.from(bytes));
  });
  for (let round = 0; round < 20; round += 1) {
    work(table, known, 10 + round, 1_000);
    table.drain(1);
  }
  while (table.drain(10));
  table.thaw();
  check(table, known);

  const restored = makeKeyTable();
  for (const [index, bytes] of [...saved].toReversed()) restored.load(index, bytes);
  restored.loaded();
  check(restored, then);
  work(restored, then, 7, 10_000);
  check(restored, then);
});
