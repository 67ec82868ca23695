import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EventKey } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makePolling } from '../testing/polling.ts';
import { makeSignal } from '../testing/signals.ts';
import { makeBreakers } from './breaker.ts';
import { makeOrgState } from './orgState.ts';
import { makePace } from './pace.ts';
import { makeWakeup } from './wakeup.ts';

const away: OrgFailure = { kind: 'unreachable', reason: 'The org is away.', action: 'Wait.' };
const START = 1_790_000_000_000;
const MINUTE = 60_000;
const some = (count: number): Signal[] =>
  Array.from({ length: count }, (_, index) => makeSignal(`event ${index}`));

/** Published events, an org that says nothing of them yet, and a bridge that asks. */
async function setUp(signals: readonly Signal[], { page = 2_000 } = {}) {
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  const receipts: string[] = [];
  let now = START;
  const clock = () => toEpochMs(now);
  const limits = {
    everyMs: 2_000,
    missingAfterMs: 2 * MINUTE,
    routeAgainAfterMs: 5 * MINUTE,
    maxPublishes: 10,
  };
  const options = {
    ...{ ...limits, outbox, logger, clock },
    org: makeOrgState('http://org', logger),
    breaker: makeBreakers({ firstMs: 1, maxMs: 2 }, { clock, logger }).receipts,
    pace: makePace({ first: 1_000, max: 1_000 }),
    recorded: makeWakeup(),
    counters: { ...noCounters, receiptSeen: (disposition: string) => receipts.push(disposition) },
  };
  const publish = (events: readonly Signal[]) =>
    outbox.settle(events.map(({ eventKey }) => ({ kind: 'published', eventKey, at: clock() })));
  await outbox.record({ signals, recordedAt: clock() });
  await publish(signals);
  const polling = makePolling(options, { page });
  return {
    ...{ ...polling, outbox, logger, receipts, publish },
    pass: (milliseconds: number) => void (now += milliseconds),
    /** Asks until there is nothing to be asked at once; answers how many calls it took. */
    async askAll(poll = polling.poll): Promise<number> {
      const before = polling.org.questions.length;
      while ((await poll.ask()) === 'more');
      return polling.org.questions.length - before;
    },
    act: (events: readonly Signal[], savedAt?: number) =>
      events.forEach(({ eventKey }) => polling.save(eventKey, 'Acted', savedAt)),
    open: async () => (await outbox.counts()).unreceipted,
    keysAsked: () => polling.org.questions.at(-1)?.eventKeys.length,
    stateOf: ({ eventKey }: Signal) => outbox.row(eventKey),
  };
}

test('2,000 receipts are one call, and while nothing waits there is none', async () => {
  const signals = some(1_999);
  const box = await setUp(signals);
  box.act(signals);
  assert.equal(await box.askAll(), 1);
  assert.equal(await box.open(), 0);
  assert.equal(box.receipts.length, 1_999);
  assert.equal(await box.askAll(), 0);
});

test('a page that ends among events of one second is followed by the rest of them', async () => {
  const signals = some(25);
  const box = await setUp(signals, { page: 10 });
  box.act(signals, START);
  for (let poll = 0; poll < 3; poll += 1) await box.poll.ask();
  assert.equal(await box.open(), 0);
  assert.equal(box.receipts.length, 25, 'each once');
});

test('an answer that was lost loses nothing: it is asked for again', async () => {
  const signals = some(5);
  const box = await setUp(signals);
  box.act(signals);
  box.org.failure = away;
  const place = box.poll.place();
  assert.equal(await box.poll.ask(), 'no answer');
  assert.equal(box.poll.place(), place);
  box.org.failure = undefined;
  await box.askAll();
  assert.equal(await box.open(), 0);
});

