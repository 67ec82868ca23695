import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../core/fixtures/random.ts';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { Severity, Signal } from '../model/signal.ts';
import type { EnrichedSignal, Publisher, PublishAnswer } from '../ports/publisher.ts';
import { makeMemoryBudgets } from '../testing/budgets.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeSignal } from '../testing/signals.ts';
import { makeBreakers } from './breaker.ts';
import { runDeliver } from './deliver.ts';
import { makeGovernor } from './governor.ts';
import { withBudget } from './governedPublisher.ts';
import { makeLedger } from './ledger.ts';
import { makeOrgState } from './orgState.ts';
import { makePace } from './pace.ts';
import { makeWakeup } from './wakeup.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = 1_790_000_000_000;
const STEP = 10_000;
/** Sent to whoever delivers: what may go now, and no waiting. */
const STOPPED = AbortSignal.abort();
/** What is demanded in an hour, and the tenth of it that may be published. */
const DEMAND = 600;
const TENTH = 60;

const takesAll = (events: readonly EnrichedSignal[]): PublishAnswer => ({
  outcomes: events.map(({ signal: { eventKey } }) => ({ kind: 'published', eventKey })),
});

/** A bridge whose time is a number, before an org that takes everything and acts on it at once. */
function bridge(answer = takesAll) {
  const outbox = makeMemoryOutbox();
  const store = makeMemoryBudgets();
  const logger = makeTestLogger();
  const arrived: { readonly signal: Signal; readonly at: number }[] = [];
  let now = START;
  const clock = () => toEpochMs(now);
  const start = () =>
    makeGovernor({
      plan: {
        publishes: { limit: TENTH, share: 1 },
        apiCalls: { share: 1 },
        deliveries: { share: 1 },
        signalRows: { limit: 1_000_000, share: 1 },
      },
      reserve: { Critical: 0.3, High: 0.2, Medium: 0.1 },
      ledger: makeLedger({ ...{ store, logger }, wallMs: clock, steadyMs: clock }),
      limits: () => undefined,
      apiCalls: () => 0,
    });
  let governor = start();
  const publisher: Publisher = {
    async publish(events) {
      const answered = answer(events);
      const taken = new Set(answered.outcomes.map(({ eventKey }) => eventKey));
      for (const { signal } of events) {
        if (taken.has(signal.eventKey)) arrived.push({ signal, at: now });
      }
      return answered;
    },
    probe: async () => ok(undefined),
    close: async () => undefined,
  };
  return {
    outbox,
    arrived,
    store,
    now: () => now,
    governor: () => governor,
    kill: () => void (governor = start()),
    async find(signals: readonly Signal[]) {
      await outbox.record({ signals, recordedAt: clock() });
    },
    /** What may go now goes, and the org acts on it. */
    async step() {
      const recorded = makeWakeup();
      await runDeliver(
        {
          ...{ outbox, logger, clock, recorded, governor, counters: noCounters, maxAttempts: 3 },
          publisher: withBudget(publisher, governor),
          org: makeOrgState('http://org', logger),
          directory: { identify: () => ({}) },
          backoff: { firstMs: 1, maxMs: 2 },
          breaker: makeBreakers({ firstMs: 1, maxMs: 2 }, { clock, logger }).publish,
          pace: makePace({ first: 1_000, max: 1_000 }),
        },
        STOPPED,
      );
      const out = await outbox.unreceipted(1_000);
      await outbox.receive(
        out.map(({ eventKey }) => ({ eventKey, disposition: 'Acted', reason: '', at: clock() })),
      );
      now += STEP;
    },
  };
}

let made = 0;
const signal = (severity: Severity, at: number): Signal =>
  makeSignal(`e${(made += 1)}`, 0, {
    ...{ severity, detectedAt: toEpochMs(at), occurredAt: toEpochMs(at) },
  });

