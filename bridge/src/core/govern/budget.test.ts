import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toEpochMs } from '../../model/brand.ts';
import { severities } from '../../model/signal.ts';
import { makeRandom } from '../fixtures/random.ts';
import { roomOf, runsOutInMs, unusedBudget, use, usedIn } from './budget.ts';
import type { BudgetRule } from './budget.ts';

const HOUR = 3_600_000;
const rule: BudgetRule = {
  limit: 1_000,
  windowMs: HOUR,
  share: 0.5,
  reserve: { Critical: 0.3, High: 0.2, Medium: 0.1 },
};
const at = (minutes: number) => toEpochMs(1_790_000_000_000 + minutes * 60_000);
const roomsAt = (used: number, left?: number) =>
  severities.map((severity) =>
    roomOf(rule, use(rule, unusedBudget, at(0), used), at(0), severity, left),
  );

test('each severity may use what is not kept for worse ones', () => {
  assert.deepEqual(roomsAt(0), [500, 350, 250, 200]);
  assert.deepEqual(roomsAt(200), [300, 150, 50, 0]);
  assert.deepEqual(roomsAt(500), [0, 0, 0, 0]);
  assert.deepEqual(roomsAt(900), [0, 0, 0, 0]);
});

test('what others have used of the org is not there for us, and what is left is kept for the worst', () => {
  assert.deepEqual(roomsAt(0, 300), [300, 150, 50, 0]);
  assert.deepEqual(roomsAt(0, 0), [0, 0, 0, 0]);
});

test('what was used leaves the window after an hour, and not before', () => {
  const used = use(rule, unusedBudget, at(0), 100);
  assert.equal(usedIn(rule, used, at(59)), 100);
  assert.equal(usedIn(rule, used, at(61)), 0);
  assert.equal(usedIn(rule, use(rule, used, at(61), 7), at(61)), 7);
});

test('a clock that goes back frees nothing', () => {
  const used = use(rule, use(rule, unusedBudget, at(0), 100), at(-600), 5);
  assert.equal(usedIn(rule, used, at(-600)), 105);
  assert.equal(usedIn(rule, used, at(0)), 105);
});

test('it says when the share runs out at the pace of now, and nothing while it does not', () => {
  let used = unusedBudget;
  for (let minute = 0; minute < 10; minute += 1) used = use(rule, used, at(minute), 20);
  // 200 are used; 20 a minute use the other 300 in 15 minutes.
  assert.equal(runsOutInMs(rule, used, at(9)), 15 * 60_000);
  let slow = unusedBudget;
  for (let minute = 0; minute < 120; minute += 1) slow = use(rule, slow, at(minute), 8);
  assert.equal(runsOutInMs(rule, slow, at(119)), undefined);
  assert.equal(runsOutInMs(rule, use(rule, used, at(9), 300), at(9)), 0);
});

test('over random use no stretch of a window ever holds more than the share', () => {
  const random = makeRandom(11);
  let used = unusedBudget;
  const published: { readonly minute: number; readonly count: number }[] = [];
  for (let minute = 0; minute < 600; minute += 1 + random.below(3)) {
    const severity = severities[random.below(severities.length)] ?? 'Low';
    const room = roomOf(rule, used, at(minute), severity);
    const count = Math.min(room, random.below(80));
    used = use(rule, used, at(minute), count);
    published.push({ minute, count });
    const within = published.filter((one) => one.minute > minute - 60);
    assert.ok(within.reduce((sum, one) => sum + one.count, 0) <= 500);
  }
});