test('what could not be written down is read again', async () => {
  const signals = some(5);
  const box = await setUp(signals);
  box.act(signals);
  const receive = box.outbox.receive.bind(box.outbox);
  box.outbox.receive = async () => {
    throw new Error('the disk is full');
  };
  const place = box.poll.place();
  await assert.rejects(box.poll.ask(), /the disk is full/);
  assert.equal(box.poll.place(), place);
  box.outbox.receive = receive;
  await box.askAll();
  assert.equal(await box.open(), 0);
  assert.equal(box.receipts.length, 5, 'counted once');
});

test('a restart between two pages goes on with the second', async () => {
  const signals = some(15);
  const box = await setUp(signals, { page: 10 });
  box.act(signals, START);
  await box.poll.ask();
  assert.equal(await box.open(), 5);
  await box.askAll(box.restart(box.poll.place()));
  assert.equal(await box.open(), 0);
  assert.equal(box.receipts.length, 15);
});

test('a start that knows no place finds by key what the org was done with before', async () => {
  const signals = some(5);
  const box = await setUp(signals);
  box.act(signals.slice(0, 4), START - MINUTE);
  box.act(signals.slice(4));
  const poll = box.restart(undefined);
  await box.askAll(poll);
  box.pass(10_000);
  await box.askAll(poll);
  assert.equal(await box.open(), 0);
});

test('an org whose clock is hours behind or ahead tells as much', async () => {
  for (const offMs of [-3 * 60 * MINUTE, 3 * 60 * MINUTE]) {
    const signals = some(20);
    const box = await setUp(signals);
    for (const signal of signals) {
      box.pass(1_000);
      box.act([signal], START + offMs + signals.indexOf(signal) * 1_000);
      await box.poll.ask();
    }
    assert.equal(await box.open(), 0);
  }
});

test('a row that is seen long after later ones is found by its key', async () => {
  const [late, early] = some(2) as [Signal, Signal];
  const box = await setUp([late, early]);
  box.pass(9_000);
  box.act([early]);
  await box.askAll();
  assert.equal(box.keysAsked(), 0);
  assert.equal(await box.open(), 1);
  // Its transaction ends now; the stamp is of its beginning, before the overlap.
  box.act([late], START - 30_000);
  box.pass(2_000);
  await box.askAll();
  assert.equal(box.keysAsked(), 1);
  assert.equal(await box.open(), 0);
});

test("rows of others' events are passed over, and an event that is told twice counts once", async () => {
  const [ours] = some(1) as [Signal];
  const box = await setUp([ours]);
  for (const strange of some(30).slice(1)) box.save(strange.eventKey, 'Acted');
  box.act([ours]);
  box.pass(20_000);
  await box.askAll();
  assert.equal(box.keysAsked(), 1, 'asked for by key in the same call');
  assert.deepEqual(box.receipts, ['Acted']);
});

test('only what was asked for by key can be missing, and then it is published again in halves', async () => {
  const signals = some(150);
  const box = await setUp(signals);
  box.pass(2 * MINUTE);
  await box.poll.ask();
  assert.equal(box.keysAsked(), 100);
  assert.equal(await box.open(), 50, 'these were not asked for yet');
  const due = await box.outbox.due(toEpochMs(START + 2 * MINUTE), 200);
  assert.equal(due.length, 50, 'half of the hundred');
  assert.equal(new Set(due.map(({ part }) => part)).size, 1);
});

test('an event is given up only after a publish that no other one that failed was close to', async () => {
  const [one, other] = some(2) as [Signal, Signal];
  const box = await setUp([one, other]);
  const goAgain = async (apartMs: number) => {
    box.pass(2 * MINUTE + 10_000);
    await box.askAll();
    box.pass(10_000);
    await box.publish([one]);
    box.pass(apartMs);
    await box.publish([other]);
  };
  for (let publish = 2; publish <= 10; publish += 1) await goAgain(0);
  await goAgain(5_000);
  assert.equal(box.stateOf(one)?.publishes, 11, 'once more, apart');
  assert.deepEqual(box.receipts, []);
  box.pass(2 * MINUTE + 10_000);
  await box.askAll();
  assert.deepEqual(box.receipts, ['Missing', 'Missing']);
});

