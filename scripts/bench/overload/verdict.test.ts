import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isBounded, isOverloaded, rateBetween, silentSeconds, stillRises } from './verdict.ts';

test('capacity is what went all the way: acknowledged and processed', () => {
  const begin = { at: 1_000, acknowledged: 100, processed: 50 };
  const logged = { at: 3_000, acknowledged: 2_100, processed: 1_050 };
  assert.equal(rateBetween(begin, logged), 500);
  assert.equal(rateBetween(begin, { ...logged, acknowledged: 400, processed: 4_050 }), 150);
});

test('a capacity that still rises is not measured yet', () => {
  assert.equal(stillRises([10]), true);
  assert.equal(stillRises([10, 20, 30, 40]), true);
  assert.equal(stillRises([40, 41, 39, 40]), false);
});

test('an offer that was taken is no overload, whatever it was meant to be', () => {
  assert.equal(isOverloaded({ offered: 1_000, acknowledged: 500, behind: 500 }), true);
  assert.equal(isOverloaded({ offered: 1_000, acknowledged: 1_000, behind: 0 }), false);
  // A pause of the machine at the beginning, and then everything was taken.
  assert.equal(isOverloaded({ offered: 1_000, acknowledged: 850, behind: 20 }), false);
});

const seconds = (sizes: readonly number[], events = 5) =>
  sizes.map((residentMb, index) => ({ second: index + 1, acknowledged: 1, residentMb, events }));

test('memory that goes on growing is not bounded, and one high sample is not growth', () => {
  assert.equal(isBounded(seconds([200, 210, 205, 300, 207, 211])), true);
  assert.equal(isBounded(seconds([200, 220, 240, 260, 280, 300])), false);
  assert.equal(isBounded(seconds([600, 600, 600, 600])), false);
});

test('signals flow when no second is without one, once there can be some', () => {
  assert.equal(silentSeconds(seconds([1, 1, 1, 1, 1])), 0);
  assert.equal(silentSeconds(seconds([1, 1, 1, 1, 1], 0)), 2);
});
