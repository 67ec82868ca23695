import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { toEpochMs } from '../../../model/brand.ts';
import type { NoticeHandler, NoticeTrouble } from '../../../ports/notices.ts';
import { testNotices } from '../../../ports/notices.contract.ts';
import { startFakeOrg } from '../../../testing/fakeOrg.ts';
import { until } from '../../../testing/until.ts';
import { makeMemoryPlaces } from '../../log/memoryPlaces.ts';
import { makeMemoryNotices } from '../memoryNotices.ts';
import { makeSessions } from '../token.ts';
import { makePubSubRpc } from './rpc.ts';
import { makePubSubNotices } from './subscriber.ts';
import type { SubscriberTimes } from './subscriber.ts';

const away = { kind: 'unreachable', reason: 'The org is away.', action: 'Wait.' } as const;

async function setUp(changes: Partial<SubscriberTimes> = {}, namespace = '') {
  const org = await startFakeOrg();
  const { endpoint, ca } = org.pubsub;
  const bus = org.pubsub.notices;
  bus.prefix = namespace === '' ? '' : `${namespace}__`;
  const login = { clientId: 'c', username: 'u', privateKey: org.privateKey };
  const sessions = makeSessions({ loginUrl: org.loginUrl, ...login }, () => toEpochMs(Date.now()));
  const rpc = makePubSubRpc({ endpoint, ca });
  const places = makeMemoryPlaces();
  const times = { silentMs: 5_000, fetchWithinMs: 1_000, settleMs: 100, ...changes };
  const notices = makePubSubNotices({ rpc, sessions, places, endpoint, namespace, times });
  const stop = new AbortController();
  const seen: string[] = [];
  const missed: boolean[] = [];
  const troubles: NoticeTrouble[] = [];
  const handler: NoticeHandler = {
    async take(batch) {
      seen.push(...batch.map(({ kind, recordId }) => `${kind} ${recordId}`));
    },
    listening: (gap) => void missed.push(gap),
    trouble: (trouble) => void troubles.push(trouble),
  };
  return {
    org,
    bus,
    places,
    notices,
    handler,
    seen,
    missed,
    troubles,
    listen: (changed: Partial<NoticeHandler> = {}) =>
      notices.listen({ ...handler, ...changed }, stop.signal),
    stop: () => stop.abort(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      rpc.close();
      await org[Symbol.asyncDispose]();
    },
  };
}

testNotices('pub/sub', async () => {
  const box = await setUp();
  return {
    notices: box.notices,
    publish: (recordId) => box.bus.publish('Telemetry', recordId),
    goAway() {
      box.bus.topicRefusal = { code: status.UNAVAILABLE };
      box.bus.breakCalls(status.UNAVAILABLE);
    },
    comeBack: () => (box.bus.topicRefusal = undefined),
    forget: () => (box.bus.forgotten = true),
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  };
});
testNotices('memory', async () => {
  const notices = makeMemoryNotices();
  return {
    notices,
    publish: (recordId) => notices.publish({ kind: 'Telemetry', recordId }),
    goAway: () => (notices.failure = away),
    comeBack: () => (notices.failure = undefined),
    forget: () => notices.forget(),
    [Symbol.asyncDispose]: async () => undefined,
  };
});

test('never more than a hundred events are asked for, and more only once they are taken', async () => {
  await using box = await setUp({ fetchWithinMs: 60_000 });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let taken = 0;
  const listening = box.listen({
    take: async (batch) => {
      await released;
      taken += batch.length;
    },
  });
  await until('listening', () => box.missed.length > 0);
  box.bus.perResponse = 30;
  for (let index = 0; index < 250; index += 1) box.bus.publish('Telemetry', `r${index}`);
  await sleep(100);
  assert.deepEqual(box.bus.asked, [100]);
  release();
  await until('all are taken', () => taken === 250);
  const total = (): number => box.bus.asked.reduce((sum, count) => sum + count, 0);
  await until('a hundred are asked for again', () => total() === 350);
  assert.equal(box.bus.mostPending, 100);
  box.stop();
  assert.ok((await listening).ok);
});

