import assert from 'node:assert/strict';
import { test } from 'node:test';

import { median, worst } from './numbers.ts';

test('the median of an even number lies between the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 6]), 5.5);
  assert.ok(Number.isNaN(median([])));
});

test('the worst is the highest', () => {
  assert.equal(worst([3, 7, 5]), 7);
});
