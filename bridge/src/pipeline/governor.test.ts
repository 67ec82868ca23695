import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../core/fixtures/random.ts';
import { severities } from '../model/signal.ts';
import type { Severity } from '../model/signal.ts';
import type { OrgLimits } from '../ports/bridgeReports.ts';
import { makeMemoryBudgets } from '../testing/budgets.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { makeGovernor } from './governor.ts';
import type { BudgetPlan, Governor } from './governor.ts';
import { makeLedger } from './ledger.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const plan: BudgetPlan = {
  publishes: { limit: 1_000, share: 0.5 },
  apiCalls: { share: 0.5 },
  deliveries: { share: 0.5 },
  signalRows: { limit: 10_000, share: 1 },
};
const reserve = { Critical: 0.3, High: 0.2, Medium: 0.1 };

/** A machine on which the bridge is started again and again; `kill` leaves what is on its disk. */
function machine(changes: Partial<BudgetPlan> = {}) {
  const store = makeMemoryBudgets();
  const logger = makeTestLogger();
  const said: { limits?: OrgLimits; calls: number } = { calls: 0 };
  const clocks = { wallMs: 1_790_000_000_000, steadyMs: 5 * HOUR };
  return {
    store,
    logger,
    said,
    clocks,
    pass(milliseconds: number) {
      clocks.wallMs += milliseconds;
      clocks.steadyMs += milliseconds;
    },
    start: (): Governor =>
      makeGovernor({
        plan: { ...plan, ...changes },
        reserve,
        ledger: makeLedger({
          ...{ store, logger },
          wallMs: () => clocks.wallMs,
          steadyMs: () => clocks.steadyMs,
        }),
        limits: () => said.limits,
        apiCalls: () => said.calls,
      }),
  };
}
const statusOf = (governor: Governor, name: string) =>
  governor.status().find((one) => one.name === name);

test('the least of all budgets is the room, and the reserve of each severity is kept', () => {
  const governor = machine().start();
  assert.deepEqual(
    severities.map((severity) => governor.room(severity)),
    [500, 350, 250, 200],
  );
  governor.published('Low', 200);
  assert.deepEqual(
    severities.map((severity) => governor.room(severity)),
    [500, 150, 50, 0],
  );
  assert.equal(governor.lacking('Low'), 'publishes');
  assert.equal(governor.lacking('Medium'), undefined);
});

test('rows of the day end before the publishes of the hour where they are fewer', () => {
  const governor = machine({ signalRows: { limit: 100, share: 1 } }).start();
  governor.published('Low', 40);
  assert.equal(governor.lacking('Low'), 'signalRows');
  assert.equal(governor.room('Critical'), 100);
});

test('of the limit of the org and the one set here the less counts, also after a start', () => {
  const box = machine();
  assert.equal(box.start().room('Critical'), 500);
  box.said.limits = { publishes: { max: 400, left: 400 } };
  const governor = box.start();
  assert.equal(governor.room('Critical'), 200);
  governor.close();
  delete box.said.limits;
  assert.equal(box.start().room('Critical'), 200);
  assert.equal(box.start().room('Low'), 80);
});

test('what others leave of the org is the end, less what was published since it was said', () => {
  const box = machine();
  box.said.limits = { publishes: { max: 1_000, left: 100 } };
  const governor = box.start();
  assert.equal(governor.room('Low'), 40);
  governor.published('Critical', 90);
  assert.equal(governor.room('Critical'), 10);
  box.pass(11 * MINUTE);
  assert.equal(governor.room('Critical'), 410, 'nobody knows any more what is left');
});

test('full storage holds back all but Critical', () => {
  const box = machine();
  box.said.limits = { storage: { max: 5, left: 0 } };
  const governor = box.start();
  assert.equal(governor.lacking('High'), 'signalRows');
  assert.equal(governor.room('Critical'), 500);
});

test('a kill at any moment counts what was published, and a little too much', () => {
  const box = machine();
  for (let published = 0; published < 190; published += 10) {
    const governor = box.start();
    governor.published('Low', 10);
    const after = box.start();
    const used = statusOf(after, 'publishes')?.used ?? 0;
    assert.ok(used >= published + 10 && used <= (published + 10) * 1.3, `${used}`);
  }
});

test('a bridge that is killed again and again leaves room for what is Critical', () => {
  const box = machine({ publishes: { limit: 100_000, share: 1 } });
  for (let kill = 0; kill < 1_000; kill += 1) {
    const governor = box.start();
    governor.published('High', 5);
    box.pass(1_000);
  }
  const governor = box.start();
  const used = statusOf(governor, 'publishes')?.used ?? 0;
  assert.ok(used >= 5_000 && used <= 6_250, `${used}`);
  assert.ok(governor.room('Critical') >= 8_000, `${governor.room('Critical')}`);
});

