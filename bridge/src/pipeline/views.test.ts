import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { readingOf, START } from '../core/fixtures/readings.ts';
import { makeWindow } from '../core/telemetry/window.ts';
import { toEpochMs } from '../model/brand.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeMemoryViews } from '../testing/memoryViews.ts';
import { until } from '../testing/until.ts';
import { makeOrgState } from './orgState.ts';
import { makeViewAnswers } from './viewAnswers.ts';
import { makeViewInbox } from './viewInbox.ts';
import { runViews } from './views.ts';
import type { ViewsOptions } from './views.ts';
import { makeWakeup } from './wakeup.ts';

const away = { kind: 'unreachable', reason: 'The org is away.', action: 'Wait.' } as const;
const [one, two] = ['a00000000000000001', 'a00000000000000002'];

function setUp(changes: Partial<ViewsOptions> = {}) {
  const views = makeMemoryViews();
  const window = makeWindow(1e7);
  const logger = makeTestLogger();
  const arrived = makeWakeup();
  const inbox = makeViewInbox(arrived);
  const stop = new AbortController();
  let now = START;
  const status = { live: 0 };
  const options: ViewsOptions = {
    views,
    window,
    inbox,
    arrived,
    logger,
    status,
    org: makeOrgState('http://org', logger),
    clock: () => toEpochMs(now),
    counters: noCounters,
    backoff: { firstMs: 10, maxMs: 20 },
    refreshMs: 20,
    callsPerMinute: 60_000,
    lingerMs: 1,
    ...changes,
  };
  window.add(readingOf(-10_000, { vibration: 1 }));
  let running: Promise<void> | undefined;
  return {
    ...options,
    views,
    logger,
    status,
    answers: makeViewAnswers(options),
    pass: (milliseconds: number) => (now += milliseconds),
    /** Lets the clock run in real time, in steps of a test's patience. */
    start() {
      running = runViews(
        { ...options, clock: () => toEpochMs(now + Math.floor(performance.now())) },
        stop.signal,
      );
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
const series = (text: string | undefined) =>
  (JSON.parse(text ?? '{"series":[]}') as { series: { n: number }[] }).series;
const all = (box: ReturnType<typeof setUp>) => [...box.views.views.values()];

test('a view is written when it says something new, else only a sign of life within 30 s', async () => {
  await using box = setUp();
  box.views.put(one);
  const answer = () => box.answers.answer(all(box), new Set());
  await answer();
  assert.equal(series(box.views.last(one)?.answer?.series)[0]?.n, 1);
  for (let second = 0; second < 20; second += 5) {
    box.pass(5_000);
    await answer();
  }
  assert.equal(box.views.writes.length, 1, 'nothing new');
  box.pass(5_000);
  await answer();
  assert.deepEqual(box.views.last(one), { id: one, answeredAt: START + 25_000 });
  box.window.add(readingOf(25_000, { vibration: 2 }));
  await answer();
  assert.equal(series(box.views.last(one)?.answer?.series)[0]?.n, 2);
});

test('who asks gets an answer, though it is the same', async () => {
  await using box = setUp();
  box.views.put(one);
  await box.answers.answer(all(box), new Set());
  await box.answers.answer(all(box), new Set([one]));
  assert.equal(box.views.writes.length, 2);
  assert.ok(box.views.last(one)?.answer !== undefined);
});

test('one bad view harms no other, is complained about once, and left alone for a minute', async () => {
  await using box = setUp();
  box.views.put(one);
  box.views.put(two);
  box.views.refusals.set(one, 'FIELD_INTEGRITY_EXCEPTION: no');
  for (let second = 0; second < 55; second += 5) {
    box.window.add(readingOf(second * 1_000, { vibration: second }));
    await box.answers.answer(all(box), new Set());
    box.pass(5_000);
  }
  assert.equal(box.views.writes.flat().filter(({ id }) => id === one).length, 1);
  assert.equal(box.views.writes.flat().filter(({ id }) => id === two).length, 11);
  box.pass(10_000);
  box.views.refusals.clear();
  await box.answers.answer(all(box), new Set());
  assert.ok(box.views.writes.at(-1)?.some(({ id }) => id === one));
  assert.deepEqual(box.logger.lines, [
    'warn the org refused the answer to a telemetry view: FIELD_INTEGRITY_EXCEPTION: no',
  ]);
});

test('colleagues at the same asset get the same drawing, and two hundred views are one call', async () => {
  await using box = setUp();
  for (let index = 0; index < 450; index += 1) box.views.put(`v${index}`);
  await box.answers.answer(all(box), new Set());
  assert.deepEqual(
    box.views.writes.map((updates) => updates.length),
    [200, 200, 50],
  );
  const texts = new Set(box.views.writes.flat().map(({ answer }) => answer?.series));
  assert.equal(texts.size, 1);
});

test('a view without asset or device says so, and has no series', async () => {
  await using box = setUp();
  box.views.put(one, { assetId: undefined });
  box.views.put(two, { assetId: 'asset-2' });
  await box.answers.answer(all(box), new Set());
  for (const id of [one, two]) {
    assert.equal(box.views.last(id)?.answer?.series, undefined);
    assert.match(box.views.last(id)?.answer?.message ?? '', /No device is on this asset/);
  }
});

test('the notices of one moment are one question and one answer', async () => {
  await using box = setUp({ lingerMs: 300 });
  box.start();
  await until('the first look', () => box.views.log.length === 1);
  for (let index = 0; index < 20; index += 1) {
    box.views.put(`v${index}`, { liveUntil: toEpochMs(0) });
    box.inbox.want([`v${index}`]);
    await nextTurn();
  }
  await until('all are answered', () => box.views.last('v19') !== undefined);
  assert.deepEqual(box.views.log, ['live', 'byIds 20', 'devices', 'write 20']);
  await sleep(60);
  assert.equal(box.views.log.length, 4, 'none is live: nothing more is asked');
});

test('live views are found at the start and renewed until their lease ends', async () => {
  await using box = setUp();
  box.views.put(one);
  box.start();
  await until('renewed', () => box.views.log.filter((call) => call === 'live').length > 3);
  assert.equal(box.status.live, 1);
  assert.ok(box.views.last(one) !== undefined);
  box.views.put(one, { liveUntil: toEpochMs(0) });
  await until('over', () => box.status.live === 0);
  const calls = box.views.log.length;
  await sleep(60);
  assert.equal(box.views.log.length, calls);
});

test('a view deleted in between is forgotten without a word', async () => {
  await using box = setUp();
  box.views.put(one);
  await box.answers.answer(all(box), new Set());
  const stale = all(box);
  box.views.views.clear();
  await box.answers.answer(stale, new Set([one]));
  assert.deepEqual(box.logger.lines, []);
});

test('while the org is away nothing is forgotten, and it is said once', async () => {
  await using box = setUp();
  box.start();
  await until('the first look', () => box.views.log.length === 1);
  box.views.failure = away;
  box.views.put(one, { liveUntil: toEpochMs(0) });
  box.inbox.want([one]);
  await until('tried', () => box.views.log.length > 4);
  box.views.failure = undefined;
  await until('answered', () => box.views.last(one) !== undefined);
  assert.deepEqual(box.logger.lines, [
    'warn The org is away. Charts on asset pages stand still.',
    'info http://org answers again',
  ]);
});

test('calls stay within the minute: refreshes stretch, who opens a page is answered first', async () => {
  // Ten calls a second; a refresh of two calls every 10 ms would be two hundred.
  await using box = setUp({ callsPerMinute: 600, refreshMs: 10 });
  for (let index = 0; index < 5; index += 1) box.views.put(`v${index}`);
  const from = performance.now();
  box.start();
  await sleep(1_000);
  const seconds = (performance.now() - from) / 1_000;
  assert.ok(box.views.log.length <= 10 * seconds + 3, `${box.views.log.length} calls`);
  box.views.put(one);
  box.inbox.want([one]);
  await until('answered without waiting for the refresh', () => box.views.last(one) !== undefined);
});

test("while the day's calls run short views are renewed less often", async () => {
  await using box = setUp({ callsPerMinute: 60 });
  box.views.apiCalls = { used: 990, max: 1_000 };
  box.views.put(one);
  box.start();
  await until('the first answer', () => box.views.last(one) !== undefined);
  const calls = box.views.log.length;
  await sleep(200);
  assert.equal(box.views.log.length, calls, 'one a minute is left');
});

test("while the bridge's own budget of calls has to last views are renewed less often", async () => {
  await using box = setUp({ callsPerMinute: 60, spacingMs: () => 60_000 });
  box.views.put(one);
  box.start();
  await until('the first answer', () => box.views.last(one) !== undefined);
  const calls = box.views.log.length;
  await sleep(200);
  assert.equal(box.views.log.length, calls, 'one a minute');
});

test('missed notices have live views looked for at once', async () => {
  await using box = setUp();
  box.start();
  await until('the first look', () => box.views.log.length === 1);
  box.views.put(one);
  box.inbox.lookAround();
  await until('found', () => box.views.last(one) !== undefined);
});
