import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elapsedSince } from './elapsed.ts';

const HOUR = 3_600_000;
const before = { wallMs: 1_790_000_000_000, steadyMs: 50 * HOUR };
const after = (wall: number, steady: number) =>
  elapsedSince(before, { wallMs: before.wallMs + wall, steadyMs: before.steadyMs + steady });

test('where both clocks say the same, that is what has passed', () => {
  assert.equal(after(HOUR, HOUR), HOUR);
});

test('a clock that was set forward or back meanwhile brings no time', () => {
  assert.equal(after(24 * HOUR, HOUR), HOUR);
  assert.equal(after(-5 * HOUR, HOUR), 0);
});

test('after the machine was switched on anew only the time since then counts, however the clock stands', () => {
  assert.equal(elapsedSince(before, { wallMs: before.wallMs + 9 * HOUR, steadyMs: HOUR }), HOUR);
  assert.equal(elapsedSince(before, { wallMs: before.wallMs + 60_000, steadyMs: HOUR }), 60_000);
});

test('on another machine that has been on for longer the clock that people set is believed', () => {
  assert.equal(after(HOUR, 900 * HOUR), HOUR);
});
