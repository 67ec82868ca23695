import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../model/brand.ts';
import type { EpochMs, EventKey } from '../model/brand.ts';
import type { Severity, Signal } from '../model/signal.ts';
import { makeSignal } from '../testing/signals.ts';
import type { EpisodeStory, Outbox, Suppressed, WaitingQuery } from './outbox.ts';

const now = toEpochMs(10_000);
const later = toEpochMs(60_000);
const acted = { disposition: 'Acted', reason: '', at: now } as const;

const record = async (outbox: Outbox, ...signals: readonly Signal[]): Promise<void> => {
  assert.ok((await outbox.record({ signals, recordedAt: now })).ok);
};
const dueKeys = async (outbox: Outbox, at: EpochMs = now): Promise<EventKey[]> =>
  (await outbox.due(at, 500)).map(({ signal }) => signal.eventKey);
const keysOf = (...signals: readonly Signal[]): EventKey[] =>
  signals.map(({ eventKey }) => eventKey);
const tell = async (outbox: Outbox, signal: Signal): Promise<void> => {
  await outbox.settle([{ kind: 'published', eventKey: signal.eventKey, at: now }]);
  await outbox.receive([{ ...acted, eventKey: signal.eventKey }]);
};
const shed = (...signals: readonly Signal[]): Suppressed[] =>
  signals.map(({ eventKey }) => {
    return { eventKey, why: 'over-before-told', reason: 'too much waits', at: now };
  });
const episode = (name: string, severity: Severity, detectedAt = 0) => {
  const changes = { severity, detectedAt: toEpochMs(detectedAt) };
  return [0, 1, 2, 3].map((sequence) => makeSignal(name, sequence, changes)) as [
    Signal,
    Signal,
    Signal,
    Signal,
  ];
};
const waitingKeys = (stories: readonly EpisodeStory[]): EventKey[][] =>
  stories.map(({ waiting }) => waiting.map(({ eventKey }) => eventKey));

/**
 * What every outbox promises of events that wait for others or are never published. `open` gives an empty one in which
 * signals of the class Batch wait until 60,000.
 */
