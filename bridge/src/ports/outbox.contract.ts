import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../model/brand.ts';
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

const acted = { disposition: 'Acted', reason: '', at: now } as const;

/** What every outbox promises. `open` gives an empty one. */
export function testOutbox(name: string, open: () => { outbox: Outbox } & Disposable): void {
  const [opened, updated, cleared] = [0, 1, 2].map((n) => makeSignal('a', n)) as [
    Signal,
    Signal,
    Signal,
  ];
  const other = makeSignal('b');

  test(`${name}: a signal comes back as it went in`, async () => {
    using box = open();
    await box.outbox.record(progress([opened]));
    assert.deepEqual(await box.outbox.due(now, 10), [
      { signal: opened, attempts: 0, followed: false, untold: false },
    ]);
  });

  test(`${name}: the same key twice is one event, also after it was published`, async () => {
    using box = open();
    await box.outbox.record(progress([opened, opened]));
    await publish(box.outbox, opened);
    await box.outbox.record(progress([opened]));
    assert.deepEqual(await dueKeys(box.outbox), []);
    assert.deepEqual(await box.outbox.counts(), {
      pending: 0,
      unreceipted: 1,
      failed: 0,
      coalesced: 0,
      suppressed: 0,
    });
  });

  test(`${name}: a phase waits until the one before it has its receipt`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, updated, other]));
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
    await outbox.settle([{ kind: 'failed', eventKey: opened.eventKey, reason: 'no', at: now }]);
    assert.deepEqual(await dueKeys(outbox), [updated.eventKey]);
    await publish(outbox, opened);
    assert.deepEqual(await outbox.counts(), {
      pending: 1,
      unreceipted: 0,
      failed: 1,
      coalesced: 0,
      suppressed: 0,
    });
  });

  test(`${name}: a retry waits for its time and counts its tries`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened]));
    const retry = { kind: 'retry', eventKey: opened.eventKey, reason: 'busy', at: now } as const;
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
      detectedAt: other.detectedAt,
      severity: other.severity,
    });
    const receipt = { eventKey: other.eventKey, reason: '', at: toEpochMs(3) };
    await outbox.receive([{ ...receipt, disposition: 'Suppressed' }]);
    await outbox.receive([{ ...receipt, disposition: 'Acted', at: toEpochMs(90_000) }]);
    assert.equal(await outbox.prune(toEpochMs(50_000)), 1, 'the receipt of the time 3 counts');
  });

  test(`${name}: of any keys it says which are awaited, as far as it remembers`, async () => {
    using box = open();
    const { outbox } = box;
    const pending = makeSignal('pending');
    const ended = makeSignal('ended');
    const batch = makeSignal('batch', 0, { latencyClass: 'Batch' });
    await outbox.record(progress([opened, pending, ended, batch]));
    for (const signal of [opened, ended, batch]) await publish(outbox, signal);
    await outbox.receive([{ ...acted, eventKey: ended.eventKey }]);
    const known = await outbox.unreceipted(10);
    assert.equal(known.find(({ eventKey }) => eventKey === batch.eventKey)?.latencyClass, 'Batch');
    const keys = [opened, pending, ended, batch, makeSignal('strange')].map((one) => one.eventKey);
    for (const event of await outbox.awaiting(keys)) {
      assert.deepEqual(
        event,
        known.find(({ eventKey }) => eventKey === event.eventKey),
      );
    }
  });

  test(`${name}: an event without a receipt can be published again`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, other]));
    await publish(outbox, opened);
    await publish(outbox, other);
    await outbox.receive([{ eventKey: other.eventKey, disposition: 'Acted', reason: '', at: now }]);
    const again = { reason: 'unknown to the org', at: now, retryAt: now, refusals: 0 };
    await outbox.republish([
      { ...again, eventKey: opened.eventKey },
      { ...again, eventKey: other.eventKey },
    ]);
    assert.deepEqual(await outbox.due(now, 10), [
      { signal: opened, attempts: 1, followed: false, untold: false, part: now },
    ]);
    await publish(outbox, opened);
    const [waiting] = await outbox.unreceipted(1);
    assert.equal(waiting?.publishes, 2);
  });

  test(`${name}: a refused event waits for its time, goes apart and remembers its refusals`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, updated]));
    await publish(outbox, opened);
    const { eventKey } = opened;
    const retryAt = toEpochMs(20_000);
    await outbox.republish([{ eventKey, reason: 'refused', at: now, retryAt, refusals: 2 }]);
    assert.deepEqual(await dueKeys(outbox, toEpochMs(19_999)), [], 'its next phase waits, too');
    assert.deepEqual(await outbox.due(retryAt, 10), [
      { signal: opened, attempts: 1, followed: false, untold: false, part: retryAt },
    ]);
    await publish(outbox, opened);
    const [waiting] = await outbox.unreceipted(1);
    assert.deepEqual([waiting?.publishes, waiting?.refusals], [2, 2]);
  });

  test(`${name}: tries that came to nothing are no publishes`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened]));
    const retry = { kind: 'retry', eventKey: opened.eventKey, reason: 'busy', at: now } as const;
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
    const retry = { kind: 'retry', reason: 'busy', at: now, retryAt: now, counted: true } as const;
    await outbox.settle([{ ...retry, eventKey }]);
    await outbox.record(progress([other]));
    assert.deepEqual(await dueKeys(outbox), [other.eventKey, eventKey]);
  });

  test(`${name}: it says how many are due, each as severe as the worst behind it`, async () => {
    using box = open();
    const { outbox } = box;
    const [first, worse] = [0, 1].map((n) =>
      makeSignal('worse', n, { severity: n === 0 ? 'Low' : 'Critical' }),
    ) as [Signal, Signal];
    const low = makeSignal('low', 0, { severity: 'Low' });
    await outbox.record(progress([first, worse, low, opened, updated]));
    const none = { Critical: 0, High: 0, Medium: 0, Low: 0 };
    assert.deepEqual(await outbox.ready(now), { ...none, Critical: 1, High: 1, Low: 1 });
    const retryAt = toEpochMs(now + 1);
    const { eventKey } = low;
    await outbox.settle([
      { kind: 'retry', eventKey, reason: 'busy', at: now, retryAt, counted: true },
    ]);
    await publish(outbox, opened);
    assert.deepEqual(await outbox.ready(now), { ...none, Critical: 1 });
    assert.deepEqual(await outbox.ready(retryAt), { ...none, Critical: 1, Low: 1 });
  });

  test(`${name}: everything that has ended and is old is dropped`, async () => {
    using box = open();
    const { outbox } = box;
    const many = Array.from({ length: 450 }, (_, index) => makeSignal(`e${index}`));
    await outbox.record(progress(many));
    await outbox.settle(many.map(({ eventKey }) => ({ kind: 'published', eventKey, at: now })));
    const ended = many.slice(0, 449);
    await outbox.receive(ended.map(({ eventKey }) => ({ ...acted, eventKey })));
    assert.equal(await outbox.prune(now), 0);
    assert.equal(await outbox.prune(toEpochMs(now + 1)), 449);
    assert.equal((await outbox.counts()).unreceipted, 1);
  });

  test(`${name}: only events with a receipt are ever dropped`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened, other, makeSignal('c')]));
    await outbox.settle([{ kind: 'failed', eventKey: other.eventKey, reason: 'no', at: now }]);
    await publish(outbox, opened);
    assert.equal(await outbox.prune(toEpochMs(1e15)), 0);
  });

  test(`${name}: the most severe goes first, and only those who may`, async () => {
    using box = open();
    const { outbox } = box;
    const [low, medium, critical, high] = (['Low', 'Medium', 'Critical', 'High'] as const).map(
      (severity) => makeSignal(severity, 0, { severity }),
    ) as [Signal, Signal, Signal, Signal];
    await outbox.record(progress([low, medium, critical, high]));
    const keys = [critical, high, medium, low].map(({ eventKey }) => eventKey);
    assert.deepEqual(await dueKeys(outbox), keys);
    const severe = await outbox.due(now, 100, 'High');
    assert.deepEqual(
      severe.map(({ signal }) => signal.eventKey),
      keys.slice(0, 2),
    );
    const retry = { kind: 'retry', reason: 'busy', at: now, counted: true } as const;
    const retryAt = toEpochMs(1);
    await outbox.settle(
      [critical, medium].map(({ eventKey }) => ({ ...retry, eventKey, retryAt })),
    );
    await outbox.record(progress([makeSignal('new', 0, { severity: 'Critical' })]));
    assert.deepEqual(
      await dueKeys(outbox),
      [makeSignal('new').eventKey, ...keys],
      'new ones first',
    );
  });

  test(`${name}: what has to go before something severe is as urgent as that`, async () => {
    using box = open();
    const { outbox } = box;
    const low = { severity: 'Low' } as const;
    const [first, begin] = [makeSignal('first', 0, low), makeSignal('worse', 0, low)];
    await outbox.record(progress([first, begin]));
    assert.deepEqual(await dueKeys(outbox), [first.eventKey, begin.eventKey]);
    await outbox.record(progress([makeSignal('worse', 1, { severity: 'Critical' })]));
    assert.deepEqual(await dueKeys(outbox), [begin.eventKey, first.eventKey]);
    const severe = await outbox.due(now, 10, 'High');
    assert.deepEqual(
      severe.map(({ signal }) => signal.eventKey),
      [begin.eventKey],
    );
    const { waiting } = await outbox.story(begin.eventKey);
    assert.deepEqual(
      waiting.map(({ severity }) => severity),
      ['Low', 'Critical'],
      'what it says itself stays as it is',
    );
  });

  test(`${name}: an event that is overtaken ends without being published, and its turn passes on`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([opened]));
    await publish(outbox, opened);
    await outbox.record(progress([updated, cleared]));
    await outbox.receive([{ ...acted, eventKey: opened.eventKey }]);
    const [entry] = await outbox.due(now, 10);
    assert.equal(entry?.followed, true);
    assert.deepEqual(await outbox.story(updated.eventKey), {
      before: { phase: 'Opened', severity: 'High', acted: true },
      waiting: [updated, cleared].map((signal) => {
        const { eventKey, phase, sequence, severity, occurredAt, detectedAt } = signal;
        return { eventKey, phase, sequence, severity, occurredAt, detectedAt, tried: false };
      }),
    });
    const overtaken = { eventKey: updated.eventKey, by: cleared.eventKey, reason: 'said', at: now };
    assert.equal(await outbox.coalesce([overtaken]), 1);
    assert.equal(await outbox.coalesce([overtaken]), 0, 'once');
    const [next] = await outbox.due(now, 10);
    assert.deepEqual([next?.signal.eventKey, next?.followed], [cleared.eventKey, false]);
    assert.deepEqual(await outbox.counts(), {
      pending: 1,
      unreceipted: 0,
      failed: 0,
      coalesced: 1,
      suppressed: 0,
    });
    assert.equal(await outbox.prune(toEpochMs(now + 1)), 2);
  });

  for (const end of ['failed', 'Missing', 'Failed'] as const) {
    test(`${name}: what was overtaken goes after all where the overtaking event ends ${end}`, async () => {
      using box = open();
      const { outbox } = box;
      await outbox.record(progress([updated, cleared, makeSignal('a', 3)]));
      const { eventKey } = cleared;
      await outbox.coalesce([{ eventKey: updated.eventKey, by: eventKey, reason: '', at: now }]);
      if (end === 'failed') {
        await outbox.settle([{ kind: 'failed', eventKey, reason: 'no', at: now }]);
      } else {
        await publish(outbox, cleared);
        await outbox.receive([{ eventKey, disposition: end, reason: '', at: now }]);
      }
      assert.deepEqual(await dueKeys(outbox), [updated.eventKey], 'before anything later');
    });
  }

  test(`${name}: what may be on the event bus already is never overtaken`, async () => {
    using box = open();
    const { outbox } = box;
    await outbox.record(progress([updated, cleared]));
    const { eventKey } = updated;
    const retry = { kind: 'retry', eventKey, reason: 'lost', at: now, retryAt: now } as const;
    await outbox.settle([{ ...retry, counted: false }]);
    const [entry] = await outbox.due(now, 10);
    assert.equal(entry?.followed, false);
    assert.equal((await outbox.story(eventKey)).waiting[0]?.tried, true);
    assert.equal(
      await outbox.coalesce([{ eventKey, by: cleared.eventKey, reason: '', at: now }]),
      0,
    );
    assert.deepEqual(await dueKeys(outbox), [eventKey]);
  });

  test(`${name}: what was published since a time is counted, and asked for in windows`, async () => {
    using box = open();
    const { outbox } = box;
    const signals = [1, 2, 3].map((at) => makeSignal(`at ${at}`));
    await outbox.record(progress(signals));
    await outbox.settle(
      signals.map(({ eventKey }, i) => ({ kind: 'published', eventKey, at: toEpochMs(i + 1) })),
    );
    assert.equal(await outbox.inFlight(toEpochMs(0)), 3);
    assert.equal(await outbox.inFlight(toEpochMs(2)), 2);
    const window = await outbox.unreceipted(1, 1);
    assert.deepEqual(
      window.map(({ eventKey }) => eventKey),
      [signals[1]?.eventKey],
    );
    await outbox.receive([{ ...acted, eventKey: makeSignal('at 3').eventKey }]);
    assert.equal(await outbox.inFlight(toEpochMs(2)), 1);
  });
}