test('a failure is asked about at once, once', async () => {
  const [refused, other] = some(2) as [Signal, Signal];
  const box = await setUp([refused, other]);
  box.refuse(refused.eventKey);
  assert.equal(await box.askAll(), 2);
  assert.equal(box.stateOf(refused)?.state, 'pending', 'it goes again');
  box.pass(2_000);
  assert.equal(await box.askAll(), 1, 'the same failure says nothing new');
});

test('a crowd the org routes in minutes does not hide what it refuses', async () => {
  const signals = some(600);
  const box = await setUp(signals);
  for (const { eventKey } of signals.slice(0, 599)) box.save(eventKey, 'Received');
  await box.askAll();
  box.pass(30_000);
  box.refuse((signals[599] as Signal).eventKey);
  await box.askAll();
  assert.equal(box.stateOf(signals[599] as Signal)?.state, 'pending');
});

test('signals the org does not route are routed again when asked, without a person', async () => {
  const signals = some(3);
  const box = await setUp(signals);
  for (const { eventKey } of signals) box.save(eventKey, 'Received');
  box.pass(4 * MINUTE);
  await box.askAll();
  const requests = () => box.org.routed.map(({ length }) => length);
  assert.deepEqual(requests(), []);
  box.pass(2 * MINUTE);
  await box.askAll();
  assert.deepEqual(requests(), [3]);
  box.pass(1_000);
  box.act(signals);
  await box.askAll();
  assert.equal(await box.open(), 0);
  assert.ok(!box.logger.lines.some((line) => line.startsWith('error')));
});

test('where asking again does not help there is one alarm, it goes on being asked, and ends when it is routed', async () => {
  const signals = some(2);
  const box = await setUp(signals);
  const keys: EventKey[] = signals.map(({ eventKey }) => eventKey);
  for (const key of keys) box.save(key, 'Received');
  box.org.refuseRouting = 'CANNOT_EXECUTE_FLOW_TRIGGER: no';
  for (let minute = 0; minute < 120; minute += 1) {
    box.pass(MINUTE);
    await box.askAll();
  }
  assert.equal(box.logger.lines.length, 1);
  assert.match(
    box.logger.lines[0] ?? '',
    /^error the org has signals it does not route, also when/,
  );
  assert.match(box.logger.lines[0] ?? '', /CANNOT_EXECUTE_FLOW_TRIGGER: no/);
  assert.equal(box.unrouted.stuck(), 2);
  assert.match(box.unrouted.reason(), /^2 signals are in the org without being routed/);
  assert.ok(box.org.routed.length >= 4 && box.org.routed.length <= 8, 'less and less often');
  for (const key of keys) box.save(key, 'Acted');
  await box.askAll();
  assert.equal(box.unrouted.stuck(), 0);
  assert.equal(box.unrouted.reason(), '');
});

test('how long it took is measured until the receipt, and what is late is told once', async () => {
  const signals = some(3).map((signal) => ({ ...signal, detectedAt: toEpochMs(START) }));
  const box = await setUp(signals);
  box.pass(4_000);
  box.act(signals.slice(0, 1));
  await box.askAll();
  assert.deepEqual(box.latency.shares(), { Immediate: 1 });
  assert.equal(box.latency.reason(), '');
  box.pass(40_000);
  box.act(signals.slice(1));
  await box.askAll();
  assert.deepEqual(box.latency.shares(), { Immediate: 1 / 3 });
  assert.equal(box.logger.lines.length, 1);
  assert.match(
    box.latency.reason(),
    /^33 % of the Immediate events .* within 10 s; 95 % should be/,
  );
  box.pass(30 * MINUTE);
  assert.equal(box.latency.reason(), '', 'it is over');
});
