import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keptUp } from './keptUp.ts';

const at = (sent: number, processed: number, openedExpected = 0, openedArrived = 0) => ({
  sent,
  processed,
  openedExpected,
  openedArrived,
});

test('a full window that stays full is no backlog that grows', () => {
  assert.ok(keptUp(at(20_000, 10_000), at(120_000, 110_000), 10_000));
  assert.ok(keptUp(at(20_000, 20_000), at(60_000, 50_000), 10_000));
});

test('messages that pile up beyond the window are not kept up with', () => {
  assert.ok(!keptUp(at(20_000, 10_000), at(120_000, 89_000), 10_000));
});

test('signals that pile up are not kept up with even when messages are', () => {
  assert.ok(keptUp(at(0, 0, 0, 0), at(1_000_000, 1_000_000, 5_000, 4_600), 10_000));
  assert.ok(!keptUp(at(0, 0, 0, 0), at(1_000_000, 1_000_000, 5_000, 4_400), 10_000));
  assert.ok(keptUp(at(0, 0, 0, 0), at(10_000, 10_000, 200, 0), 10_000));
});
