import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeProgress } from './progress.ts';

test('what moves, however slowly, has not stalled; what stands still for the whole time has', () => {
  let now = 0;
  const progress = makeProgress(100, () => now);
  for (const count of [1, 2, 3, 2]) {
    assert.equal(progress.isStalled([count, 7]), false);
    now += 90;
  }
  assert.equal(progress.isStalled([2, 7]), false);
  now += 20;
  assert.equal(progress.isStalled([2, 7]), true);
});
