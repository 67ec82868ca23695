import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../edge/log/database.ts';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { makeSqliteOutbox } from '../edge/log/sqliteOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpisodeKey, EventKey } from '../model/brand.ts';
import { severities } from '../model/signal.ts';
import type { Phase, Severity, Signal } from '../model/signal.ts';
import type { Outbox } from '../ports/outbox.ts';
import { makeFolder } from '../testing/bridgeProcess.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeSignal } from '../testing/signals.ts';
import { endOvertaken } from './overtaken.ts';
import { makeShedding } from './shedding.ts';

const WINDOW_MS = 60_000;
const LIMIT = 10;
const UNRESOLVED_MS = 40_000;
const options = { beyondMs: WINDOW_MS, unresolvedMs: UNRESOLVED_MS };
/** Only this severity or a worse one may use the last of the limit. */
const kept: Readonly<Record<Severity, number>> = { Critical: 0, High: 2, Medium: 3, Low: 4 };

/** A generator of the same numbers for the same seed (Lehmer; Park and Miller, 1988). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** A budget of some events a minute, and whether it still counts. */
function makeBudget(clock: () => number) {
  const used: number[] = [];
  const budget = { isShort: true };
  const lately = (): number => used.filter((at) => at > clock() - WINDOW_MS).length;
  return {
    budget,
    use: (): void => void used.push(clock()),
    room: (severity: Severity): number =>
      budget.isShort ? Math.max(0, LIMIT - kept[severity] - lately()) : Infinity,
    status: () => {
      const all = { limit: LIMIT, windowMs: WINDOW_MS, used: lately() };
      return budget.isShort ? [{ name: 'publishes' as const, ...all, left: LIMIT - all.used }] : [];
    },
  };
}

/** Episodes as detection tells them, all at once: severity only rises, trouble may come back after Cleared. */
function makeTimeline(random: () => number): { readonly at: number; readonly signal: Signal }[] {
  const all: { at: number; signal: Signal }[] = [];
  for (let episode = 0; episode < 60; episode += 1) {
    let at = 10_000 + Math.floor(random() * 120_000);
    let phase: Phase = 'Opened';
    let rank = random() < 0.1 ? 0 : 1 + Math.floor(random() * 3);
    const length = 1 + Math.floor(random() * 5);
    for (let sequence = 0; sequence < length; sequence += 1) {
      const time = toEpochMs(at);
      const severity = severities[rank] ?? 'Low';
      const changes = { phase, severity, occurredAt: time, detectedAt: time };
      all.push({ at, signal: makeSignal(`episode ${episode}`, sequence, changes) });
      at += 1 + Math.floor(random() * 30_000);
      phase = phase !== 'Cleared' && random() < 0.5 ? 'Cleared' : 'Updated';
      if (random() < 0.15) rank = Math.max(0, rank - 1);
    }
  }
  return all.toSorted((a, b) => a.at - b.at);
}

interface End {
  readonly how: 'acted' | 'coalesced' | 'suppressed';
  readonly why?: string;
}

