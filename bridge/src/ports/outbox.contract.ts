import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs, toLogPosition } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import { makeSignal } from '../testing/signals.ts';
import type { Outbox, Progress } from './outbox.ts';

const now = toEpochMs(10_000);
const progress = (signals: readonly Signal[], changes: Partial<Progress> = {}): Progress => ({
  signals,
  recordedAt: now,
  ...changes,
});
const dueKeys = async (outbox: Outbox, at = now): Promise<string[]> =>
  (await outbox.due(at, 100)).map(({ signal }) => signal.eventKey);
const publish = (outbox: Outbox, { eventKey }: Signal): Promise<void> =>
  outbox.settle([{ kind: 'published', eventKey, at: now }]);

/** What every outbox promises. `open` gives an empty one. */
export function testOutbox(name: string, open: () => { outbox: Outbox } & Disposable): void {
  const [opened, updated, cleared] = [0, 1, 2].map((n) => makeSignal('a', n as 0 | 1 | 2)) as [
    Signal,
    Signal,
    Signal,
  ];
  const other = makeSignal('b');

  test(`${name}: what was recorded is restored`, async () => {
    using box = open();
    const { outbox } = box;
    assert.deepEqual(await outbox.restore(), { states: new Map(), cursor: 0 });
    const states = new Map([[toDeviceKey('pump-001'), '{"a":1}']]);
    const step = { states, cursor: toLogPosition(7), listenedAt: toEpochMs(5) };
    assert.ok((await outbox.record(progress([opened], { snapshot: step }))).ok);
    assert.deepEqual(await outbox.restore(), step);
    assert.equal(await outbox.cursor(), 7);
    const again = new Map([[toDeviceKey('pump-001'), '{"a":2}']]);
    await outbox.record(progress([], { snapshot: { states: again, cursor: toLogPosition(8) } }));
    assert.deepEqual(await outbox.restore(), { ...step, states: again, cursor: 8 });
  });

  test(`${name}: a signal comes back as it went in`, async () => {
    using box = open();
    await box.outbox.record(progress([opened]));
    assert.deepEqual(await box.outbox.due(now, 10), [
      { signal: opened, attempts: 0, alone: false },
    ]);
  });

  test(`${name}: the same key twice is one event, also after it was published`, async () => {
    using box = open();
    await box.outbox.record(progress([opened, opened]));
    await publish(box.outbox, opened);
    await box.outbox.record(progress([opened]));
    assert.deepEqual(await dueKeys(box.outbox), []);
    assert.deepEqual(await box.outbox.counts(), { pending: 0, unreceipted: 1, failed: 0 });
  });

  test(`${name}: a phase waits until the one before it has its receipt`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, updated, cleared, other]));
    assert.deepEqual(await dueKeys(outbox), [opened.eventKey, other.eventKey]);
    await publish(outbox, opened);
    assert.deepEqual(await dueKeys(outbox), [other.eventKey]);
    const receipt = {
      eventKey: opened.eventKey,
      disposition: 'Acted',
      reason: '',
      at: now,
    } as const;
    await outbox.receive([receipt]);
    assert.deepEqual(await dueKeys(outbox), [updated.eventKey, other.eventKey]);
  });

  test(`${name}: a dead letter lets the next phase go and stays dead`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, updated]));
    await outbox.settle([{ kind: 'failed', eventKey: opened.eventKey, reason: 'no' }]);
    assert.deepEqual(await dueKeys(outbox), [updated.eventKey]);
    await publish(outbox, opened);
    assert.deepEqual(await outbox.counts(), { pending: 1, unreceipted: 0, failed: 1 });
  });

  test(`${name}: a retry waits for its time and counts its tries`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened]));
    const retry = { kind: 'retry', eventKey: opened.eventKey, reason: 'busy' } as const;
    await outbox.settle([{ ...retry, retryAt: toEpochMs(20_000), counted: true }]);
    await outbox.settle([{ ...retry, retryAt: toEpochMs(30_000), counted: false }]);
    assert.deepEqual(await dueKeys(outbox, toEpochMs(29_999)), []);
    const [entry] = await outbox.due(toEpochMs(30_000), 1);
    assert.equal(entry?.attempts, 1);
  });

  test(`${name}: the longest waiting is asked for first, and the first receipt stays`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, other]));
    await outbox.settle([{ kind: 'published', eventKey: other.eventKey, at: toEpochMs(1) }]);
    await outbox.settle([{ kind: 'published', eventKey: opened.eventKey, at: toEpochMs(2) }]);
    const waiting = await outbox.unreceipted(10);
    assert.deepEqual(
      waiting.map(({ eventKey }) => eventKey),
      [other.eventKey, opened.eventKey],
    );
    assert.deepEqual(waiting[0], {
      eventKey: other.eventKey,
      episodeKey: other.episodeKey,
      publishedAt: 1,
      publishes: 1,
      refusals: 0,
    });
    const receipt = { eventKey: other.eventKey, reason: '', at: toEpochMs(3) };
    await outbox.receive([{ ...receipt, disposition: 'Suppressed' }]);
    await outbox.receive([{ ...receipt, disposition: 'Acted', at: toEpochMs(90_000) }]);
    assert.equal(await outbox.prune(toEpochMs(50_000)), 1, 'the receipt of the time 3 counts');
  });

  test(`${name}: an event without a receipt can be published again`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, other]));
    await publish(outbox, opened);
    await publish(outbox, other);
    await outbox.receive([{ eventKey: other.eventKey, disposition: 'Acted', reason: '', at: now }]);
    const again = { reason: 'unknown to the org', retryAt: now, refusals: 0 };
    await outbox.republish([
      { ...again, eventKey: opened.eventKey },
      { ...again, eventKey: other.eventKey },
    ]);
    assert.deepEqual(await outbox.due(now, 10), [{ signal: opened, attempts: 1, alone: false }]);
    await publish(outbox, opened);
    const [waiting] = await outbox.unreceipted(1);
    assert.equal(waiting?.publishes, 2);
  });

  test(`${name}: a refused event waits for its time, goes alone and remembers its refusals`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, updated]));
    await publish(outbox, opened);
    const { eventKey } = opened;
    const retryAt = toEpochMs(20_000);
    await outbox.republish([{ eventKey, reason: 'refused', retryAt, refusals: 2 }]);
    assert.deepEqual(await dueKeys(outbox, toEpochMs(19_999)), [], 'its next phase waits, too');
    assert.deepEqual(await outbox.due(retryAt, 10), [{ signal: opened, attempts: 1, alone: true }]);
    await publish(outbox, opened);
    const [waiting] = await outbox.unreceipted(1);
    assert.deepEqual([waiting?.publishes, waiting?.refusals], [2, 2]);
  });

  test(`${name}: tries that came to nothing are no publishes`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened]));
    const retry = { kind: 'retry', eventKey: opened.eventKey, reason: 'busy' } as const;
    await outbox.settle([{ ...retry, retryAt: now, counted: true }]);
    await outbox.settle([{ ...retry, retryAt: now, counted: true }]);
    await publish(outbox, opened);
    const [waiting] = await outbox.unreceipted(1);
    assert.equal(waiting?.publishes, 1);
  });

  test(`${name}: what is tried again does not hold up what is new`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened]));
    const { eventKey } = opened;
    const retry = { kind: 'retry', reason: 'busy', retryAt: now, counted: true } as const;
    await outbox.settle([{ ...retry, eventKey }]);
    await outbox.record(progress([other]));
    assert.deepEqual(await dueKeys(outbox), [other.eventKey, eventKey]);
  });

  test(`${name}: everything that has ended and is old is dropped`, async () => {
    using box = open();
    const { outbox } = box;
    const many = Array.from({ length: 450 }, (_, index) => makeSignal(`e${index}`));
    await outbox.record(progress(many));
    await outbox.settle(many.map(({ eventKey }) => ({ kind: 'published', eventKey, at: now })));
    const ended = many.slice(0, 449);
    const acted = { disposition: 'Acted', reason: '', at: now } as const;
    await outbox.receive(ended.map(({ eventKey }) => ({ ...acted, eventKey })));
    assert.equal(await outbox.prune(now), 0);
    assert.equal(await outbox.prune(toEpochMs(now + 1)), 449);
    assert.equal((await outbox.counts()).unreceipted, 1);
  });

  test(`${name}: only events with a receipt are ever dropped`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, other, makeSignal('c')]));
    await outbox.settle([{ kind: 'failed', eventKey: other.eventKey, reason: 'no' }]);
    await publish(outbox, opened);
    assert.equal(await outbox.prune(toEpochMs(1e15)), 0);
  });
}
