import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeHistogram } from './histogram.ts';

test('quantiles are within 1.6 % of the true ones', () => {
  const histogram = makeHistogram();
  for (let index = 1; index <= 10_000; index += 1) histogram.add(index / 100);
  for (const part of [0.01, 0.5, 0.9, 0.99, 0.999]) {
    const truth = part * 100;
    assert.ok(Math.abs(histogram.quantile(part) / truth - 1) < 0.016, `${part}`);
  }
  assert.equal(histogram.highest, 100);
  assert.equal(histogram.quantile(1), 100);
  assert.equal(histogram.count, 10_000);
});

test('nothing has no quantile, and what was cleared does not count', () => {
  const histogram = makeHistogram();
  assert.ok(Number.isNaN(histogram.quantile(0.5)));
  histogram.add(1_000_000);
  histogram.add(0);
  assert.equal(histogram.highest, 1_000_000);
  histogram.clear();
  assert.ok(Number.isNaN(histogram.quantile(0.5)));
  histogram.add(2);
  assert.equal(histogram.quantile(0.99), 2);
});
