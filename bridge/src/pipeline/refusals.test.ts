import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { Signal } from '../model/signal.ts';
import type { PublishOutcome } from '../ports/publisher.ts';
import type { OrgRecord } from '../ports/receipts.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeSignal } from '../testing/signals.ts';
import { makeBreakers } from './breaker.ts';
import { runDeliver } from './deliver.ts';
import { makeOrgState } from './orgState.ts';
import { makePace } from './pace.ts';
import { pollReceipts } from './receipts.ts';
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
  const records: OrgRecord[] = [];
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
  const receiving = {
    ...common,
    receipts: { find: async () => ok(records) },
    everyMs: 100,
    missingAfterMs: 10_000,
    maxPublishes: 3,
  };
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
    /** Lets time pass, then asks the org, which says this of all three. */
    async poll(said: (signal: Signal) => OrgRecord | undefined, afterMs = 0): Promise<void> {
      now += afterMs;
      records.splice(0, Infinity, ...signals.flatMap((signal) => said(signal) ?? []));
      await pollReceipts(receiving, await outbox.unreceipted(10));
    },
    receipts: () => signals.map(({ eventKey }) => outbox.row(eventKey)?.receipt),
  };
}
const refused =
  (refusals: number) =>
  ({ eventKey }: Signal): OrgRecord => ({
    eventKey,
    disposition: 'Refused',
    reason: 'DUPLICATE_VALUE',
    refusals,
  });
const acted = ({ eventKey }: Signal): OrgRecord => ({ eventKey, disposition: 'Acted', reason: '' });

test('events of a refused batch are published again, each alone in its request', async () => {
  const box = await setUp();
  assert.deepEqual(await box.deliver(), [signals]);
  await box.poll(refused(1));
  assert.deepEqual(box.receipts(), [undefined, undefined, undefined], 'no end yet');
  const again = await box.deliver(1_000);
  assert.deepEqual(
    again.map(({ length }) => length),
    [1, 1, 1],
  );
  assert.deepEqual(keysOf(again.flat()).toSorted(), keysOf(signals).toSorted());
  await box.poll(acted);
  assert.deepEqual(
    box.receipts().map((receipt) => receipt?.disposition),
    ['Acted', 'Acted', 'Acted'],
  );
});

test('the refusal that was answered already is not taken for the answer to the repeat', async () => {
  const box = await setUp();
  await box.deliver();
  await box.poll(refused(1));
  assert.equal((await box.deliver(1_000)).length, 3);
  await box.poll(refused(1), 500);
  assert.deepEqual(await box.deliver(1_000), [], 'the org has not said anything about it yet');
  await box.poll(refused(1), 20_000);
  assert.equal((await box.deliver(1_000)).length, 3, 'the repeat never appeared in the org');
});

test('an event the org refuses to the last ends as failed, with what the org said', async () => {
  const box = await setUp();
  for (let time = 1; time <= 3; time += 1) {
    assert.ok((await box.deliver(1_000)).length > 0);
    await box.poll(refused(time));
  }
  assert.deepEqual(await box.deliver(100_000), []);
  for (const receipt of box.receipts()) {
    assert.equal(receipt?.disposition, 'Failed');
    assert.equal(receipt.reason, 'DUPLICATE_VALUE (refused; published 3 times)');
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
  await box.poll(refused(1));
  assert.equal((await box.deliver(1_000)).length, 3);
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
