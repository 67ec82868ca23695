import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeIdleCheck } from './idleCheck.ts';

const mb = (count: number): number => count * 1024 * 1024;
/** Loads and megabytes, one pair a second; answers the seconds with a collection. */
function play(samples: readonly (readonly [load: number, heldMb: number])[]): number[] {
  const isDue = makeIdleCheck();
  return samples.flatMap(([load, held], second) =>
    isDue({ load, heldBytes: mb(held) }) ? [second] : [],
  );
}
const seconds = (count: number, load: number, heldMb: number): [number, number][] =>
  Array.from({ length: count }, () => [load, heldMb]);

test('after work garbage is collected, once, when the process has been idle for three seconds', () => {
  const samples = [...seconds(5, 0.9, 300), ...seconds(3, 0.02, 300), ...seconds(20, 0.02, 80)];
  assert.deepEqual(play(samples), [7]);
});

test('what cannot be collected is not tried again until there is more', () => {
  const samples = [...seconds(30, 0.02, 300), ...seconds(30, 0.02, 320), ...seconds(9, 0.02, 340)];
  assert.deepEqual(play(samples), [2, 60]);
});

test('a busy process is left alone, and so is one that is busy now and then', () => {
  assert.deepEqual(play(seconds(60, 0.3, 900)), []);
  const nowAndThen = Array.from({ length: 60 }, (_, second) => (second % 3 === 0 ? 0.5 : 0));
  assert.deepEqual(play(nowAndThen.map((load) => [load, 900])), []);
});
