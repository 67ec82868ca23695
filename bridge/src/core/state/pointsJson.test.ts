import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonOfPoints } from './pointsJson.ts';
import { MAX_POINTS } from './rings.ts';
import type { Point } from './rings.ts';

const check = (points: readonly Point[]): void =>
  assert.equal(jsonOfPoints(points), JSON.stringify(points));

test('points are what JSON makes of them, whatever the numbers are', () => {
  const odd = [0, -0, 1, -1, 0.1, -0.001, 0.0005, 1e-7, 1e21, 12.3456, 999.9995, 2_147_483.647];
  const values = [...odd, 2_147_483.648, -2_147_483.5, 2 ** 31, 2 ** 53, Number.MAX_VALUE, 5e-324];
  const none = [Number.NaN, Infinity, -Infinity];
  const times = [
    0,
    -5,
    999_999,
    1_000_000,
    1_000_001,
    1_790_000_000_123,
    1_790_000_000_000.5,
    2 ** 52,
  ];
  for (const value of [...values, ...none]) {
    for (const at of [...times, ...none]) check([[at, value]]);
  }
});

test('many random numbers of few and of many decimals are written as JSON has them', () => {
  let state = 11;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 5_000; round += 1) {
    const points = Array.from({ length: round % (MAX_POINTS + 1) }, (): Point => {
      const unit = 10 ** Math.floor(next() * 5);
      const size = 10 ** Math.floor(next() * 8);
      const value = Math.round((next() - 0.5) * size * unit) / unit;
      return [1_790_000_000_000 + Math.floor(next() * 1e9), next() < 0.1 ? next() : value];
    });
    check(points);
  }
});

test('more points than there is room for are written all the same', () => {
  check(Array.from({ length: MAX_POINTS + 1 }, (_, at): Point => [at, at]));
});
