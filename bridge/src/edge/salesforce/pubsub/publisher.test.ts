import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { test } from 'node:test';
import { toEpochMs } from '../../../model/brand.ts';
import { toRecordId } from '../../../model/identity.ts';
import type { Signal } from '../../../model/signal.ts';
import type { Publisher } from '../../../ports/publisher.ts';
import { startFakeOrg } from '../../../testing/fakeOrg.ts';
import type { FakeOrg } from '../../../testing/fakeOrg.ts';
import { makeSignal } from '../../../testing/signals.ts';
import { makeSessions } from '../token.ts';
import { makePubSubPublisher } from './publisher.ts';
import { makePubSubRpc } from './rpc.ts';

interface Setup extends AsyncDisposable {
  readonly org: FakeOrg;
  readonly bus: FakeOrg['pubsub'];
  readonly publisher: Publisher;
  /** What it said of events that are less than whole, in order. */
  readonly less: readonly (string | undefined)[];
}

const atOneTime = () => toEpochMs(1_790_000_000_000);

async function setUp(answerTimeoutMs = 2_000, clock = atOneTime): Promise<Setup> {
  const org = await startFakeOrg();
  const { endpoint, ca } = org.pubsub;
  const login = { clientId: 'c', username: 'u', privateKey: org.privateKey };
  const sessions = makeSessions({ loginUrl: org.loginUrl, ...login }, () => toEpochMs(Date.now()));
  const rpc = makePubSubRpc({ endpoint, ca });
  const less: (string | undefined)[] = [];
  const onLess = (text: string | undefined) => void less.push(text);
  const options = { rpc, sessions, endpoint, namespace: '', clock, answerTimeoutMs, onLess };
  const publisher = makePubSubPublisher(options);
  return {
    org,
    bus: org.pubsub,
    publisher,
    less,
    async [Symbol.asyncDispose]() {
      await publisher.close();
      await org[Symbol.asyncDispose]();
    },
  };
}

const events = (...signals: readonly Signal[]) =>
  signals.map((signal) => ({ signal, identity: { assetId: toRecordId('02i000000000001AAA') } }));
const some = (count: number): Signal[] =>
  Array.from({ length: count }, (_, index) => makeSignal(`episode ${index}`));

async function kinds(publisher: Publisher, signals: readonly Signal[]): Promise<string[]> {
  const { outcomes } = await publisher.publish(events(...signals));
  const byKey = new Map(outcomes.map((outcome) => [outcome.eventKey, outcome]));
  return signals.map(({ eventKey }) => {
    const outcome = byKey.get(eventKey);
    return outcome?.kind === 'retry' && outcome.ambiguous ? 'ambiguous' : String(outcome?.kind);
  });
}

test('events arrive with every field of the contract', async () => {
  await using setup = await setUp();
  const signal = makeSignal('a', 0, { value: 9.123_456_789 });
  assert.deepEqual(await kinds(setup.publisher, [signal]), ['published']);
  assert.deepEqual(
    { ...setup.bus.accepted[0] },
    {
      CreatedDate: 1_790_000_000_000,
      CreatedById: '005000000000001AAA',
      Event_Key__c: signal.eventKey,
      Episode_Key__c: signal.episodeKey,
      Phase__c: 'Opened',
      Schema_Version__c: 1,
      Signal_Type__c: 'fault.vibration-high',
      Severity__c: 'High',
      Confidence__c: 1,
      Device_Key__c: 'pump-001',
      Asset_Id__c: '02i000000000001AAA',
      Account_Id__c: null,
      Installation_Id__c: null,
      Occurred_At__c: 1_790_000_000_123,
      Occurred_At_Ms__c: 1_790_000_000_123,
      Detected_At__c: 1_790_000_000_500,
      Metric__c: 'vibration',
      Value__c: 9.123457,
      Baseline__c: 7.1,
      Unit__c: 'mm/s',
      Snapshot__c: '{}',
      Explanation__c: 'vibration is 9.5 mm/s, above 7.1 mm/s',
      Policy_Key__c: 'pump-vibration-high',
      Policy_Version__c: 1,
      Detector__c: 'threshold',
      Source__c: 'plant',
      Traceparent__c: `00-${signal.episodeKey.slice(0, 32)}-${signal.eventKey.slice(0, 16)}-01`,
    },
  );
});

