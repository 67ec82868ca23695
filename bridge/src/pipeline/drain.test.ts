import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import { err, ok } from '../model/result.ts';
import type { Severity, Signal } from '../model/signal.ts';
import type { EnrichedSignal, OrgFailure, PublishAnswer } from '../ports/publisher.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makePolling } from '../testing/polling.ts';
import { makeSignal } from '../testing/signals.ts';
import { until } from '../testing/until.ts';
import { makeBreakers } from './breaker.ts';
import { runDeliver } from './deliver.ts';
import { makeOrgState } from './orgState.ts';
import { makePace, ON_ITS_WAY_MS } from './pace.ts';
import { makeWakeup } from './wakeup.ts';

const away: OrgFailure = { kind: 'unreachable', reason: 'The org is away.', action: 'Wait.' };
const STOPPED = AbortSignal.abort();
const some = (count: number, severity: Severity): Signal[] =>
  Array.from({ length: count }, (_, index) => makeSignal(`${severity} ${index}`, 0, { severity }));

/** An outbox before an org that answers as `answer` says; time stands unless it is moved. */
function setUp({ first = 100, max = 1_000, firstMs = 1_000 } = {}) {
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  const counts = { probes: 0 };
  const requests: (readonly Signal[])[] = [];
  let now = 1_000_000;
  const clock = () => toEpochMs(now);
  const { publish: breaker, receipts } = makeBreakers(
    { firstMs, maxMs: 60_000 },
    { clock, logger },
  );
  const box = {
    outbox,
    logger,
    clock,
    breaker,
    counts,
    requests,
    pace: makePace({ first, max }),
    org: makeOrgState('http://org', logger),
    recorded: makeWakeup(),
    counters: noCounters,
    directory: { identify: () => ({}) },
    backoff: { firstMs, maxMs: 60_000 },
    maxAttempts: 3,
    failure: undefined as OrgFailure | undefined,
    publisher: {
      async publish(events: readonly EnrichedSignal[]): Promise<PublishAnswer> {
        requests.push(events.map(({ signal }) => signal));
        if (box.failure !== undefined) return { outcomes: [], failure: box.failure };
        return {
          outcomes: events.map(({ signal: { eventKey } }) => ({ kind: 'published', eventKey })),
        };
      },
      async probe() {
        counts.probes += 1;
        return box.failure === undefined ? ok(undefined) : err(box.failure);
      },
      close: async () => undefined,
    },
    pass: (milliseconds: number) => (now += milliseconds),
    record: (signals: readonly Signal[]) => outbox.record({ signals, recordedAt: clock() }),
    /** Publishes what may go now. */
    deliver: () => runDeliver(box, STOPPED),
    /** The org has routed everything it got. */
    async receive() {
      const asked = await outbox.unreceipted(10_000);
      const limits = { everyMs: 1, missingAfterMs: 1e6, routeAgainAfterMs: 1e6, maxPublishes: 5 };
      const { poll, save } = makePolling({ ...box, breaker: receipts, ...limits });
      for (const { eventKey } of asked) save(eventKey, 'Acted');
      await poll.ask();
      return asked.length;
    },
  };
  return box;
}

test('a backlog goes out in windows that double while receipts keep up, and never more than that', async () => {
  const box = setUp();
  await box.record(some(4_000, 'Medium'));
  const waves: number[] = [];
  for (let wave = 0; wave < 8; wave += 1) {
    await box.deliver();
    waves.push(await box.receive());
  }
  assert.deepEqual(waves, [75, 75, 150, 150, 300, 300, 600, 600]);
  await box.deliver();
  assert.equal(await box.receive(), 750, 'the maximum, but for what is kept for the severe');
});

test('without receipts nothing more goes, but what has waited for minutes does not stop the rest', async () => {
  const box = setUp();
  await box.record(some(200, 'Low'));
  await box.deliver();
  await box.deliver();
  assert.equal(box.requests.flat().length, 75);
  box.pass(ON_ITS_WAY_MS + 1);
  await box.deliver();
  assert.equal(box.requests.flat().length, 150, 'no faster than one window in that time');
});

test('what is severe goes first, and is not held up by a backlog that is not', async () => {
  const box = setUp();
  await box.record([...some(200, 'Low'), ...some(3, 'Critical')]);
  await box.deliver();
  const severities = box.requests.flat().map(({ severity }) => severity);
  assert.deepEqual(severities.slice(0, 4), ['Critical', 'Critical', 'Critical', 'Low']);
  assert.equal(severities.length, 75);
  box.requests.length = 0;
  await box.record([makeSignal('fresh', 0, { severity: 'High' }), ...some(5, 'Medium')]);
  await box.deliver();
  assert.deepEqual(
    box.requests.flat().map(({ severity }) => severity),
    ['High'],
    'the share of the severe is still free',
  );
});

test('while the org is away it is only asked whether it is back, less and less often, and come back to slowly', async () => {
  const box = setUp({ first: 10, firstMs: 1 });
  await box.record(some(500, 'High'));
  for (let wave = 0; wave < 4; wave += 1) {
    await box.deliver();
    await box.receive();
  }
  assert.equal(box.pace.window(), 160);
  box.failure = away;
  box.requests.length = 0;
  const stop = new AbortController();
  const running = runDeliver(box, stop.signal);
  // The pauses are waited for in real time, and are short.
  const passing = setInterval(() => box.pass(1_000), 1);
  await until('a few questions', () => box.counts.probes >= 3);
  assert.equal(box.requests.length, 3, 'three failures, and not one event more');
  assert.equal(box.breaker.level(), 2);
  assert.match(
    box.breaker.reason(),
    /^Publishing pauses after \d+ failures in a row \(open; next try at /,
  );
  box.failure = undefined;
  await until('it is back', () => box.breaker.level() === 0);
  clearInterval(passing);
  stop.abort();
  await running;
  assert.equal(
    box.requests[3]?.length,
    7,
    'with the first window, but for what is kept for the severe',
  );
  assert.deepEqual(
    box.logger.lines.filter((line) => !line.includes('pauses')),
    ['warn The org is away. Signals wait in the outbox.', 'info http://org answers again'],
  );
  assert.equal(box.logger.lines.length, 3, 'each change is said once');
});

test('a limit that is spent is waited for, however short the pauses are', async () => {
  const box = setUp();
  box.failure = { ...away, kind: 'busy', waitMs: 300_000 };
  await box.record(some(5, 'High'));
  await box.deliver();
  assert.equal(box.breaker.level(), 2, 'at once');
  box.failure = undefined;
  box.pass(299_999);
  await box.deliver();
  assert.equal(box.requests.length, 1);
  const stop = new AbortController();
  box.pass(1);
  const running = runDeliver(box, stop.signal);
  await until('published', () => box.requests.length === 2);
  stop.abort();
  await running;
  assert.equal((await box.outbox.counts()).unreceipted, 5);
});

test('a busy bridge lets signals gather, one with time to spare does not', async () => {
  async function countRequests(load: number): Promise<number> {
    const box = setUp();
    const stop = new AbortController();
    const running = runDeliver({ ...box, load: () => load }, stop.signal);
    for (let index = 0; index < 20; index += 1) {
      await box.record([makeSignal(`e${index}`)]);
      box.recorded.notify();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until('all are published', () => box.requests.flat().length === 20);
    stop.abort();
    await running;
    return box.requests.length;
  }
  const [busy, quiet] = [await countRequests(1), await countRequests(0)];
  assert.ok(busy < quiet, `${busy} requests at full load, ${quiet} with time to spare`);
});
