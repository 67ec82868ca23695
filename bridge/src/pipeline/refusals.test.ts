import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { Signal } from '../model/signal.ts';
import type { PublishOutcome } from '../ports/publisher.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makePolling } from '../testing/polling.ts';
import { makeSignal } from '../testing/signals.ts';
import { makeBreakers } from './breaker.ts';
import { runDeliver } from './deliver.ts';
import { makeOrgState } from './orgState.ts';
import { makePace } from './pace.ts';
import { makeWakeup } from './wakeup.ts';

const STOPPED = AbortSignal.abort();
const published = ({ eventKey }: Signal): PublishOutcome => ({ kind: 'published', eventKey });
const signals = ['a', 'b', 'c'].map((name) => makeSignal(name));
const keysOf = (some: readonly Signal[]) => some.map(({ eventKey }) => eventKey);

/** An outbox with three signals, an org that takes every event and says `records` of them. */
async function setUp(answer: (signal: Signal) => PublishOutcome = published) {
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  const requests: Signal[][] = [];
  let now = 1_000;
  const common = {
    outbox,
    logger,
    org: makeOrgState('http://org', logger),
    clock: () => toEpochMs(now),
    recorded: makeWakeup(),
    counters: noCounters,
    breaker: makeBreakers({ firstMs: 1, maxMs: 2 }, { clock: () => toEpochMs(now), logger })
      .publish,
    pace: makePace({ first: 1_000, max: 1_000 }),
  };
  const delivering = {
    ...common,
    directory: { identify: () => ({}) },
    publisher: {
      async publish(events: readonly { readonly signal: Signal }[]) {
        requests.push(events.map(({ signal }) => signal));
        return { outcomes: events.map(({ signal }) => answer(signal)) };
      },
      probe: async () => ok(undefined),
      close: async () => undefined,
    },
    backoff: { firstMs: 1, maxMs: 2 },
    maxAttempts: 3,
  };
  const limits = {
    everyMs: 100,
    missingAfterMs: 10_000,
    routeAgainAfterMs: 60_000,
    maxPublishes: 3,
  };
  const { poll, save, refuse } = makePolling({ ...common, ...limits });
  await outbox.record({ signals, recordedAt: toEpochMs(0) });
  return {
    outbox,
    /** Lets time pass, then publishes what is due; answers the requests it took. */
    async deliver(afterMs = 0): Promise<Signal[][]> {
      now += afterMs;
      requests.length = 0;
      await runDeliver(delivering, STOPPED);
      return [...requests];
    },
    /** Lets time pass, and the bridge ask until there is nothing more to ask at once. */
    async poll(afterMs = 0): Promise<void> {
      now += afterMs;
      while ((await poll.ask()) === 'more');
    },
    act: () => signals.forEach(({ eventKey }) => save(eventKey, 'Acted')),
    refuse: () => signals.forEach(({ eventKey }) => refuse(eventKey)),
    receipts: () => signals.map(({ eventKey }) => outbox.row(eventKey)?.receipt),
  };
}
test('events of a refused batch are published again in halves, one after the other', async () => {
  const box = await setUp();
  assert.deepEqual(await box.deliver(), [signals]);
  box.refuse();
  await box.poll();
  assert.deepEqual(box.receipts(), [undefined, undefined, undefined], 'no end yet');
  const first = await box.deliver(1_000);
  const second = await box.deliver(5_000);
  assert.deepEqual(
    [...first, ...second].map(({ length }) => length),
    [2, 1],
  );
  assert.deepEqual(keysOf([...first, ...second].flat()).toSorted(), keysOf(signals).toSorted());
  box.act();
  await box.poll();
  assert.deepEqual(
    box.receipts().map((receipt) => receipt?.disposition),
    ['Acted', 'Acted', 'Acted'],
  );
});

test('the refusal that was answered already is not taken for the answer to the repeat', async () => {
  const box = await setUp();
  await box.deliver();
  box.refuse();
  await box.poll();
  await box.deliver(1_000);
  await box.deliver(5_000);
  await box.poll(500);
  assert.deepEqual(await box.deliver(1_000), [], 'the org has not said anything about it yet');
  await box.poll(20_000);
  assert.ok((await box.deliver(1_000)).length > 0, 'the repeat never appeared in the org');
});

test('an event the org refuses to the last ends as failed, with what the org said', async () => {
  const box = await setUp();
  for (let time = 1; time <= 3; time += 1) {
    for (let second = 0; second < 16; second += 1) await box.deliver(1_000);
    box.refuse();
    await box.poll();
  }
  assert.deepEqual(await box.deliver(100_000), []);
  for (const receipt of box.receipts()) {
    assert.equal(receipt?.disposition, 'Failed');
    assert.equal(receipt.reason, 'DUPLICATE_VALUE (refused; published 3 times, at last alone)');
  }
});

test('tries that did not reach the org are not counted as publishes of a refused event', async () => {
  let tries = 0;
  const box = await setUp((signal) => {
    tries += 1;
    const { eventKey } = signal;
    if (tries > 30) return published(signal);
    return { kind: 'retry', eventKey, reason: 'lost', ambiguous: true };
  });
  for (let time = 0; time < 11; time += 1) await box.deliver(10);
  for (const { eventKey } of signals) assert.equal(box.outbox.row(eventKey)?.state, 'published');
  box.refuse();
  await box.poll();
  const sent = [...(await box.deliver(1_000)), ...(await box.deliver(5_000))];
  assert.equal(sent.flat().length, 3);
});

test('lost answers do not use up the tries of an event that is refused once afterwards', async () => {
  let tries = 0;
  const box = await setUp((signal) => {
    tries += 1;
    const { eventKey } = signal;
    if (tries > 33) return published(signal);
    return { kind: 'retry', eventKey, reason: 'x', ambiguous: tries <= 30 };
  });
  for (let time = 0; time < 12; time += 1) await box.deliver(10);
  for (const { eventKey } of signals) assert.equal(box.outbox.row(eventKey)?.state, 'published');
});
