import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bare } from '../contestants/bare.ts';
import { ours } from '../contestants/ours.ts';
import { runRound } from './round.ts';

const gentle = {
  devices: 200,
  signals: 0.1,
  window: 1_000,
  rate: 1_000,
  warmMs: 200,
  measureMs: 1_000,
};

test('a round with the bridge counts every signal that the load must come to', async () => {
  const round = await runRound(ours('ours', { charts: false }), gentle);
  assert.ok(round.messages > 100);
  assert.ok(round.opened.expected > 5);
  assert.equal(round.opened.arrived, round.opened.expected);
  assert.equal(round.cleared.arrived, round.cleared.expected);
  assert.deepEqual(round.troubles, []);
  assert.ok(round.cpuUs > 0);
});

test('a round with the bare subscriber expects no signals of it', async () => {
  const round = await runRound(bare, gentle);
  assert.ok(round.messages > 100);
  assert.deepEqual(round.opened, { expected: 0, arrived: 0 });
});