test('with the budget set to a tenth every Critical goes at once while they alone fit it, whatever else there is and whatever is killed', async () => {
  const random = makeRandom(3);
  const box = bridge();
  const criticals: number[] = [];
  while (box.now() < START + 4 * HOUR) {
    const found: Signal[] = [];
    const burst = random.below(40) === 0 ? 30 : 0;
    for (let count = random.below(3) + burst; count > 0; count -= 1) {
      const lately = criticals.filter((at) => at > box.now() - HOUR - MINUTE).length;
      const severity =
        lately < TENTH && random.below(2) === 0
          ? 'Critical'
          : ((['High', 'Medium', 'Low'] as const)[random.below(3)] ?? 'Low');
      if (severity === 'Critical') criticals.push(box.now());
      found.push(signal(severity, box.now()));
    }
    await box.find(found);
    await box.step();
    if (random.below(60) === 0) box.kill();
  }
  assert.ok(criticals.length > TENTH, 'there is more than one window of them');
  const late = box.arrived.filter(
    ({ signal: { severity, detectedAt }, at }) => severity === 'Critical' && at > detectedAt,
  );
  assert.deepEqual(late, []);
  const went = box.arrived.filter(({ signal: { severity } }) => severity === 'Critical').length;
  assert.equal(went, criticals.length);
});

test('beyond that the oldest Critical goes first, what is worse goes before what is not, and none is dropped', async () => {
  const box = bridge();
  const all: Signal[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    const severities = ['Low', 'Medium', 'High', 'Critical', 'Critical', 'Critical'] as const;
    const found = severities.map((severity, index) => signal(severity, box.now() + index));
    all.push(...found);
    await box.find(found);
    for (let steps = 0; steps < MINUTE / STEP; steps += 1) await box.step();
  }
  const order = (severity: Severity) =>
    box.arrived.map((one) => one.signal).filter((one) => one.severity === severity);
  const criticals = all.filter(({ severity }) => severity === 'Critical');
  assert.deepEqual(order('Critical'), criticals.slice(0, TENTH));
  assert.ok(order('Low').length <= TENTH * 0.4);
  const { pending } = await box.outbox.counts();
  assert.equal(pending + box.arrived.length, all.length);

  while (box.arrived.length < all.length && box.now() < START + 12 * HOUR) await box.step();
  assert.deepEqual(order('Critical'), criticals);
  assert.equal(new Set(box.arrived.map((one) => one.signal.eventKey)).size, all.length);
  const lastCritical = box.arrived.findLastIndex((one) => one.signal.severity === 'Critical');
  const after = box.arrived.slice(lastCritical + 1).map((one) => one.signal.severity);
  assert.ok(after.length > 0 && after.every((severity) => severity !== 'Critical'));
});

test('no hour has more than the tenth of those that are not Critical, over random demand of ten times as much', async () => {
  const random = makeRandom(8);
  const box = bridge();
  while (box.now() < START + 3 * HOUR) {
    const perStep = (DEMAND * STEP) / HOUR;
    const count = random.below(Math.ceil(perStep * 2) + 1);
    const severities = ['High', 'Medium', 'Low'] as const;
    const found = Array.from({ length: count }, () =>
      signal(severities[random.below(3)] ?? 'Low', box.now()),
    );
    await box.find(found);
    await box.step();
    if (random.below(100) === 0) box.kill();
  }
  for (const { at } of box.arrived) {
    const hour = box.arrived.filter((one) => one.at > at - HOUR && one.at <= at);
    assert.ok(hour.length <= TENTH * 0.7, `${hour.length} in an hour`);
  }
  assert.ok(box.arrived.length > TENTH * 0.6 * 2, 'what may go does go');
});

test('what the org certainly did not take is not counted, what it may have taken is', async () => {
  let answer: PublishAnswer['outcomes'] = [];
  const failure = { kind: 'unreachable', reason: 'away', action: 'wait' } as const;
  const box = bridge(() => ({ outcomes: answer, failure }));
  const lost = signal('High', START);
  await box.find([lost, signal('High', START)]);
  await box.step();
  assert.equal(box.governor().status()[0]?.used, 0);
  const { eventKey } = lost;
  answer = [{ kind: 'retry', eventKey, reason: 'lost', ambiguous: true }];
  await box.step();
  assert.equal(box.governor().status()[0]?.used, 1);
});
