import assert from 'node:assert/strict';
import { test } from 'node:test';

import { severities } from '../../model/signal.ts';
import type { Severity } from '../../model/signal.ts';
import { makeRandom } from '../fixtures/random.ts';
import { roomOf, runsOutInMs, unusedBudget, use, usedIn } from './budget.ts';
import type { BudgetRule } from './budget.ts';

const HOUR = 3_600_000;
const rule: BudgetRule = {
  limit: 1_000,
  windowMs: HOUR,
  share: 0.5,
  reserve: { Critical: 0.3, High: 0.2, Medium: 0.1 },
  criticalApart: false,
};
const apart = { ...rule, criticalApart: true };
const at = (minutes: number) => 1_790_000_000_000 + minutes * 60_000;
const roomsAfter = (of: BudgetRule, used: number, by: Severity = 'Low', left?: number) =>
  severities.map((severity) =>
    roomOf(of, use(of, unusedBudget, at(0), used, by), at(0), severity, left),
  );

test('each severity may use what is not kept for worse ones', () => {
  assert.deepEqual(roomsAfter(rule, 0), [500, 350, 250, 200]);
  assert.deepEqual(roomsAfter(rule, 200), [300, 150, 50, 0]);
  assert.deepEqual(roomsAfter(rule, 500), [0, 0, 0, 0]);
  assert.deepEqual(roomsAfter(rule, 900), [0, 0, 0, 0]);
});

test('what others have used holds no Critical back where Critical is counted apart', () => {
  assert.deepEqual(roomsAfter(apart, 200), [500, 150, 50, 0]);
  assert.deepEqual(roomsAfter(apart, 200, 'Critical'), [300, 150, 50, 0]);
  assert.deepEqual(roomsAfter(apart, 500, 'Critical'), [0, 0, 0, 0]);
});

test('what the org has left is kept for the worst in the same parts, and is the end for all', () => {
  assert.deepEqual(roomsAfter(apart, 0, 'Low', 100), [100, 70, 50, 40]);
  assert.deepEqual(roomsAfter(apart, 0, 'Low', 0), [0, 0, 0, 0]);
});

test('without a limit there is room without end', () => {
  assert.deepEqual(
    roomsAfter({ ...apart, limit: Infinity }, 1e9),
    severities.map(() => Infinity),
  );
});

test('what was used leaves the window after an hour, and not before', () => {
  const used = use(rule, unusedBudget, at(0), 100);
  assert.equal(usedIn(rule, used, at(59.9)), 100);
  assert.equal(usedIn(rule, used, at(60.5)), 0);
  assert.equal(usedIn(rule, use(rule, used, at(61), 7), at(61)), 7);
});

test('a time that goes back frees nothing', () => {
  const used = use(rule, use(rule, unusedBudget, at(0), 100), at(-600), 5);
  assert.equal(usedIn(rule, used, at(-600)), 105);
  assert.equal(usedIn(rule, used, at(0)), 105);
});

test('what was not used after all is given back, and no more than there is', () => {
  const used = use(rule, unusedBudget, at(0), 100, 'Critical');
  assert.equal(usedIn(rule, use(rule, used, at(0), -30, 'Critical'), at(0)), 70);
  assert.equal(usedIn(rule, use(rule, used, at(0), -300, 'Critical'), at(0)), 0);
});

test('it says when the share runs out at the pace of now, and nothing while it does not', () => {
  let used = unusedBudget;
  for (let minute = 0; minute < 10; minute += 1) used = use(rule, used, at(minute), 20);
  // 200 are used; 20 a minute use the other 300 in 15 minutes, and half a minute is the smallest step.
  assert.equal(runsOutInMs(rule, used, at(9.5)), 15 * 60_000);
  let slow = unusedBudget;
  for (let minute = 0; minute < 120; minute += 1) slow = use(rule, slow, at(minute), 8);
  assert.equal(runsOutInMs(rule, slow, at(119)), undefined);
  assert.equal(runsOutInMs(rule, use(rule, used, at(9), 300), at(9)), 0);
});

test('over random use no window holds more than the share, but for what is Critical, and of that no more than the share', () => {
  const random = makeRandom(11);
  for (let story = 0; story < 40; story += 1) {
    let used = unusedBudget;
    const published: { minute: number; count: number; severity: Severity }[] = [];
    for (let minute = 0; minute < 300; minute += random.next() * 3) {
      const severity = severities[random.below(severities.length)] ?? 'Low';
      const count = Math.min(roomOf(apart, used, at(minute), severity), random.below(80));
      used = use(apart, used, at(minute), count, severity);
      published.push({ minute, count, severity });
      const within = published.filter((one) => one.minute > minute - 60);
      const sum = (some: typeof within) => some.reduce((total, one) => total + one.count, 0);
      const critical = sum(within.filter((one) => one.severity === 'Critical'));
      assert.ok(critical <= 500, `${critical} of Critical`);
      // The others stop where all together have used what is not kept for Critical.
      if (severity !== 'Critical' && count > 0) assert.ok(sum(within) <= 350);
    }
  }
});
