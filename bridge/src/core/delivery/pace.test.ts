import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kept, roomFor, startPace, troubled } from './pace.ts';

const options = { first: 100, max: 1_000 };

test('the window doubles with every window of receipts, up to its maximum', () => {
  let state = startPace(options);
  const windows = [state.window];
  for (let receipts = 0; receipts < 4_000; receipts += 50) {
    state = kept(state, 50, options);
    if (state.window !== windows.at(-1)) windows.push(state.window);
  }
  assert.deepEqual(windows, [100, 200, 400, 800, 1_000]);
  assert.equal(kept(startPace(options), 99, options).window, 100, 'not before');
});

test('after trouble the org is come back to slowly', () => {
  const fast = { window: 1_000, received: 500 };
  assert.deepEqual(troubled(options), startPace(options));
  assert.notDeepEqual(troubled(options), fast);
});

test('a window that has no receipts is no reason to publish more', () => {
  const state = startPace(options);
  assert.deepEqual(roomFor(state, 0), { events: 75, atLeast: 'Low' });
  assert.deepEqual(roomFor(state, 70), { events: 5, atLeast: 'Low' });
  assert.equal(roomFor(state, 100).events, 0);
  assert.equal(roomFor(state, 5_000).events, 0);
});

test('the last quarter is for what is severe, however much of the rest is on its way', () => {
  const state = startPace(options);
  assert.deepEqual(roomFor(state, 75), { events: 25, atLeast: 'High' });
  assert.deepEqual(roomFor(state, 99), { events: 1, atLeast: 'High' });
});

test('a first window above the maximum is the maximum', () => {
  assert.equal(startPace({ first: 100, max: 10 }).window, 10);
});
