import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBlocks } from './blocks.ts';
import { makeColumn } from './column.ts';
import { MAX_POINTS, makeRings } from './rings.ts';

const KB = 1024;

test('a ring holds the last points of its series, oldest first', () => {
  const rings = makeRings(makeBlocks(), makeColumn());
  rings.reserve(7, 3);
  const place = rings.placeOf(7);
  for (let at = 0; at < 137; at += 1) {
    for (const series of [0, 1, 2, 3]) {
      if (at % (series + 1) === 0) rings.add(place, series, at, at * 10 + series);
    }
    for (const series of [0, 1, 2]) {
      const all = Array.from({ length: at + 1 }, (_, one) => one);
      const mine = all.filter((one) => one % (series + 1) === 0).slice(-MAX_POINTS);
      assert.deepEqual(
        rings.points(7, series),
        mine.map((one) => [one, one * 10 + series]),
      );
    }
  }
  assert.equal(rings.points(7, 3), undefined, 'a series that was not there has no ring');
  assert.equal(rings.points(8, 0), undefined);
});

test('a device of further series keeps the points it has', () => {
  const rings = makeRings(makeBlocks(), makeColumn());
  rings.reserve(0, 1);
  for (let at = 0; at < 30; at += 1) rings.add(rings.placeOf(0), 0, at, at);
  const before = rings.points(0, 0);
  rings.reserve(0, 4);
  assert.deepEqual(rings.points(0, 0), before);
  rings.add(rings.placeOf(0), 3, 5, 50);
  assert.deepEqual(rings.points(0, 3), [[5, 50]]);
  rings.reserve(0, 2);
  assert.deepEqual(rings.points(0, 3), [[5, 50]], 'fewer are never reserved');
});

test('memory for points is bounded, goes to who comes first, and comes back', () => {
  const blocks = makeBlocks();
  const rings = makeRings(blocks, makeColumn(), 64 * KB);
  for (let index = 0; index < 1000; index += 1) rings.reserve(index, 4);
  const held = Array.from({ length: 1000 }, (_, index) => rings.placeOf(index) !== 0);
  const count = held.filter(Boolean).length;
  assert.equal(held.lastIndexOf(true), count - 1);
  assert.ok(count >= 45 && count <= 50, `${count} devices have points`);
  rings.drop(3);
  assert.equal(rings.placeOf(3), 0);
  rings.reserve(999, 4);
  assert.notEqual(rings.placeOf(999), 0);
  rings.reserve(998, 4);
  assert.equal(rings.placeOf(998), 0);
});

test('a device that invents series takes the points of 100 of them', () => {
  const rings = makeRings(makeBlocks(), makeColumn());
  for (let series = 1; series <= 400; series += 1) rings.reserve(0, series);
  rings.add(rings.placeOf(0), 99, 1, 1);
  rings.add(rings.placeOf(0), 100, 1, 1);
  assert.deepEqual(rings.points(0, 99), [[1, 1]]);
  assert.equal(rings.points(0, 100), undefined);
});

test('after a start what is in use is counted again', () => {
  const [blocks, places] = [makeBlocks(), makeColumn()];
  const before = makeRings(blocks, places, 64 * KB);
  for (let index = 0; index < 40; index += 1) before.reserve(index, 4);
  const after = makeRings(blocks, places, 64 * KB);
  for (let index = 0; index < 40; index += 1) after.count(index);
  for (let index = 40; index < 100; index += 1) after.reserve(index, 4);
  const held = Array.from({ length: 100 }, (_, index) => after.placeOf(index) !== 0);
  assert.ok(held.lastIndexOf(true) < 50);
});