test('topic, schema and stream are fetched once for many batches', async () => {
  await using setup = await setUp();
  for (const signal of some(5)) await kinds(setup.publisher, [signal]);
  const { topicCalls, schemaCalls, streams, requests } = setup.bus;
  assert.deepEqual(
    { topicCalls, schemaCalls, streams, requests },
    {
      topicCalls: 1,
      schemaCalls: 1,
      streams: 1,
      requests: [1, 1, 1, 1, 1],
    },
  );
});

test('a large batch goes in requests of at most 200 events and 3 MB', async () => {
  await using setup = await setUp();
  await kinds(setup.publisher, some(450));
  assert.deepEqual(setup.bus.requests, [200, 200, 50]);
  setup.bus.requests.length = 0;
  const snapshot = 'x'.repeat(32_000);
  await kinds(
    setup.publisher,
    some(150).map((signal) => ({ ...signal, snapshot })),
  );
  assert.equal(setup.bus.requests.length, 2);
});

test('batches on their way at once, and one after the other, do not mix', async () => {
  await using setup = await setUp();
  const batches = [1, 2, 3, 4, 5, 6].map((batch) =>
    Array.from({ length: 150 }, (_, index) => makeSignal(`b${batch} ${index}`)),
  );
  await Promise.all(batches.slice(0, 3).map((batch) => kinds(setup.publisher, batch)));
  for (const batch of batches.slice(3)) await kinds(setup.publisher, batch);
  const { accepted } = setup.bus;
  assert.equal(accepted.length, 900);
  assert.deepEqual(
    new Set(accepted.map((event) => event['Event_Key__c'])),
    new Set(batches.flat().map(({ eventKey }) => eventKey)),
  );
});

test('one refused event of a batch is told apart from its neighbours', async () => {
  await using setup = await setUp();
  setup.bus.react = () => ({ kind: 'refuse', places: [1], message: 'something is wrong' });
  assert.deepEqual(await kinds(setup.publisher, some(3)), ['published', 'retry', 'published']);
});

test('an event that breaks the contract is refused with the names of its fields, others go', async () => {
  await using setup = await setUp();
  const wrong = makeSignal('wrong', 0, { value: 1e15, explanation: 'x'.repeat(2_001), source: '' });
  const { outcomes } = await setup.publisher.publish(events(wrong, makeSignal('right')));
  const [refused, sent] = outcomes;
  assert.equal(sent?.kind, 'published');
  assert.ok(refused?.kind === 'permanent');
  assert.match(refused.reason, /Value__c is 1000000000000000, allowed is/);
  assert.match(refused.reason, /Explanation__c has 2001 characters, at most 2000 are allowed/);
  assert.match(refused.reason, /Source__c is missing/);
});

test('a stream closed while idle is opened again without anybody noticing', async () => {
  for (const errorCode of [undefined, 'publish.stream.sweeper.timeout']) {
    await using setup = await setUp();
    await kinds(setup.publisher, [makeSignal('a')]);
    setup.bus.closeIdleStreams(errorCode);
    const { outcomes, failure } = await setup.publisher.publish(events(makeSignal('b')));
    assert.deepEqual([outcomes[0]?.kind, failure], ['published', undefined]);
    assert.equal(setup.bus.streams, 2);
  }
});

test('a stream that ends with a request in flight is opened again and the request repeated', async () => {
  await using setup = await setUp();
  let calls = 0;
  setup.bus.react = () => {
    calls += 1;
    return calls === 1 ? { kind: 'close', code: status.OK } : { kind: 'accept' };
  };
  assert.deepEqual(await kinds(setup.publisher, some(2)), ['published', 'published']);
  assert.equal(setup.bus.accepted.length, 2);
});