export function testOutboxShedding(
  name: string,
  open: (waitsUntil: (signal: Signal) => EpochMs) => { outbox: Outbox } & Disposable,
): void {
  const openOne = () =>
    open(({ latencyClass, severity }) =>
      toEpochMs(latencyClass === 'Batch' && severity !== 'Critical' ? later : 0),
    );
  const ask = (outbox: Outbox, query: Partial<WaitingQuery>) =>
    outbox.waitingEpisodes({ kind: 'ended', severity: 'Low', before: now, limit: 9, ...query });

  test(`${name}: a signal of a class that is not urgent waits for its time`, async () => {
    using box = openOne();
    const { outbox } = box;
    const batch = makeSignal('batch', 0, { latencyClass: 'Batch' });
    const other = makeSignal('other');
    await record(outbox, batch, other);
    assert.deepEqual(await dueKeys(outbox, toEpochMs(59_999)), keysOf(other));
    assert.equal((await outbox.ready(now)).High, 1);
    assert.deepEqual(await dueKeys(outbox, later), keysOf(batch, other));
  });

  test(`${name}: what is behind it and urgent takes it along, and the order of phases stays`, async () => {
    using box = openOne();
    const { outbox } = box;
    const batch = makeSignal('batch', 0, { latencyClass: 'Batch', severity: 'Low' });
    const worse = makeSignal('batch', 1, { latencyClass: 'Batch', severity: 'Critical' });
    await record(outbox, batch);
    assert.deepEqual(await dueKeys(outbox), []);
    await record(outbox, worse);
    assert.deepEqual(await dueKeys(outbox), keysOf(batch));
    await tell(outbox, batch);
    assert.deepEqual(await dueKeys(outbox), keysOf(worse));
  });

  test(`${name}: as many as fill a request wait no longer`, async () => {
    using box = openOne();
    const { outbox } = box;
    const many = Array.from({ length: 200 }, (_, index) =>
      makeSignal(`batch ${index}`, 0, { latencyClass: 'Batch' }),
    );
    await record(outbox, ...many.slice(0, 199));
    assert.deepEqual(await dueKeys(outbox), []);
    await record(outbox, ...many.slice(199));
    assert.deepEqual(await dueKeys(outbox), keysOf(...many));
  });

  test(`${name}: of one severity, episodes that go on come before those that are over, each oldest first`, async () => {
    using box = openOne();
    const { outbox } = box;
    const [over, , end] = episode('over', 'Critical');
    const [goesOn] = episode('goes on', 'Critical');
    const [also] = episode('also', 'Critical');
    const [high] = episode('high', 'High');
    await record(outbox, over, end, high);
    await record(outbox, goesOn, also);
    assert.deepEqual(await dueKeys(outbox), keysOf(goesOn, also, over, high));
    const back = makeSignal('over', 3, { severity: 'Critical' });
    await record(outbox, back);
    assert.deepEqual(await dueKeys(outbox), keysOf(over, goesOn, also, high), 'trouble is back');
  });

  test(`${name}: a suppressed event is never published, is counted, and its turn passes on`, async () => {
    using box = openOne();
    const { outbox } = box;
    const [opened, updated] = episode('a', 'Low');
    await record(outbox, opened, updated);
    assert.deepEqual(await outbox.suppress(shed(opened)), keysOf(opened));
    assert.deepEqual(await outbox.suppress(shed(opened)), [], 'once');
    assert.deepEqual(await dueKeys(outbox), keysOf(updated));
    const counts = await outbox.counts();
    assert.deepEqual([counts.pending, counts.suppressed, counts.coalesced], [1, 1, 0]);
    await record(outbox, opened);
    assert.deepEqual(await dueKeys(outbox), keysOf(updated), 'it does not come back');
    assert.equal(await outbox.prune(toEpochMs(now + 1)), 1);
  });

  test(`${name}: what may be on the event bus is never suppressed`, async () => {
    using box = openOne();
    const { outbox } = box;
    const [tried, , cleared] = episode('tried', 'Low');
    const [published] = episode('published', 'Low');
    await record(outbox, tried, cleared, published);
    const retry = { kind: 'retry', reason: 'lost', at: now, retryAt: now, counted: false } as const;
    await outbox.settle([{ ...retry, eventKey: tried.eventKey }]);
    await outbox.settle([{ kind: 'published', eventKey: published.eventKey, at: now }]);
    assert.deepEqual(await outbox.suppress(shed(tried, published)), []);
    assert.deepEqual(waitingKeys(await ask(outbox, {})), []);
  });

  test(`${name}: it finds what was over before anybody was told, by severity, the oldest first`, async () => {
    using box = openOne();
    const { outbox } = box;
    const [first, , firstEnd] = episode('first', 'Low');
    const [second, , secondEnd] = episode('second', 'Low');
    const [medium, , mediumEnd] = episode('medium', 'Medium');
    const [goesOn] = episode('goes on', 'Low');
    const [told, , toldEnd] = episode('told', 'Low');
    await record(outbox, told);
    await tell(outbox, told);
    await record(outbox, first, firstEnd, second, medium, goesOn, toldEnd, secondEnd, mediumEnd);
    const [one, two] = [keysOf(first, firstEnd), keysOf(second, secondEnd)];
    assert.deepEqual(waitingKeys(await ask(outbox, {})), [one, two]);
    assert.deepEqual(waitingKeys(await ask(outbox, { limit: 1 })), [one]);
    assert.deepEqual(waitingKeys(await ask(outbox, { severity: 'Medium' })), [
      keysOf(medium, mediumEnd),
    ]);
    assert.deepEqual(waitingKeys(await ask(outbox, { severity: 'High' })), []);
    await outbox.suppress(shed(first, firstEnd));
    assert.deepEqual(waitingKeys(await ask(outbox, {})), [two]);
  });

  test(`${name}: it finds what goes on and was noticed before a time`, async () => {
    using box = openOne();
    const { outbox } = box;
    const [old] = episode('old', 'Low', 1_000);
    const [fresh] = episode('fresh', 'Low', 5_000);
    const [over, , end] = episode('over', 'Low', 1_000);
    await record(outbox, old, fresh, over, end);
    const query = { kind: 'open', before: toEpochMs(5_000) } as const;
    assert.deepEqual(waitingKeys(await ask(outbox, query)), [keysOf(old)]);
    assert.deepEqual(waitingKeys(await ask(outbox, { ...query, before: now })), [
      keysOf(old),
      keysOf(fresh),
    ]);
  });

  test(`${name}: the end of an episode whose beginning was suppressed is untold, until something is told`, async () => {
    using box = openOne();
    const { outbox } = box;
    const [opened, updated, cleared, back] = episode('a', 'Low');
    const untold = async (): Promise<boolean | undefined> => (await outbox.due(now, 1))[0]?.untold;
    await record(outbox, opened);
    assert.equal(await untold(), false);
    await outbox.suppress(shed(opened));
    await record(outbox, updated);
    await outbox.suppress(shed(updated));
    await record(outbox, cleared);
    assert.equal(await untold(), true);
    await outbox.suppress(shed(cleared));
    await record(outbox, back);
    await tell(outbox, back);
    await record(outbox, makeSignal('a', 4, { phase: 'Cleared', severity: 'Low' }));
    assert.equal(await untold(), false, 'the org has a Case');
  });

  test(`${name}: the end of an episode that was told is not untold, whatever was suppressed since`, async () => {
    using box = openOne();
    const { outbox } = box;
    const [opened, updated, cleared] = episode('a', 'Low');
    const [strange, , strangeEnd] = episode('strange', 'Low');
    await record(outbox, opened, strange);
    await outbox.suppress(shed(strange));
    await tell(outbox, opened);
    await record(outbox, updated);
    await outbox.suppress(shed(updated));
    await record(outbox, cleared, strangeEnd);
    const due = await outbox.due(now, 9);
    assert.deepEqual(
      due.map(({ signal, untold }) => [signal.eventKey, untold]),
      [
        [cleared.eventKey, false],
        [strangeEnd.eventKey, true],
      ],
    );
    const { before } = await outbox.story(cleared.eventKey);
    assert.deepEqual(before, { phase: 'Opened', severity: 'Low', acted: true });
  });
}