/** Plays a timeline against a budget that is far too small, then without one; checks the end of every signal. */
async function play(seed: number, makeOutbox: () => Outbox): Promise<Map<string, number>> {
  const random = makeRandom(seed);
  const timeline = makeTimeline(random);
  const signals = new Map(timeline.map(({ signal }) => [signal.eventKey, signal]));
  const signalOf = (key: EventKey): Signal => signals.get(key) ?? assert.fail('a strange event');
  let now = 10_000;
  const clock = () => toEpochMs(now);
  const governor = makeBudget(clock);
  const outbox = makeOutbox();
  const ends = new Map<EventKey, End>();
  const counted = new Map<string, number>();
  const end = (key: EventKey, how: End): void => {
    assert.equal(ends.get(key), undefined, 'an event ends once');
    ends.set(key, how);
  };
  /** Open or closed, of the episodes the org has a Case of. */
  const cases = new Map<EpisodeKey, boolean>();
  const told = new Map<EpisodeKey, number>();
  const watched: Outbox = {
    ...outbox,
    async suppress(events) {
      const ended = await outbox.suppress(events);
      for (const key of ended) {
        const { why, reason } = events.find(({ eventKey }) => eventKey === key) ?? {};
        assert.match(reason ?? '', /^not published: /);
        if (why !== undefined) end(key, { how: 'suppressed', why });
        const { phase, episodeKey } = signalOf(key);
        if (phase === 'Cleared')
          assert.equal(cases.get(episodeKey), undefined, 'its Case stays open');
      }
      return ended;
    },
    async coalesce(events) {
      const ended = await outbox.coalesce(events);
      assert.equal(ended, events.length);
      for (const { eventKey } of events) end(eventKey, { how: 'coalesced' });
      return ended;
    },
  };
  const counters = {
    ...noCounters,
    eventsSuppressed: (reason: string, severity: string, count: number): void => {
      const name = `${reason} ${severity}`;
      counted.set(name, (counted.get(name) ?? 0) + count);
    },
  };
  const logger = makeTestLogger();
  const parts = { outbox: watched, governor, clock, counters, logger, options };
  const shedding = makeShedding(parts);

  async function deliver(): Promise<void> {
    await shedding.shed();
    const least = severities.toReversed().find((severity) => governor.room(severity) > 0);
    if (least === undefined) return;
    const due = await watched.due(clock(), Math.min(governor.room(least), 5), least);
    if ((await endOvertaken(parts, due)) > 0) return;
    for (const { signal } of due) {
      const { eventKey, episodeKey, phase, sequence } = signal;
      governor.use();
      assert.ok((told.get(episodeKey) ?? -1) < sequence, 'phases go in their order');
      told.set(episodeKey, sequence);
      await watched.settle([{ kind: 'published', eventKey, at: clock() }]);
      const isActed = phase !== 'Cleared' || cases.has(episodeKey);
      if (isActed) cases.set(episodeKey, phase !== 'Cleared');
      const disposition = isActed ? 'Acted' : 'Suppressed';
      await watched.receive([{ eventKey, disposition, reason: '', at: clock() }]);
      end(eventKey, { how: 'acted' });
    }
  }
  let next = 0;
  for (let step = 0; step < 4_000 && ends.size < timeline.length; step += 1) {
    now += Math.floor(random() * 2_000);
    // At last there is enough of everything.
    governor.budget.isShort = step < 250;
    const begun = next;
    while ((timeline[next]?.at ?? Infinity) <= now) next += 1;
    const recorded = timeline.slice(begun, next).map(({ signal }) => signal);
    if (recorded.length > 0) await watched.record({ signals: recorded, recordedAt: clock() });
    await deliver();
  }
  for (const { signal } of timeline) {
    const { eventKey, severity, phase, episodeKey } = signal;
    const { how, why } = ends.get(eventKey) ?? assert.fail(`seed ${seed}: an event without an end`);
    if (how !== 'suppressed') continue;
    assert.notEqual(severity, 'Critical', `seed ${seed}`);
    if (why === 'waited-too-long') {
      assert.ok(severity === 'Low' || severity === 'Medium', `seed ${seed}: ${severity}`);
      assert.notEqual(phase, 'Cleared');
    }
    if (why === 'beginning-not-told') assert.equal(phase, 'Cleared');
    if (why === 'over-before-told') assert.ok((told.get(episodeKey) ?? Infinity) > signal.sequence);
  }
  // A Case is as open as its episode, as far as anybody was told of what came last.
  const last = new Map(timeline.map(({ signal }) => [signal.episodeKey, signal]));
  for (const [episodeKey, { phase, eventKey }] of last) {
    const isOpen = cases.get(episodeKey);
    if (phase === 'Cleared') assert.notEqual(isOpen, true, `seed ${seed}: a Case is left open`);
    else if (ends.get(eventKey)?.how === 'acted') assert.equal(isOpen, true, `seed ${seed}`);
  }
  const suppressed = [...ends.values()].filter(({ how }) => how !== 'acted').length;
  assert.equal(
    [...counted.values()].reduce((sum, one) => sum + one, 0),
    suppressed,
    'all counted',
  );
  return counted;
}