test('while a handler is slow one event is asked for in time, so that the server does not give up', async () => {
  await using box = await setUp({ fetchWithinMs: 50 });
  let release: () => void = () => undefined;
  const listening = box.listen({ take: () => new Promise((resolve) => (release = resolve)) });
  await until('listening', () => box.missed.length > 0);
  for (let index = 0; index < 101; index += 1) box.bus.publish('Telemetry', `r${index}`);
  await until('one more is asked for', () => box.bus.asked.length >= 2);
  assert.deepEqual(box.bus.asked.slice(0, 2), [100, 1]);
  box.stop();
  release();
  await listening;
});

test('the place of a sign of life is kept, too, as the bytes the org gave', async () => {
  await using box = await setUp();
  void box.listen();
  await until('listening', () => box.missed.length > 0);
  box.bus.publish('Telemetry', 'a');
  await until('a place is kept', () => box.places.places.size === 1);
  const [name] = box.places.places.keys();
  assert.equal(name, '00D000000000001AAA/event/Signal_Notice__e');
  const text = () => Buffer.from(box.places.places.get(name ?? '') ?? []).toString('latin1');
  assert.equal(text(), 'at:1:\u00ff');
  box.places.places.clear();
  box.bus.keepAlive();
  await until('kept again', () => text() === 'at:1:\u00ff');
});

test('a place that cannot be stored is told, and the notices are handed over all the same', async () => {
  await using box = await setUp();
  box.places.refuse = { kind: 'full', reason: 'no space left' };
  void box.listen();
  await until('listening', () => box.missed.length > 0);
  box.bus.publish('Telemetry', 'a');
  await until('told', () => box.troubles.length > 0);
  assert.deepEqual(box.troubles, [{ kind: 'not-kept', reason: 'no space left' }]);
  assert.deepEqual(box.seen, ['Telemetry a']);
});

test('a connection that gives no sign of life is given up; signs of life keep it', async () => {
  await using box = await setUp({ silentMs: 300 });
  const listening = box.listen();
  await until('listening', () => box.bus.open() === 1);
  const from = performance.now();
  while (performance.now() - from < 600) {
    box.bus.keepAlive();
    await sleep(50);
  }
  assert.equal(box.bus.open(), 1);
  const ended = await listening;
  assert.ok(!ended.ok && ended.error.kind === 'unreachable');
  assert.match(ended.error.reason, /nothing heard for/);
  await until('the server sees it closed', () => box.bus.open() === 0);
});

test('a session that ended is renewed, whenever that shows', async () => {
  await using box = await setUp();
  void box.listen();
  await until('listening', () => box.missed.length > 0);
  assert.equal(box.org.tokens, 1);
  box.stop();
  // The token that was handed out is no longer the valid one.
  box.org.tokens = 5;
  const again = new AbortController();
  const second = box.notices.listen(box.handler, again.signal);
  await until('listening again', () => box.missed.length === 2);
  assert.equal(box.org.tokens, 6);
  box.bus.breakCalls(status.UNAUTHENTICATED, 'service.auth.error');
  const ended = await second;
  assert.ok(!ended.ok);
  assert.equal(ended.error.kind, 'unreachable', 'for which nobody waits long, nor is told');
  assert.equal(box.org.tokens, 7, 'and the next call has a session that works');
});

test('a place the org does not know: first everything it has, then what is new', async () => {
  await using box = await setUp();
  box.places.places.set('00D000000000001AAA/event/Signal_Notice__e', Buffer.from('nonsense'));
  const refusal = { code: status.INVALID_ARGUMENT };
  const errorCode = 'subscription.fetch.replayid.validation.failed';
  box.bus.callRefusals.push({ ...refusal, errorCode }, { ...refusal, errorCode });
  box.bus.publish('Telemetry', 'old');
  void box.listen();
  await until('listening', () => box.missed.length > 0);
  assert.deepEqual(
    box.bus.starts.map(({ replayPreset }) => replayPreset),
    ['CUSTOM', 'EARLIEST', 'LATEST'],
  );
  assert.deepEqual(
    box.troubles.map(({ kind, reason }) => `${kind} ${/Going on from .*/.exec(reason)?.[0]}`),
    ['lost-place Going on from the oldest notice it has.', 'lost-place Going on from what is new.'],
  );
  assert.deepEqual([box.seen, box.missed], [[], [true]]);
});

