import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FIRST_RECONNECT_MS, nextReconnectPause } from './reconnectPause.ts';

const pauses = (wasLetIn: boolean): number[] => {
  const all = [FIRST_RECONNECT_MS];
  while (all.length < 8) all.push(nextReconnectPause(all.at(-1) ?? 0, wasLetIn));
  return all.map((pause) => pause / 1_000);
};

test('a broker that is not there is tried with pauses up to half a minute', () => {
  assert.deepEqual(pauses(false), [0.5, 1, 2, 4, 8, 16, 30, 30]);
});

test('a broker that lets us in, though we drop what it sends, is tried every five seconds at least', () => {
  assert.deepEqual(pauses(true), [0.5, 1, 2, 4, 5, 5, 5, 5]);
  assert.equal(nextReconnectPause(30_000, true), 5_000);
});
