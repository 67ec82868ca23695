import assert from 'node:assert/strict';
import { test } from 'node:test';

import { timeLeft } from './timeLeft.ts';

test('the rest takes as long as what is done took, by its share', () => {
  assert.equal(timeLeft(10_000, 0.25), 'about 30 s left');
  assert.equal(timeLeft(600_000, 0.5), 'about 10 min left');
  assert.equal(timeLeft(5_000, 1.2), 'about 0 s left');
});

test('nothing is promised before anything is done', () => {
  assert.equal(timeLeft(10_000, 0), 'time left not known yet');
});
