import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../fixtures/random.ts';
import { allowedCalls, refill, refreshPauseMs, spend, startPace, waitMs } from './pace.ts';

const MINUTE = 60_000;

test('whoever waits as told never makes more calls than allowed, whatever the rush', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = makeRandom(seed);
    const perMinute = 1 + random.below(60);
    let pace = startPace(0, perMinute);
    let [now, made, largest] = [0, 0, 0];
    while (now < 60 * MINUTE) {
      const calls = 1 + random.below(seed % 2 === 0 ? 4 : 100);
      pace = refill(pace, now, perMinute);
      const wait = waitMs(pace, calls, perMinute);
      now += wait;
      pace = spend(refill(pace, now, perMinute), calls);
      made += calls;
      largest = Math.max(largest, calls);
    }
    // One allowance at the start, one request that is larger than an allowance at the end.
    const allowed = perMinute * (now / MINUTE + 1) + largest;
    assert.ok(made <= allowed, `seed ${seed}: ${made} of ${allowed}`);
    assert.ok(made >= perMinute * 59, `seed ${seed}: ${made} leaves calls unused`);
  }
});

test('an allowance never grows beyond a minute, and not by a clock that goes back', () => {
  const pace = spend(startPace(1_000_000, 30), 30);
  assert.equal(refill(pace, 0, 30).calls, 0);
  assert.equal(refill(pace, 1_000_000 + 10 * MINUTE, 30).calls, 30);
  assert.equal(refill(pace, 1_000_000 + MINUTE / 2, 30).calls, 15);
});

test('refreshes stretch so that their calls stay within the minute', () => {
  assert.equal(refreshPauseMs(5_000, 2, 30), 5_000);
  assert.equal(refreshPauseMs(5_000, 6, 30), 12_000);
  assert.equal(refreshPauseMs(5_000, 2, 1), 2 * MINUTE);
});

test("while the day's calls run short charts leave them to others", () => {
  const allowed = (used: number) => allowedCalls(30, { used, max: 1_000 });
  assert.equal(allowedCalls(30, undefined), 30);
  assert.equal(allowedCalls(30, { used: 0, max: 0 }), 30);
  assert.equal(allowed(750), 30);
  assert.ok(Math.abs(allowed(850) - 15) < 1e-9);
  assert.equal(allowed(950), 1);
  assert.equal(allowed(2_000), 1);
});
