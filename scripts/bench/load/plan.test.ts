import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePlan } from './plan.ts';

test('every device speaks once a round, in another order each round', () => {
  for (const devices of [1, 2, 3, 10, 997, 1_000]) {
    const plan = makePlan({ devices, signals: 0 });
    const rounds = Array.from({ length: 4 }, () =>
      Array.from({ length: devices }, () => plan.next(0).device),
    );
    for (const round of rounds) assert.equal(new Set(round).size, devices);
    if (devices > 3) assert.equal(new Set(rounds.map(String)).size, 4);
  }
});

test('the time of a device rises with each message even when the clock stands still', () => {
  const plan = makePlan({ devices: 10, signals: 0 });
  const last = new Map<number, number>();
  for (let index = 0; index < 100; index += 1) {
    const { device, at } = plan.next(1_000);
    assert.ok(at > (last.get(device) ?? 0));
    last.set(device, at);
  }
  assert.equal(plan.next(5_000).at, 5_000);
});

test('the wanted share of messages gives a signal, and each excursion is one message long', () => {
  const plan = makePlan({ devices: 1_000, signals: 0.01 });
  const isBeyond = new Map<number, boolean>();
  let opened = 0;
  let cleared = 0;
  const messages = 400_000;
  for (let index = 0; index < messages; index += 1) {
    const { device, beyond } = plan.next(index);
    const before = isBeyond.get(device) ?? false;
    assert.ok(!(before && beyond), 'an excursion that goes on would be one episode, not two');
    if (beyond) opened += 1;
    else if (before) cleared += 1;
    isBeyond.set(device, beyond);
  }
  assert.equal(plan.beyond, opened);
  assert.equal(plan.back, cleared);
  assert.equal((opened + cleared) / messages, 0.01 - 5 / messages);
});

test('without signals nothing goes beyond its limit', () => {
  const plan = makePlan({ devices: 7, signals: 0 });
  for (let index = 0; index < 1_000; index += 1) assert.equal(plan.next(0).beyond, false);
  assert.equal(plan.beyond + plan.back, 0);
});

test('numbers that make no plan are refused with what is allowed', () => {
  assert.throws(() => makePlan({ devices: 0, signals: 0 }), /1 to 10,000,000/);
  assert.throws(() => makePlan({ devices: 1, signals: 1 }), /0 to below 1/);
});
