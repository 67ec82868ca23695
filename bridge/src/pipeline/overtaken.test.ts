import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../edge/log/database.ts';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { makeSqliteOutbox } from '../edge/log/sqliteOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EventKey } from '../model/brand.ts';
import { severities } from '../model/signal.ts';
import type { Phase, Signal } from '../model/signal.ts';
import type { Outbox, Settlement } from '../ports/outbox.ts';
import { makeFolder } from '../testing/bridgeProcess.ts';
import { noCounters } from '../testing/logger.ts';
import { makeSignal } from '../testing/signals.ts';
import { endOvertaken } from './overtaken.ts';

/** A generator of the same numbers for the same seed (Lehmer; Park and Miller, 1988). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** What the org knows of one episode: its Case. */
interface Known {
  readonly open: boolean;
  /** Index in `severities`. */
  readonly worst: number;
  readonly at: number;
}

/** The rules of the router in small: Updated opens a missing Case, Cleared does not, the older loses. */
function apply(known: Known | undefined, { phase, severity, occurredAt }: Signal) {
  const rank = severities.indexOf(severity);
  if (known === undefined) {
    return phase === 'Cleared' ? undefined : { open: true, worst: rank, at: occurredAt };
  }
  if (occurredAt < known.at) return known;
  const worst = phase === 'Cleared' ? known.worst : Math.min(known.worst, rank);
  return { open: phase !== 'Cleared', worst, at: occurredAt };
}

/** Episodes as detection tells them: severity only rises, trouble may come back after Cleared. */
function makeStories(random: () => number): Signal[][] {
  return Array.from({ length: 4 }, (_, episode) => {
    let phase: Phase = 'Opened';
    let rank = 1 + Math.floor(random() * 3);
    const story: Signal[] = [];
    const length = 1 + Math.floor(random() * 9);
    for (let sequence = 0; sequence < length; sequence += 1) {
      const occurredAt = toEpochMs(1_000 + sequence * 10);
      const severity = severities[rank] ?? 'Low';
      story.push(makeSignal(`episode ${episode}`, sequence, { phase, severity, occurredAt }));
      phase = phase !== 'Cleared' && random() < 0.4 ? 'Cleared' : 'Updated';
      if (random() < 0.3) rank = Math.max(0, rank - 1);
    }
    return story;
  });
}

/** Some events end badly, whenever they are published: in the bus, in the org, or they never show. */
type Fate = 'well' | 'permanent' | 'refused' | 'missing';

/** An org that hears batches late, and answers later still. */
function makeOrg(fateOf: (key: EventKey) => Fate) {
  const known = new Map<string, Known | undefined>();
  const ended = new Map<EventKey, 'Acted' | 'Suppressed' | 'Failed' | 'Missing'>();
  const bus: Signal[] = [];
  return {
    known,
    ended,
    publish(signal: Signal): void {
      // A repeat of what has ended already is turned away by its key.
      const same = bus.filter(
        ({ episodeKey, eventKey }) => episodeKey === signal.episodeKey && !ended.has(eventKey),
      );
      assert.ok(
        same.every(({ eventKey }) => eventKey === signal.eventKey),
        'two phases of one episode are on their way at once',
      );
      bus.push(signal);
    },
    ingest(): void {
      for (const signal of bus.splice(0)) {
        const { eventKey, episodeKey } = signal;
        if (ended.has(eventKey)) continue;
        const fate = fateOf(eventKey);
        if (fate !== 'well') {
          ended.set(eventKey, fate === 'missing' ? 'Missing' : 'Failed');
          continue;
        }
        const before = known.get(episodeKey);
        const after = apply(before, signal);
        ended.set(eventKey, after === before ? 'Suppressed' : 'Acted');
        known.set(episodeKey, after);
      }
    },
  };
}