test('when a stream dies in flight, the events without an answer are ambiguous', async () => {
  await using setup = await setUp();
  let calls = 0;
  setup.bus.react = () => {
    calls += 1;
    return calls === 1 ? { kind: 'accept' } : { kind: 'swallow' };
  };
  const outcomes = await kinds(setup.publisher, some(250));
  assert.deepEqual([...new Set(outcomes.slice(0, 200))], ['published']);
  assert.deepEqual([...new Set(outcomes.slice(200))], ['ambiguous']);
});

test('a request that nobody answers is given up and tried on a new stream later', async () => {
  await using setup = await setUp(200);
  setup.bus.react = () => ({ kind: 'silence' });
  const { outcomes, failure } = await setup.publisher.publish(events(makeSignal('a')));
  assert.equal(failure?.kind, 'unreachable');
  assert.match(failure.reason, /no answer within 200 ms/);
  assert.ok(outcomes[0]?.kind === 'retry' && outcomes[0].ambiguous, 'it may be on the bus');
  setup.bus.react = () => ({ kind: 'accept' });
  assert.deepEqual(await kinds(setup.publisher, [makeSignal('a')]), ['published']);
});

test('a session that is no longer valid is renewed, and the batch goes out', async () => {
  await using setup = await setUp();
  await kinds(setup.publisher, [makeSignal('a')]);
  assert.equal(setup.org.tokens, 1);
  // The token the publisher holds is now an old one; its open stream dies with it.
  setup.org.tokens = 2;
  let calls = 0;
  setup.bus.react = () => {
    calls += 1;
    if (calls > 1) return { kind: 'accept' };
    return { kind: 'close', code: status.UNAUTHENTICATED, errorCode: 'service.auth.error' };
  };
  assert.deepEqual(await kinds(setup.publisher, [makeSignal('b')]), ['published']);
  assert.equal(setup.org.tokens, 3);
  assert.equal(setup.bus.accepted.length, 2);
});

test('when the event definition changes, the schema is fetched again', async () => {
  await using setup = await setUp();
  await kinds(setup.publisher, [makeSignal('a')]);
  setup.bus.extraFields = [{ name: 'Note__c', type: ['null', 'string'], default: null }];
  let calls = 0;
  setup.bus.react = () => {
    calls += 1;
    if (calls > 1) return { kind: 'accept' };
    const errorCode = 'schema.validation.failed';
    return { kind: 'close', code: status.INVALID_ARGUMENT, errorCode };
  };
  assert.deepEqual(await kinds(setup.publisher, [makeSignal('b')]), ['published']);
  assert.equal(setup.bus.accepted[1]?.['Note__c'], null, 'a field we do not know stays null');
});

test('an overloaded, an unreachable and a misconfigured org are told apart', async () => {
  await using setup = await setUp();
  const failure = async (code: number, errorCode: string) => {
    setup.bus.react = () => ({ kind: 'close', code, errorCode });
    const { failure: why } = await setup.publisher.publish(events(makeSignal('a')));
    return why?.kind ?? 'ok';
  };
  assert.equal(await failure(status.RESOURCE_EXHAUSTED, 'service.protection.triggered'), 'busy');
  assert.equal(await failure(status.UNAVAILABLE, 'service.unavailable'), 'unreachable');
  assert.equal(await failure(status.PERMISSION_DENIED, 'topic.meta.permission'), 'configuration');
  assert.equal(await failure(status.INVALID_ARGUMENT, 'schema.validation.failed'), 'content');
});

test('where the hour is spent the events that were refused wait as they did', async () => {
  await using setup = await setUp();
  const message = 'LIMIT_EXCEEDED: the hourly publishing limit';
  setup.bus.react = () => ({ kind: 'refuse', places: [1, 2], message });
  const signals = some(450);
  const { outcomes, failure } = await setup.publisher.publish(events(...signals));
  assert.equal(failure?.kind, 'busy');
  assert.equal(failure.waitMs, 5 * 60_000);
  assert.match(failure.action, /event publishing is spent/);
  assert.equal(outcomes.length, 198, 'nothing is said about the others');
  assert.ok(outcomes.every(({ kind }) => kind === 'published'));
  assert.deepEqual(setup.bus.requests, [200], 'and no further request is made');
});

