import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { EventKey } from '../../model/brand.ts';
import type { Signal } from '../../model/signal.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeSignal } from '../../testing/signals.ts';
import { openDatabase } from './database.ts';
import { openDeadLetters } from './deadLetters.ts';
import { makeSqliteOutbox } from './sqliteOutbox.ts';
import type { SqliteOutboxOptions } from './sqliteOutbox.ts';

const NOW = toEpochMs(10_000);
const [opened, updated, cleared] = [0, 1, 2].map((sequence) => makeSignal('a', sequence)) as [
  Signal,
  Signal,
  Signal,
];

/** A file, and outboxes on it one after the other; one that is not disposed of was killed. */
function setUp() {
  const folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  let elapsed = 0;
  return {
    file,
    wait: (ms: number): void => void (elapsed += ms),
    open: (options: SqliteOutboxOptions = {}) =>
      makeSqliteOutbox(storage.database, file, { elapsedMs: () => elapsed, ...options }),
    count: (sql: string): number => Number(storage.database.prepare(sql).get()?.['n']),
    [Symbol.dispose]() {
      storage[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}
const record = async (outbox: Outbox, ...signals: readonly Signal[]): Promise<void> => {
  assert.ok((await outbox.record({ signals, recordedAt: NOW })).ok);
};
const publish = (outbox: Outbox, ...signals: readonly Signal[]): Promise<void> =>
  outbox.settle(signals.map(({ eventKey }) => ({ kind: 'published', eventKey, at: NOW })));
const act = (outbox: Outbox, ...signals: readonly Signal[]): Promise<void> =>
  outbox.receive(
    signals.map(({ eventKey }) => ({ eventKey, disposition: 'Acted', reason: '', at: NOW })),
  );
const dueKeys = async (outbox: Outbox): Promise<EventKey[]> =>
  (await outbox.due(NOW, 100)).map(({ signal }) => signal.eventKey);
const waitingKeys = async (outbox: Outbox): Promise<EventKey[]> =>
  (await outbox.unreceipted(100)).map(({ eventKey }) => eventKey);

test('an event that goes well is written twice: what was found, and how it ended', async () => {
  using box = setUp();
  const outbox = box.open();
  const before = box.count('SELECT total_changes() AS n');
  await record(outbox, opened, makeSignal('b'));
  await dueKeys(outbox);
  await publish(outbox, opened, makeSignal('b'));
  await waitingKeys(outbox);
  assert.equal(box.count('SELECT total_changes() AS n') - before, 2);
  await act(outbox, opened, makeSignal('b'));
  assert.equal(box.count('SELECT total_changes() AS n') - before, 4);
});

test('published and killed before it was written, an event is published again and not overtaken', async () => {
  using box = setUp();
  {
    const outbox = box.open();
    await record(outbox, updated, cleared);
    await publish(outbox, updated);
  }
  const outbox = box.open();
  assert.deepEqual(await waitingKeys(outbox), []);
  const [entry] = await outbox.due(NOW, 10);
  assert.deepEqual([entry?.signal, entry?.followed], [updated, false]);
  const reason = 'said';
  const overtaken = { eventKey: updated.eventKey, by: cleared.eventKey, reason, at: NOW };
  assert.equal(await outbox.coalesce([overtaken]), 0);
});

test('what has waited for its receipt for seconds is not published again after a kill', async () => {
  using box = setUp();
  {
    const outbox = box.open();
    await record(outbox, opened, updated);
    await publish(outbox, opened);
    box.wait(4_000);
    await record(outbox, makeSignal('late'));
    await publish(outbox, makeSignal('late'));
    box.wait(2_000);
    await waitingKeys(outbox);
  }
  const outbox = box.open();
  assert.deepEqual(await waitingKeys(outbox), [opened.eventKey]);
  assert.deepEqual(await dueKeys(outbox), [makeSignal('late').eventKey]);
  await act(outbox, opened);
  assert.ok((await dueKeys(outbox)).includes(updated.eventKey), 'its next phase goes on');
});

test('after a stop nothing is published again', async () => {
  using box = setUp();
  {
    using outbox = box.open();
    await record(outbox, opened, updated);
    await publish(outbox, opened);
  }
  const outbox = box.open();
  assert.deepEqual(await dueKeys(outbox), []);
  const [waiting] = await outbox.unreceipted(10);
  assert.deepEqual([waiting?.eventKey, waiting?.publishes], [opened.eventKey, 1]);
});

test('after a stop only what was given away may be out; after a kill all that had their turn', async () => {
  using box = setUp();
  const [given, kept] = [makeSignal('given', 1), makeSignal('kept', 1)];
  const overtake = async (outbox: Outbox): Promise<number> => {
    const by = cleared.eventKey;
    const all = [given, kept].map(({ eventKey }) => ({ eventKey, by, reason: 'said', at: NOW }));
    let ended = 0;
    for (const one of all) ended += await outbox.coalesce([one]);
    return ended;
  };
  {
    using outbox = box.open();
    await record(outbox, given, kept, makeSignal('given', 2), makeSignal('kept', 2));
    await outbox.due(NOW, 1);
  }
  const tried = async (outbox: Outbox): Promise<(boolean | undefined)[]> => {
    const stories = [given, kept].map(async ({ eventKey }) => outbox.story(eventKey));
    return (await Promise.all(stories)).map(({ waiting }) => waiting[0]?.tried);
  };
  assert.deepEqual(await tried(box.open()), [true, false]);
  const killed = box.open();
  assert.deepEqual(await tried(killed), [true, true]);
  assert.equal(await overtake(killed), 0);
});

test('a retry survives a kill with its tries and its time', async () => {
  using box = setUp();
  const { eventKey } = opened;
  const retryAt = toEpochMs(20_000);
  {
    const outbox = box.open();
    await record(outbox, opened);
    const retry = { kind: 'retry', reason: 'busy', at: NOW, retryAt, counted: true } as const;
    await outbox.settle([{ ...retry, eventKey }]);
  }
  const outbox = box.open();
  assert.deepEqual(await dueKeys(outbox), []);
  const [entry] = await outbox.due(retryAt, 10);
  assert.deepEqual([entry?.signal.eventKey, entry?.attempts], [eventKey, 1]);
});

test('how the event before one ended is known after a start', async () => {
  using box = setUp();
  {
    const outbox = box.open();
    await record(outbox, opened);
    await publish(outbox, opened);
    await act(outbox, opened);
  }
  const outbox = box.open();
  await record(outbox, updated, cleared);
  const { before } = await outbox.story(updated.eventKey);
  assert.deepEqual(before, { phase: 'Opened', severity: 'High', acted: true });
});

test('a key is known among thousands and after a start, until its event is dropped', async () => {
  using box = setUp();
  const many = Array.from({ length: 21_000 }, (_, index) => makeSignal(`many ${index}`));
  {
    const outbox = box.open();
    for (let from = 0; from < many.length; from += 1_000) {
      await record(outbox, ...many.slice(from, from + 1_000));
    }
    const indexed = box.count('SELECT COUNT(*) AS n FROM outbox_key');
    assert.ok(indexed > 8_000 && indexed < 21_000, `${indexed} are in the index`);
    await record(outbox, ...many);
    assert.equal((await outbox.counts()).pending, many.length);
  }
  const outbox = box.open();
  await record(outbox, ...many);
  assert.equal((await outbox.counts()).pending, many.length);
  const [first, second] = many as [Signal, Signal];
  const at = NOW;
  await outbox.settle([{ kind: 'failed', eventKey: first.eventKey, reason: 'no', at }]);
  await publish(outbox, ...many.slice(2));
  await act(outbox, ...many.slice(2));
  assert.equal(await outbox.prune(toEpochMs(NOW + 1)), many.length - 2);
  assert.ok(box.count('SELECT COUNT(*) AS n FROM outbox_key') <= 2, 'their keys are gone');
  await record(outbox, first, second);
  const { pending, failed } = await outbox.counts();
  assert.deepEqual([pending, failed], [1, 1]);
});

test('an outage fills the file and not the memory, and the most severe goes first all the same', async () => {
  using box = setUp();
  const low = Array.from({ length: 300 }, (_, index) =>
    makeSignal(`low ${index}`, 0, { severity: 'Low' }),
  );
  const severe = [0, 1].map((sequence) => makeSignal('severe', sequence, { severity: 'Critical' }));
  let outbox = box.open({ maxOpen: 50 });
  for (const signal of [...low, ...severe]) await record(outbox, signal);
  assert.equal(box.count('SELECT TOTAL(aside) AS n FROM outbox_state'), 252);
  for (let round = 0; round < 2; round += 1) {
    const keys = await dueKeys(outbox);
    const expected = [...severe.slice(0, 1), ...low].slice(0, 100);
    assert.deepEqual(
      keys,
      expected.map(({ eventKey }) => eventKey),
    );
    assert.equal((await outbox.counts()).pending, 302);
    outbox = box.open({ maxOpen: 50 });
  }
  for (let left = 302; left > 0;) {
    const due = (await outbox.due(NOW, 40)).map(({ signal }) => signal);
    await publish(outbox, ...due);
    await act(outbox, ...due);
    left -= due.length;
    assert.ok(due.length > 0);
  }
  assert.equal(box.count('SELECT COUNT(*) AS n FROM outbox WHERE receipt IS NULL'), 0);
});

test('aside, too, what has to go before something severe is as urgent as that', async () => {
  using box = setUp();
  const outbox = box.open({ maxOpen: 0 });
  const low = { severity: 'Low' } as const;
  const [first, begin] = [makeSignal('first', 0, low), makeSignal('worse', 0, low)];
  await record(outbox, first, begin);
  await record(outbox, makeSignal('worse', 1, { severity: 'Critical' }));
  const [entry, ...others] = await outbox.due(NOW, 10, 'High');
  assert.deepEqual([entry?.signal, others], [begin, []]);
});

for (const maxOpen of [0, 100]) {
  test(`a dead letter published again goes before what waits of its episode, with room for ${maxOpen}`, async () => {
    using box = setUp();
    const { eventKey } = opened;
    let outbox = box.open({ maxOpen });
    await record(outbox, opened, updated, cleared);
    await outbox.settle([{ kind: 'failed', eventKey, reason: 'no', at: NOW }]);
    using letters = openDeadLetters(box.file);
    // With no room this puts the rest of the episode aside.
    await record(outbox, makeSignal('a', 3));
    assert.equal(box.count('SELECT TOTAL(aside) AS n FROM outbox_state'), maxOpen === 0 ? 3 : 0);
    assert.equal(letters.redrive([eventKey], NOW), 1);
    assert.equal(letters.redrive([eventKey], NOW), 0, 'once');
    assert.deepEqual(await dueKeys(outbox), [eventKey]);
    // While no bridge runs.
    await outbox.settle([{ kind: 'failed', eventKey, reason: 'no', at: NOW }]);
    assert.equal(letters.redrive([eventKey], NOW), 1);
    outbox = box.open({ maxOpen });
    assert.deepEqual(await dueKeys(outbox), [eventKey]);
    await publish(outbox, opened);
    await act(outbox, opened);
    assert.deepEqual(await dueKeys(outbox), [updated.eventKey]);
  });
}