/** Plays one story of an outbox and an org with everything at random times; answers what was dropped. */
async function play(seed: number, outbox: Outbox, restart: () => Outbox): Promise<number> {
  const random = makeRandom(seed);
  const stories = makeStories(random);
  const fates = new Map<EventKey, Fate>();
  for (const { eventKey } of stories.flat()) {
    const fate =
      (['permanent', 'refused', 'missing'] as const)[Math.floor(random() * 20)] ?? 'well';
    fates.set(eventKey, fate);
  }
  const org = makeOrg((key) => fates.get(key) ?? 'well');
  const queues = stories.map((story) => [...story]);
  let now = 10_000;
  let dropped = 0;
  let box = outbox;
  const isOver = async (): Promise<boolean> => {
    const { pending, unreceipted } = await box.counts();
    return pending + unreceipted === 0 && queues.every(({ length }) => length === 0);
  };

  async function deliver(): Promise<void> {
    const options = { outbox: box, clock: () => toEpochMs(now), counters: noCounters };
    const due = await box.due(toEpochMs(now), 1 + Math.floor(random() * 4));
    const ended = await endOvertaken(options, due);
    dropped += ended;
    if (ended > 0) return;
    const settlements: Settlement[] = [];
    for (const { signal } of due) {
      const { eventKey } = signal;
      const at = toEpochMs(now);
      if (fates.get(eventKey) === 'permanent') {
        settlements.push({ kind: 'failed', eventKey, reason: 'no', at });
        continue;
      }
      const luck = random();
      if (luck > 0.2) org.publish(signal);
      const lost = {
        kind: 'retry',
        eventKey,
        reason: 'lost',
        at,
        retryAt: at,
        counted: false,
      } as const;
      settlements.push(luck < 0.4 ? lost : { kind: 'published', eventKey, at });
    }
    // Killed between publishing and writing it down.
    if (random() < 0.1) box = restart();
    else await box.settle(settlements);
  }
  async function receive(): Promise<void> {
    for (const { eventKey } of await box.unreceipted(2)) {
      const disposition = org.ended.get(eventKey);
      if (disposition === undefined) continue;
      await box.receive([{ eventKey, disposition, reason: '', at: toEpochMs(now) }]);
    }
  }
  for (let step = 0; step < 2_000 && !(await isOver()); step += 1) {
    now += 1;
    const luck = random();
    const queue = queues[Math.floor(random() * queues.length)];
    if (luck < 0.4) {
      const signals = queue?.splice(0, 1 + Math.floor(random() * 4)) ?? [];
      await box.record({ signals, recordedAt: toEpochMs(now) });
    } else if (luck < 0.65) await deliver();
    else if (luck < 0.8) org.ingest();
    else await receive();
  }
  assert.ok(await isOver(), `seed ${seed}: the story comes to its end`);

  for (const [index, story] of stories.entries()) {
    const all = story
      .filter(({ eventKey }) => fates.get(eventKey) === 'well')
      .reduce<Known | undefined>(apply, undefined);
    const told = org.known.get(story[0]?.episodeKey ?? '');
    assert.deepEqual(told, all, `seed ${seed}, episode ${index}`);
  }
  return dropped;
}

test('whatever the timing, the org ends up knowing the same as if every event had been published', async () => {
  let dropped = 0;
  for (let seed = 1; seed <= 600; seed += 1) {
    const outbox = makeMemoryOutbox();
    // In memory there is no restart: what could be on its way is remembered as tried by hand.
    dropped += await play(seed, outbox, () => {
      outbox.forgetWhatIsOut();
      return outbox;
    });
  }
  assert.ok(dropped > 600, `${dropped} events were overtaken`);
});

for (const maxOpen of [1_000, 3, 0]) {
  test(`the same on disk with room for ${maxOpen} in memory, with the bridge killed now and then`, async () => {
    using folder = makeFolder();
    let dropped = 0;
    for (let seed = 1; seed <= 25; seed += 1) {
      const file = join(folder.path, `${seed}.sqlite`);
      using storage = openDatabase(file);
      storage.database.exec('PRAGMA synchronous = OFF');
      let elapsed = 0;
      // Some events end at once, some only after they were written how they stand.
      const elapsedMs = (): number => (elapsed += 500);
      const open = (): Outbox => makeSqliteOutbox(storage.database, file, { maxOpen, elapsedMs });
      dropped += await play(seed, open(), open);
    }
    assert.ok(dropped > 25, `${dropped} events were overtaken`);
  });
}
