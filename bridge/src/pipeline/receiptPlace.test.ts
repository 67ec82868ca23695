import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { makeMemoryPlaces } from '../edge/log/memoryPlaces.ts';
import { toEpochMs } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makePolling } from '../testing/polling.ts';
import { makeSignal } from '../testing/signals.ts';
import { until } from '../testing/until.ts';
import { makeBreakers } from './breaker.ts';
import { makeOrgState } from './orgState.ts';
import { makePace } from './pace.ts';
import { runReceipts } from './receipts.ts';
import { makeWakeup } from './wakeup.ts';

const START = 1_790_000_000_000;

/** A bridge whose events the org acts on at once, and which can be stopped and started. */
function setUp() {
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  const places = makeMemoryPlaces();
  let now = START;
  const clock = () => toEpochMs(now);
  const limits = { everyMs: 1, missingAfterMs: 1e6, routeAgainAfterMs: 1e6, maxPublishes: 3 };
  const common = {
    ...{ ...limits, outbox, logger, clock, counters: noCounters, recorded: makeWakeup() },
    org: makeOrgState('http://org', logger),
    breaker: makeBreakers({ firstMs: 1, maxMs: 2 }, { clock, logger }).receipts,
    pace: makePace({ first: 100, max: 100 }),
  };
  const { org, unrouted, latency, save } = makePolling(common);
  async function publish(signal: Signal): Promise<void> {
    await outbox.record({ signals: [signal], recordedAt: clock() });
    await outbox.settle([{ kind: 'published', eventKey: signal.eventKey, at: clock() }]);
  }
  return {
    ...{ org, places, logger, publish, save },
    pass: (milliseconds: number) => void (now += milliseconds),
    /** Runs the stage until something holds. */
    async run(what: string, condition: () => boolean): Promise<void> {
      const stop = new AbortController();
      const options = { ...common, receipts: org, unrouted, latency, places, placeName: 'org' };
      const running = runReceipts(options, stop.signal);
      await until(what, condition);
      stop.abort();
      await running;
    },
    isEnded: ({ eventKey }: Signal) => outbox.row(eventKey)?.receipt !== undefined,
  };
}
const [first, second, stuck] = ['a', 'b', 'c'].map((name) => makeSignal(name)) as [
  Signal,
  Signal,
  Signal,
];

test('a start goes on where the last process had taken everything in', async () => {
  const box = setUp();
  await box.publish(first);
  box.save(first.eventKey, 'Acted');
  await box.run('the first has its receipt', () => box.isEnded(first));
  const kept = box.places.places.get('org');
  assert.ok(kept !== undefined);
  const asked = box.org.questions.length;
  await box.publish(second);
  box.save(second.eventKey, 'Acted');
  await box.run('the second has its receipt', () => box.isEnded(second));
  assert.equal(box.org.questions[asked]?.place, Buffer.from(kept).toString());
});

test('a place that cannot be kept is told once, and receipts go on', async () => {
  const box = setUp();
  box.places.refuse = { kind: 'full', reason: 'no space left' };
  for (const signal of [first, second]) {
    box.pass(60_000);
    await box.publish(signal);
    box.save(signal.eventKey, 'Acted');
  }
  await box.run('both have their receipts', () => [first, second].every(box.isEnded));
  const told = box.logger.lines.filter((line) => line.includes('no space left'));
  assert.equal(told.length, 1);
});

test('an event that has waited for minutes is asked about every half minute, and a new one at once', async () => {
  const box = setUp();
  await box.publish(stuck);
  box.save(stuck.eventKey, 'Received');
  box.pass(3 * 60_000);
  const asked = () => box.org.questions.length;
  await box.run('it is asked about', () => asked() === 1);
  let rounds = 0;
  await box.run('it is not asked about again', () => asked() > 2 || (rounds += 1) > 20);
  assert.equal(asked(), 2, 'once by each process');
  await box.publish(first);
  await box.run('a new one makes it ask at once', () => asked() > 4);
});