test('a service that takes no events now is told from an event it will never take', async () => {
  await using setup = await setUp();
  const refuse = async (message: string) => {
    setup.bus.react = () => ({ kind: 'refuse', places: [0], message });
    const { outcomes, failure } = await setup.publisher.publish(events(makeSignal('a')));
    return failure?.kind ?? outcomes[0]?.kind;
  };
  assert.equal(await refuse('PLATFORM_EVENT_PUBLISHING_UNAVAILABLE'), 'unreachable');
  assert.equal(await refuse('PLATFORM_EVENT_ENCRYPTION_ERROR'), 'configuration');
  assert.equal(await refuse('PLATFORM_EVENT_PUBLISH_FAILED'), 'retry');
  assert.equal(await refuse('STRING_TOO_LONG: Explanation__c'), 'permanent');
});

test('a schema that changes while all is well is noticed without being told', async () => {
  let now = 1_790_000_000_000;
  await using setup = await setUp(2_000, () => toEpochMs(now));
  await kinds(setup.publisher, [makeSignal('a')]);
  setup.bus.extraFields = [{ name: 'Note__c', type: ['null', 'string'], default: null }];
  now += 5 * 60_000;
  assert.deepEqual(await kinds(setup.publisher, [makeSignal('b')]), ['published']);
  assert.deepEqual([setup.bus.topicCalls, setup.bus.schemaCalls], [2, 2]);
  assert.equal(setup.bus.accepted[1]?.['Note__c'], null);
});

test('a field the org requires and the bridge does not know is named, and no event is given up for it', async () => {
  await using setup = await setUp();
  setup.bus.extraFields = [{ name: 'Plant__c', type: 'string' }];
  const { outcomes, failure } = await setup.publisher.publish(events(makeSignal('a')));
  assert.deepEqual(outcomes, []);
  assert.equal(failure?.kind, 'configuration');
  assert.match(failure.reason, /has Plant__c, which it requires and the bridge does not know\./);
});

test('a field of the contract that the org has lost stops everything with its name, until it is back', async () => {
  let now = 1_790_000_000_000;
  await using setup = await setUp(2_000, () => toEpochMs(now));
  await kinds(setup.publisher, [makeSignal('a')]);
  setup.bus.missingFields = ['Event_Key__c', 'Snapshot__c'];
  now += 5 * 60_000;
  const { outcomes, failure } = await setup.publisher.publish(events(makeSignal('b')));
  assert.deepEqual(outcomes, [], 'nothing is known against the event');
  assert.equal(failure?.kind, 'configuration');
  assert.match(failure.reason, /Asset_Signal__e has no Event_Key__c\./);
  setup.bus.missingFields = ['Snapshot__c'];
  assert.deepEqual(
    await kinds(setup.publisher, [makeSignal('b')]),
    ['published'],
    'it is optional',
  );
  assert.match(
    setup.less.at(-1) ?? '',
    /has no Snapshot__c: signals go out without. Install the package of this bridge/,
  );
  setup.bus.missingFields = [];
  now += 5 * 60_000;
  assert.deepEqual(await kinds(setup.publisher, [makeSignal('c')]), ['published']);
  assert.equal(setup.less.at(-1), undefined, 'they are whole again');
  assert.equal('Snapshot__c' in (setup.bus.accepted[1] ?? {}), false);
});

test('an endpoint with a certificate nobody vouches for says which setting to change', async () => {
  await using org = await startFakeOrg();
  const { endpoint } = org.pubsub;
  const login = { clientId: 'c', username: 'u', privateKey: org.privateKey };
  const clock = atOneTime;
  const sessions = makeSessions({ loginUrl: org.loginUrl, ...login }, clock);
  const onLess = () => undefined;
  const options = { sessions, endpoint, namespace: '', clock, answerTimeoutMs: 1_000, onLess };
  const publisher = makePubSubPublisher({ ...options, rpc: makePubSubRpc({ endpoint }) });
  const result = await publisher.probe();
  assert.ok(!result.ok && result.error.kind === 'unreachable');
  assert.match(result.error.action, /salesforce\.pubsub\.caFile/);
  await publisher.close();
});
