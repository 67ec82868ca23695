import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nextRate, pairedRatio, summarise } from './rates.ts';
import type { Round } from './round.ts';

const round = (rate: number, cpuUs: number, sustained = true): Round => ({
  rate,
  cpuUs,
  sustained,
  acknowledgedRate: rate,
  messages: 1,
  opened: { expected: 1, arrived: 1 },
  cleared: { expected: 1, arrived: 1 },
  drainMs: 5,
  sourceUs: 1,
  troubles: [],
});

test('the ratio is that of pairs, not of medians', () => {
  assert.equal(pairedRatio([10, 40, 90], [5, 10, 10]), 4);
  assert.ok(Number.isNaN(pairedRatio([1], [])));
});

test('a contestant is summed up by its middle round and by how often it kept up', () => {
  const summary = summarise([round(10, 3), round(30, 1), round(20, 2, false)], 25);
  assert.equal(summary.rate, 20);
  assert.equal(summary.cpuUs, 2);
  assert.equal(summary.sustainedRounds, 2);
  assert.equal(summary.offered, 25);
  assert.ok(!('offered' in summarise([round(1, 1)], Number.POSITIVE_INFINITY)));
});

test('who did not keep up is asked for less than it was through with', () => {
  assert.equal(nextRate(Number.POSITIVE_INFINITY, { rate: 1_000 }), 900);
  assert.equal(nextRate(900, { rate: 890 }), 675);
  assert.equal(nextRate(675, { rate: 100 }), 90);
});
