import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { Signal } from '../model/signal.ts';
import type { OrgFailure, Publisher, PublishOutcome } from '../ports/publisher.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makePolling } from '../testing/polling.ts';
import { makeSignal } from '../testing/signals.ts';
import { until } from '../testing/until.ts';
import { backoffMs } from './backoff.ts';
import { makeBreakers } from './breaker.ts';
import { runDeliver } from './deliver.ts';
import { makeOrgState } from './orgState.ts';
import { makePace } from './pace.ts';
import { makeWakeup } from './wakeup.ts';

const away: OrgFailure = { kind: 'unreachable', reason: 'The org is away.', action: 'Wait.' };
const content: OrgFailure = { ...away, kind: 'content', reason: 'The content is wrong.' };
type Answer = (signals: readonly Signal[]) => readonly PublishOutcome[] | OrgFailure;

const published = ({ eventKey }: Signal): PublishOutcome => ({ kind: 'published', eventKey });

function setUp(answer: Answer) {
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  const batches: number[] = [];
  const asked: (readonly [device: string, at: number])[] = [];
  let now = 1_000;
  const clock = () => toEpochMs((now += 1));
  const publisher: Publisher = {
    async publish(events) {
      const answered = answer(events.map(({ signal }) => signal));
      batches.push(events.length);
      return 'kind' in answered ? { outcomes: [], failure: answered } : { outcomes: answered };
    },
    probe: async () => ok(undefined),
    close: async () => undefined,
  };
  const org = makeOrgState('http://org', logger);
  const parts = {
    outbox,
    publisher,
    logger,
    org,
    clock,
    directory: {
      identify(device: string, at: number) {
        asked.push([device, at]);
        return {};
      },
    },
    recorded: makeWakeup(),
    counters: noCounters,
    backoff: { firstMs: 1, maxMs: 2 },
    breaker: makeBreakers({ firstMs: 1, maxMs: 2 }, { clock, logger }).publish,
    pace: makePace({ first: 1_000, max: 1_000 }),
    maxAttempts: 3,
  };
  return {
    ...parts,
    batches,
    asked,
    pass: (milliseconds: number) => (now += milliseconds),
    record: (...signals: Signal[]) =>
      outbox.record({
        signals,
        recordedAt: toEpochMs(now),
      }),
    /** Delivers until the condition holds. */
    async deliver(what: string, condition: () => boolean) {
      const stop = new AbortController();
      const running = runDeliver(parts, stop.signal);
      await until(what, condition);
      stop.abort();
      await running;
    },
  };
}
const [opened, updated] = [makeSignal('a', 0), makeSignal('a', 1)];
const state = (box: ReturnType<typeof setUp>, { eventKey }: Signal) =>
  box.outbox.row(eventKey)?.state;

test('while the org is away signals wait, uncounted, and the log says it once', async () => {
  let tries = 0;
  const box = setUp((signals) => {
    tries += 1;
    return tries <= 10 ? away : signals.map(published);
  });
  await box.record(opened);
  await box.deliver('published', () => state(box, opened) === 'published');
  assert.equal(box.outbox.row(opened.eventKey)?.attempts, 1);
  assert.deepEqual(box.logger.lines, [
    'warn The org is away. Signals wait in the outbox.',
    'warn Publishing pauses: the org is asked again in 1 s, and then with growing pauses until it answers',
    'info http://org answers again',
  ]);
});

test('whom an event is about is asked for as of when it occurred, however late it goes out', async () => {
  const box = setUp((signals) => signals.map(published));
  await box.record(opened);
  box.pass(86_400_000);
  await box.deliver('published', () => state(box, opened) === 'published');
  assert.deepEqual(box.asked, [[opened.device, opened.occurredAt]]);
});

test('one event that keeps failing becomes a dead letter, its neighbours do not', async () => {
  const other = makeSignal('b');
  const box = setUp((signals) =>
    signals.map((signal): PublishOutcome => {
      const { eventKey } = signal;
      if (signal.episodeKey === other.episodeKey) return published(signal);
      return { kind: 'retry', eventKey, reason: 'refused', ambiguous: false };
    }),
  );
  await box.record(opened, other);
  await box.deliver('dead', () => state(box, opened) === 'failed');
  assert.equal(state(box, other), 'published');
  const row = box.outbox.row(opened.eventKey);
  assert.equal(row?.attempts, 3);
  assert.equal(row.lastError, 'refused (given up after 3 tries)');
});

test('an answer that was lost is no reason to give an event up', async () => {
  let tries = 0;
  const box = setUp((signals) => {
    tries += 1;
    if (tries > 10) return signals.map(published);
    return signals.map(({ eventKey }) => ({
      kind: 'retry',
      eventKey,
      reason: 'lost',
      ambiguous: true,
    }));
  });
  await box.record(opened);
  await box.deliver('published', () => state(box, opened) === 'published');
});

test('a batch the org refuses for one event is halved until that event is found', async () => {
  const signals = Array.from({ length: 8 }, (_, index) => makeSignal(`e${index}`));
  const poison = signals[5] ?? makeSignal('none');
  const box = setUp((asked) => (asked.includes(poison) ? content : asked.map(published)));
  await box.record(...signals);
  await box.deliver('the poison is dead', () => state(box, poison) === 'failed');
  for (const signal of signals) {
    if (signal !== poison) assert.equal(state(box, signal), 'published');
  }
});

test('the last events go out at a stop, but an org that is away does not hold it up', async () => {
  const stopped = AbortSignal.abort();
  const good = setUp((signals) => signals.map(published));
  await good.record(...Array.from({ length: 450 }, (_, index) => makeSignal(`e${index}`)));
  await runDeliver(good, stopped);
  assert.deepEqual(good.batches, [200, 200, 50]);
  const bad = setUp(() => away);
  await bad.record(opened);
  await runDeliver(bad, stopped);
  assert.deepEqual(bad.batches, [1]);
  assert.equal(state(bad, opened), 'pending');
});

test('the next phase goes only after the receipt; what the org never saw is sent again', async () => {
  const box = setUp((signals) => signals.map(published));
  await box.record(opened, updated);
  const limits = { everyMs: 10, missingAfterMs: 1_000, routeAgainAfterMs: 60_000, maxPublishes: 2 };
  const { poll, save, org } = makePolling({ ...box, ...limits });
  await box.deliver('published', () => state(box, opened) === 'published');
  assert.equal(state(box, updated), 'pending');

  save(opened.eventKey, 'Received');
  box.pass(5_000);
  await poll.ask();
  assert.equal(state(box, opened), 'published', 'it is there, only not routed yet');
  org.signals.clear();
  await poll.ask();
  assert.equal(state(box, opened), 'pending', 'the org does not know it: once more');
  await box.deliver('published again', () => state(box, opened) === 'published');
  box.pass(5_000);
  await poll.ask();
  assert.equal(box.outbox.row(opened.eventKey)?.receipt?.disposition, 'Missing');
  assert.match(box.logger.lines.at(-1) ?? '', /never arrived in the org: published 2 times/);
  await box.deliver('the next phase', () => state(box, updated) === 'published');
});

test('waiting doubles up to its maximum, with a random half taken away', () => {
  const options = { firstMs: 100, maxMs: 1_000 };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 50].map((failures) => backoffMs(failures, 0.999999, options)),
    [100, 200, 400, 800, 1_000, 1_000],
  );
  assert.equal(backoffMs(1, 0, options), 50);
});
