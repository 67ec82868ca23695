import assert from 'node:assert/strict';
import { test } from 'node:test';

import { deviceKey } from '../load/frames.ts';
import { eventTimes, quantile } from './times.ts';

test('an event belongs to the message of its device and time', () => {
  const sent = [
    [1, 1_000, 5],
    [2, 1_000, 6],
    [1, 2_000, 7],
  ] as const;
  const arrived = [
    [deviceKey(1), 2_000, 27],
    [deviceKey(2), 1_000, 16],
    [deviceKey(9), 1_000, 99],
  ] as const;
  assert.deepEqual(eventTimes(sent, arrived), { times: [10, 20], missing: 1 });
});

test('a quantile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  assert.equal(quantile(values, 0.5), 100);
  assert.equal(quantile(values, 0.99), 198);
  assert.equal(quantile(values, 1), 200);
  assert.equal(quantile([7], 0.01), 7);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});
