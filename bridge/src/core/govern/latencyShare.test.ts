import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, counted, HALF_MS, noLatencies, shareOf } from './latencyShare.ts';

const start = 1_790_000_000_000;

test('the share is of what was counted in the last ten to twenty minutes', () => {
  assert.equal(shareOf(noLatencies), undefined);
  let share = counted(noLatencies, true, start);
  share = counted(share, false, start + 1);
  assert.equal(shareOf(share), 0.5);
  share = counted(share, true, start + HALF_MS);
  assert.equal(shareOf(share), 2 / 3, 'the half before counts');
  share = at(share, start + 2 * HALF_MS);
  assert.equal(shareOf(share), 1, 'the one before that does not');
  assert.equal(shareOf(at(share, start + 5 * HALF_MS)), undefined);
});

test('a long silence forgets both halves at once', () => {
  const share = counted(noLatencies, false, start);
  assert.equal(shareOf(counted(share, true, start + 3 * HALF_MS)), 1);
});