test('after a stop exactly what was published is counted', () => {
  const box = machine();
  const governor = box.start();
  governor.published('Low', 7);
  governor.published('Critical', 3);
  governor.returned('Low', 2);
  governor.close();
  const after = box.start();
  assert.equal(statusOf(after, 'publishes')?.used, 8);
  assert.equal(after.room('Critical'), 497);
});

test('most events are published without a write to the disk', () => {
  const box = machine({
    publishes: { limit: 1_000_000, share: 0.5 },
    signalRows: { limit: 1_000_000, share: 1 },
  });
  const governor = box.start();
  for (let index = 0; index < 1_000; index += 1) governor.published('High', 1);
  assert.ok(box.store.saves <= 40, `${box.store.saves} writes`);
  for (let index = 0; index < 100; index += 1) governor.published('High', 200);
  assert.ok(box.store.saves <= 75, `${box.store.saves} writes of 21,000 events`);
});

test('a clock that jumps frees nothing, while it runs and while it is stopped', () => {
  const box = machine();
  const governor = box.start();
  governor.published('Low', 200);
  box.clocks.wallMs += 48 * HOUR;
  assert.equal(governor.room('Low'), 0);
  governor.close();
  box.clocks.wallMs += 48 * HOUR;
  assert.equal(box.start().room('Low'), 0);
  box.clocks.wallMs -= 200 * HOUR;
  assert.equal(box.start().room('Low'), 0);
  box.clocks.wallMs += 200 * HOUR;
  box.pass(61 * MINUTE);
  assert.equal(box.start().room('Low'), 200);
});

test('a disk that refuses is told once and holds nothing back', () => {
  const box = machine();
  const governor = box.start();
  box.store.refuse = true;
  for (let index = 0; index < 20; index += 1) governor.published('Critical', 10);
  assert.equal(governor.room('Critical'), 300);
  assert.equal(box.logger.lines.length, 1);
  assert.match(box.logger.lines[0] ?? '', /could not be written down.*free disk space/);
});

test('API calls run short: who may wait asks less often, receipts of a Critical last', () => {
  const box = machine();
  box.said.limits = { apiCalls: { max: 15_000, left: 15_000 } };
  const governor = box.start();
  assert.equal(governor.spacingMs(2_000, 'Low'), 2_880);
  assert.equal(governor.spacingMs(5_000, 'Low'), 5_000);
  box.said.calls += 2_900;
  assert.equal(governor.spacingMs(2_000, 'Low'), 86_400);
  assert.equal(governor.spacingMs(2_000, 'Critical'), 2_000);
  box.said.calls += 3_000;
  assert.equal(governor.spacingMs(2_000, 'Low'), 5 * MINUTE);
  assert.ok(governor.spacingMs(2_000, 'Critical') < 6_000);
  assert.equal(statusOf(governor, 'apiCalls')?.used, 5_900);
});

test('a Critical is waited for from when it is published until two minutes later', () => {
  const box = machine();
  const governor = box.start();
  governor.published('High', 1);
  assert.equal(governor.awaitsCritical(), false);
  governor.published('Critical', 1);
  assert.equal(governor.awaitsCritical(), true);
  box.pass(3 * MINUTE);
  assert.equal(governor.awaitsCritical(), false);
});

test('notices are counted, and when they run out is forecast', () => {
  const box = machine();
  box.said.limits = { deliveries: { max: 10_000, left: 10_000 } };
  const governor = box.start();
  governor.delivered(1_000);
  const { used, left, runsOutInMs } = statusOf(governor, 'deliveries') ?? {};
  assert.deepEqual([used, left], [1_000, 4_000]);
  assert.ok(runsOutInMs !== undefined && runsOutInMs > 0);
});

test('over restarts, kills, jumping clocks and any order of severities no hour has more than the share, Critical apart', () => {
  const random = makeRandom(5);
  for (let story = 0; story < 30; story += 1) {
    const box = machine({ signalRows: { limit: 1e9, share: 1 } });
    let governor = box.start();
    const done: { at: number; severity: Severity; count: number }[] = [];
    for (let step = 0; step < 250; step += 1) {
      box.pass(random.below(90_000));
      const chance = random.below(20);
      if (chance === 0) governor.close();
      if (chance <= 2) governor = box.start();
      if (chance === 3) box.clocks.wallMs += (random.below(100) - 50) * HOUR;
      const severity = severities[random.below(4)] ?? 'Low';
      const count = Math.min(governor.room(severity), random.below(60));
      governor.published(severity, count);
      const at = box.clocks.steadyMs;
      done.push({ at, severity, count });
      const hour = done.filter((one) => one.at > at - HOUR);
      const sum = (some: typeof hour) => some.reduce((total, one) => total + one.count, 0);
      assert.ok(sum(hour.filter((one) => one.severity === 'Critical')) <= 500);
      if (severity !== 'Critical' && count > 0) assert.ok(sum(hour) <= 350);
    }
  }
});