const total = (all: readonly Map<string, number>[], reason: string): number =>
  all
    .flatMap((one) => [...one])
    .reduce((sum, [name, count]) => sum + (name.startsWith(reason) ? count : 0), 0);

test('whatever the timeline, every signal is told, said by another or suppressed with its reason; Critical ones are told', async () => {
  const all: Map<string, number>[] = [];
  for (let seed = 1; seed <= 40; seed += 1) all.push(await play(seed, () => makeMemoryOutbox()));
  for (const reason of ['coalesced', 'over-before-told', 'waited-too-long', 'beginning-not-told']) {
    assert.ok(total(all, reason) > 20, `${reason}: ${total(all, reason)}`);
  }
});

for (const maxOpen of [1_000, 5, 0]) {
  test(`the same on disk with room for ${maxOpen} in memory`, async () => {
    using folder = makeFolder();
    for (let seed = 1; seed <= 4; seed += 1) {
      const file = join(folder.path, `${seed}.sqlite`);
      using storage = openDatabase(file);
      storage.database.exec('PRAGMA synchronous = OFF');
      await play(seed, () => makeSqliteOutbox(storage.database, file, { maxOpen }));
    }
  });
}

test('where nothing limits, or all that waits can be carried, nothing is shed and nobody is asked', async () => {
  const outbox = makeMemoryOutbox();
  const signals = [0, 2].map((sequence) => makeSignal('a', sequence, { severity: 'Low' }));
  await outbox.record({ signals, recordedAt: toEpochMs(0) });
  const logger = makeTestLogger();
  const parts = { outbox, counters: noCounters, logger, options, clock: () => toEpochMs(10_000) };
  const plenty = { room: () => 100, status: () => [] };
  assert.equal(await makeShedding({ ...parts, governor: plenty }).shed(), 0);
  const status = () => [
    { name: 'publishes' as const, limit: 5, windowMs: 60_000, used: 5, left: 0 },
  ];
  assert.equal(await makeShedding({ ...parts, governor: { room: () => 0, status } }).shed(), 0);
  assert.deepEqual(logger.lines, []);
});

test('a disk that refuses is an error now and then, and holds nothing else up', async () => {
  const outbox = makeMemoryOutbox();
  let now: number = 1_790_000_100_000;
  const signals = [0, 2].map((sequence) => makeSignal('a', sequence, { severity: 'Low' }));
  await outbox.record({ signals, recordedAt: toEpochMs(now) });
  const suppress = () => Promise.reject(new Error('no space'));
  const status = () => [
    { name: 'publishes' as const, limit: 1, windowMs: 60_000, used: 0, left: 0 },
  ];
  const shedding = makeShedding({
    ...{ outbox: { ...outbox, suppress }, counters: noCounters, options },
    ...{ logger: makeTestLogger(), clock: () => toEpochMs(now) },
    governor: { room: () => 0, status },
  });
  await assert.rejects(shedding.shed(), /no space/);
  assert.equal(await shedding.shed(), 0);
  now += 10_000;
  await assert.rejects(shedding.shed(), /no space/);
});

test('a shortage is told once, and its end', async () => {
  const outbox = makeMemoryOutbox();
  const low = Array.from({ length: 3 }, (_, index) =>
    [0, 2].map((sequence) => makeSignal(`low ${index}`, sequence, { severity: 'Low' })),
  ).flat();
  const at = toEpochMs(1_790_000_100_000);
  await outbox.record({ signals: low, recordedAt: at });
  let now: number = at;
  const logger = makeTestLogger();
  const none = { limit: 1, windowMs: 60_000, used: 1, left: 0 };
  const shedding = makeShedding({
    ...{ outbox, counters: noCounters, logger, options, clock: () => toEpochMs(now) },
    governor: { room: () => 0, status: () => [{ name: 'publishes', ...none }] },
  });
  assert.equal(await shedding.shed(), 4, 'two of three episodes find no room');
  assert.equal(await shedding.shed(), 0, 'not looked at again at once');
  now += 10_000;
  assert.equal(await shedding.shed(), 0);
  assert.deepEqual((await outbox.counts()).suppressed, 4);
  assert.equal(logger.lines.length, 2, logger.lines.join('\n'));
});