test('each code that says the place is no good leads a rung down, a repeated event does not', async () => {
  for (const [errorCode, presets] of [
    ['subscription.fetch.replayid.corrupted', ['CUSTOM', 'EARLIEST']],
    ['subscription.fetch.replayid.validation.failed', ['CUSTOM', 'EARLIEST']],
    ['subscription.fetch.replay.repeated', ['CUSTOM', 'CUSTOM']],
  ] as const) {
    await using box = await setUp();
    void box.listen();
    await until('listening', () => box.missed.length > 0);
    box.bus.publish('Telemetry', 'a');
    await until('taken', () => box.seen.length === 1);
    box.bus.breakCalls(status.UNAVAILABLE);
    box.bus.starts.length = 0;
    box.bus.callRefusals.push({ code: status.INVALID_ARGUMENT, errorCode });
    const ended = box.listen();
    // Where the call is only opened again, the caller does it.
    if (presets[1] === 'CUSTOM') {
      await ended;
      void box.listen();
    }
    await until('two calls', () => box.bus.starts.length === 2);
    assert.deepEqual(
      box.bus.starts.map(({ replayPreset }) => replayPreset),
      presets,
      errorCode,
    );
  }
});

test('a missing permission, topic or allocation ends it with what to do', async () => {
  const cases = [
    [{ canSubscribe: false }, 'configuration', /permission set Signal_Bridge/],
    [
      { topicRefusal: { code: status.NOT_FOUND, errorCode: 'topic.not.found' } },
      'configuration',
      /Install the package/,
    ],
    [
      {
        callRefusals: [
          { code: status.RESOURCE_EXHAUSTED, errorCode: 'subscription.limit.exceeded' },
        ],
      },
      'busy',
      /event deliveries are spent/,
    ],
  ] as const;
  for (const [change, kind, action] of cases) {
    await using box = await setUp();
    Object.assign(box.bus, change);
    const ended = await box.listen();
    assert.ok(!ended.ok);
    assert.equal(ended.error.kind, kind);
    assert.match(`${ended.error.reason} ${ended.error.action}`, action);
  }
});

test('a notice nobody can read is left out and told; the others go on', async () => {
  await using box = await setUp();
  void box.listen();
  await until('listening', () => box.missed.length > 0);
  box.bus.publishRaw(Buffer.from([1, 2, 3]));
  box.bus.publish('Telemetry', 'a');
  await until('the good one', () => box.seen.length === 1);
  box.bus.schemaRefusal = {
    code: status.PERMISSION_DENIED,
    errorCode: 'schema.meta.permission',
  };
  box.bus.publish('Telemetry', 'b', 'notice-unknown');
  box.bus.publish('Telemetry', 'c');
  await until('the next good one', () => box.seen.length === 2);
  assert.deepEqual(box.seen, ['Telemetry a', 'Telemetry c']);
  assert.deepEqual(
    box.troubles.map(({ kind }) => kind),
    ['unreadable', 'unreadable'],
  );
});

test('a new version of the event is read by its own schema, fetched once', async () => {
  await using box = await setUp();
  void box.listen();
  await until('listening', () => box.missed.length > 0);
  for (const id of ['a', 'b']) box.bus.publish('Telemetry', id, 'notice-1');
  await until('both', () => box.seen.length === 2);
  assert.equal(box.bus.schemaCalls, 2, 'one for each version');
  box.bus.schemaRefusal = { code: status.UNAVAILABLE };
  box.bus.publish('Telemetry', 'c', 'notice-2');
  await until('the call is given up', () => box.bus.open() === 0);
  box.bus.schemaRefusal = undefined;
  void box.listen();
  await until('the same notice', () => box.seen.length === 3);
  assert.equal(box.seen.at(-1), 'Telemetry c');
});

test('in an org where the package has a namespace, topic and fields carry it', async () => {
  await using box = await setUp({}, 'acme');
  void box.listen();
  await until('listening', () => box.missed.length > 0);
  box.bus.publish('Telemetry', 'a');
  await until('one', () => box.seen.length === 1);
  assert.deepEqual(box.seen, ['Telemetry a']);
  assert.equal(box.bus.starts[0]?.topicName, '/event/acme__Signal_Notice__e');
});
