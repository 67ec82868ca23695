import assert from 'node:assert/strict';
import { test } from 'node:test';

import { marginalPerMillion, perMillion } from './usage.ts';

test('memory is told in megabytes a million devices above the empty process', () => {
  assert.equal(perMillion(430_000_000, 80_000_000, 1_000_000), 350);
  assert.equal(perMillion(115_000_000, 80_000_000, 100_000), 350);
});

test('what further devices cost leaves out what does not grow', () => {
  const few = { devices: 100_000, bytes: 150_000_000 };
  const many = { devices: 1_100_000, bytes: 450_000_000 };
  assert.equal(marginalPerMillion(few, many), 300);
});
