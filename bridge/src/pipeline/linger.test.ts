import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lingerMs, MAX_LINGER_MS } from './linger.ts';

test('a signal goes at once while there is time, and waits for company at full load', () => {
  assert.deepEqual(
    [0, 0.25, 0.5].map((load) => lingerMs(load)),
    [0, 0, 0],
  );
  assert.equal(lingerMs(0.75), Math.round(MAX_LINGER_MS / 4));
  assert.equal(lingerMs(1), MAX_LINGER_MS);
  assert.equal(lingerMs(1.5), MAX_LINGER_MS, 'a meter that overshoots');
});

test('the time a request took was time to come together', () => {
  assert.equal(lingerMs(1, 20), MAX_LINGER_MS - 20);
  assert.equal(lingerMs(1, 200), 0);
  assert.equal(lingerMs(0, 1), 0);
});
