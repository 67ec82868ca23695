import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../model/result.ts';
import { until } from '../testing/until.ts';
import type { Notice, NoticeHandler, Notices, NoticeTrouble } from './notices.ts';
import type { OrgFailure } from './publisher.ts';

export interface NoticesHarness extends AsyncDisposable {
  readonly notices: Notices;
  publish(recordId: string): void;
  /** The org goes away: what is open breaks, and nothing can be opened. */
  goAway(): void;
  comeBack(): void;
  /** The org forgets where subscriptions ended; notices may be lost by it. */
  forget(): void;
}

/** A subscription that runs beside the test. */
interface Listener {
  readonly seen: string[];
  readonly missed: boolean[];
  readonly troubles: NoticeTrouble[];
  readonly ended: Promise<Result<void, OrgFailure>>;
  stop(): Promise<Result<void, OrgFailure>>;
}

function startListening(
  notices: Notices,
  take: (batch: readonly Notice[]) => Promise<void> = async () => undefined,
): Listener {
  const stop = new AbortController();
  const seen: string[] = [];
  const missed: boolean[] = [];
  const troubles: NoticeTrouble[] = [];
  const handler: NoticeHandler = {
    async take(batch) {
      await take(batch);
      seen.push(...batch.map(({ recordId }) => recordId));
    },
    listening: (gap) => void missed.push(gap),
    trouble: (trouble) => void troubles.push(trouble),
  };
  const ended = notices.listen(handler, stop.signal);
  ended.catch(() => undefined);
  return {
    seen,
    missed,
    troubles,
    ended,
    stop() {
      stop.abort();
      return ended;
    },
  };
}

/** What every source of notices promises. */
export function testNotices(name: string, open: () => Promise<NoticesHarness>): void {
  const listening = (listener: Listener) => until('listening', () => listener.missed.length > 0);

  test(`${name}: the first subscription hands over what is new, whole and in order`, async () => {
    await using harness = await open();
    harness.publish('old');
    const listener = startListening(harness.notices, async ([first]) => {
      assert.equal(first?.kind, 'Telemetry');
    });
    await listening(listener);
    assert.deepEqual(listener.missed, [true]);
    for (const id of ['a', 'b', 'c']) harness.publish(id);
    await until('three notices', () => listener.seen.length === 3);
    assert.deepEqual(listener.seen, ['a', 'b', 'c']);
    assert.deepEqual(await listener.stop(), { ok: true, value: undefined });
  });

  test(`${name}: the next subscription goes on behind the last notice that was taken`, async () => {
    await using harness = await open();
    const first = startListening(harness.notices);
    await listening(first);
    harness.publish('a');
    await until('taken', () => first.seen.length === 1);
    await first.stop();
    harness.publish('b');
    const second = startListening(harness.notices);
    await until('the one between', () => second.seen.length === 1);
    assert.deepEqual(second.seen, ['b']);
    assert.deepEqual(second.missed, [false]);
    await second.stop();
  });

  test(`${name}: what was not taken comes again, and nothing overtakes it`, async () => {
    await using harness = await open();
    const before = startListening(harness.notices);
    await listening(before);
    harness.publish('a');
    await until('taken', () => before.seen.length === 1);
    await before.stop();
    const first = startListening(harness.notices, () => Promise.reject(new Error('not now')));
    harness.publish('b');
    harness.publish('c');
    await assert.rejects(first.ended, /not now/);
    const second = startListening(harness.notices);
    await until('both', () => second.seen.length === 2);
    assert.deepEqual(second.seen, ['b', 'c']);
    await second.stop();
  });

  test(`${name}: a slow handler gets everything, one call at a time`, async () => {
    await using harness = await open();
    let inHand = 0;
    const listener = startListening(harness.notices, async (batch) => {
      inHand += 1;
      assert.equal(inHand, 1);
      assert.ok(batch.length <= 100);
      await sleep(5);
      inHand -= 1;
    });
    await listening(listener);
    const ids = Array.from({ length: 350 }, (_, index) => `r${index}`);
    for (const id of ids) harness.publish(id);
    await until('all', () => listener.seen.length === ids.length);
    assert.deepEqual(listener.seen, ids);
    await listener.stop();
  });

  test(`${name}: a stop waits for the notices in hand and keeps them taken`, async () => {
    await using harness = await open();
    let isTaken = false;
    const listener = startListening(harness.notices, async () => {
      isTaken = true;
      await sleep(50);
    });
    await listening(listener);
    harness.publish('a');
    await until('in hand', () => isTaken);
    await listener.stop();
    assert.deepEqual(listener.seen, ['a']);
    const next = startListening(harness.notices);
    await listening(next);
    harness.publish('b');
    await until('the next', () => next.seen.length > 0);
    assert.deepEqual(next.seen, ['b']);
    await next.stop();
  });

  test(`${name}: an org that goes away ends it with a reason; back again nothing is missing`, async () => {
    await using harness = await open();
    const first = startListening(harness.notices);
    await listening(first);
    harness.publish('a');
    await until('taken', () => first.seen.length === 1);
    harness.goAway();
    const ended = await first.ended;
    assert.ok(!ended.ok && ended.error.kind === 'unreachable');
    assert.ok(!(await startListening(harness.notices).ended).ok);
    harness.comeBack();
    harness.publish('b');
    const second = startListening(harness.notices);
    await until('the one meanwhile', () => second.seen.length === 1);
    assert.deepEqual([second.seen, second.missed], [['b'], [false]]);
    await second.stop();
  });

  test(`${name}: an org that has forgotten the place is told about, and heard from then on`, async () => {
    await using harness = await open();
    const first = startListening(harness.notices);
    await listening(first);
    harness.publish('a');
    await until('taken', () => first.seen.length === 1);
    await first.stop();
    harness.forget();
    const second = startListening(harness.notices);
    await listening(second);
    assert.deepEqual(second.missed, [true]);
    assert.deepEqual(
      second.troubles.map(({ kind }) => kind),
      ['lost-place'],
    );
    harness.publish('b');
    await until('new ones', () => second.seen.includes('b'));
    await second.stop();
  });
}
