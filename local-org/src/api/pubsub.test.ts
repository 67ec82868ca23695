import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import grpc from '@grpc/grpc-js';
import { openTls } from '../cli/tls.ts';
import { spine } from '../automation/flowTestSpine.ts';
import { openFlowTestOrg, type FlowTestOrg } from '../automation/flowTestOrg.ts';
import { makeCodec } from '../events/codec.ts';
import type { Access } from './access.ts';
import { startPubSubServer } from './pubsub.ts';
import {
  loadPubSub,
  type FetchResponse,
  type PublishResponse,
  type SchemaInfo,
  type TopicInfo,
} from './pubsubMessages.ts';

const TOPIC = '/event/Job__e';
const INSTANCE = 'http://127.0.0.1:8080';
const folder = mkdtempSync(path.join(tmpdir(), 'pubsub-'));
const rights = { create: true, read: true };
let org: FlowTestOrg;
let server: { readonly port: number; close(): Promise<void> };
let client: grpc.Client;
let expired = false;

before(async () => {
  org = openFlowTestOrg(spine);
  const tls = await openTls(path.join(folder, 'tls'), Date.now());
  const access: Access = {
    session: (token) =>
      token === 'good' && !expired
        ? { userId: org.actor.userId, organizationId: org.organizationId }
        : undefined,
    mayRow: () => true,
    rowFilter: () => undefined,
    may: (_user, object, right) =>
      object === 'Job__e' && (right === 'create' ? rights.create : rights.read),
    mayField: () => true,
  };
  server = await startPubSubServer({
    host: '127.0.0.1',
    port: 0,
    tls: { key: tls.privateKey, cert: tls.certificate },
    access,
    bus: org.automation.bus,
    metadata: org.metadata,
    instanceUrl: INSTANCE,
    organizationId: org.organizationId,
    clock: org.clock,
    publishIdleMs: 1000,
    fetchIdleMs: 300,
    keepAliveMs: 150,
  });
  const PubSub = loadPubSub();
  const credentials = grpc.credentials.createSsl(readFileSync(tls.caFile));
  client = new PubSub(`localhost:${server.port}`, credentials, {
    'grpc.max_send_message_length': -1,
  });
});

after(async () => {
  client.close();
  await server.close();
  org.automation.stop();
  rmSync(folder, { recursive: true, force: true });
});

function headers(changes: Readonly<Record<string, string>> = {}): grpc.Metadata {
  const metadata = new grpc.Metadata();
  const all = {
    accesstoken: 'good',
    instanceurl: INSTANCE,
    tenantid: org.organizationId,
    ...changes,
  };
  for (const [name, value] of Object.entries(all)) if (value !== '') metadata.set(name, value);
  return metadata;
}

type Unary = (
  request: object,
  metadata: grpc.Metadata,
  done: (error: grpc.ServiceError | null, reply: unknown) => void,
) => void;
type Stream = grpc.ClientDuplexStream<object, unknown>;

function call<T>(method: string, request: object, metadata = headers()): Promise<T> {
  const rpc = (client as unknown as Record<string, Unary>)[method];
  assert.ok(rpc);
  return new Promise((resolve, reject) => {
    rpc.call(client, request, metadata, (error, reply) =>
      error === null ? resolve(reply as T) : reject(error),
    );
  });
}

/** A stream with its responses so far and its end. */
interface Opened<T> {
  readonly stream: Stream;
  readonly received: T[];
  /** Resolves when that many responses are there. */
  readonly next: (count: number) => Promise<void>;
  /** Resolves when the responses so far satisfy the test. */
  readonly until: (isSo: () => boolean) => Promise<void>;
  readonly end: Promise<grpc.ServiceError | undefined>;
}

function open(method: 'publishStream'): Opened<PublishResponse>;
function open(method: 'subscribe' | 'managedSubscribe'): Opened<FetchResponse>;
function open(method: string): Opened<unknown> {
  const rpc = (client as unknown as Record<string, (metadata: grpc.Metadata) => Stream>)[method];
  assert.ok(rpc);
  const stream = rpc.call(client, headers());
  const received: unknown[] = [];
  let waiting: { isSo: () => boolean; resolve: () => void } | undefined;
  stream.on('data', (reply) => {
    received.push(reply);
    if (waiting?.isSo() === true) waiting.resolve();
  });
  const end = new Promise<grpc.ServiceError | undefined>((resolve) => {
    stream.on('error', (error) => resolve(error as grpc.ServiceError));
    stream.on('end', () => resolve(undefined));
  });
  const until = (isSo: () => boolean): Promise<void> =>
    isSo()
      ? Promise.resolve()
      : new Promise((resolve) => {
          waiting = { isSo, resolve };
        });
  const next = (count: number): Promise<void> => until(() => received.length >= count);
  return { stream, received, next, until, end };
}

function event(key: string, id = ''): { id: string; schemaId: string; payload: Buffer } {
  const topic = org.automation.bus.topic(TOPIC);
  assert.ok(topic);
  const CreatedDate = new Date(org.clock.now()).toISOString();
  const payload = makeCodec(topic.schema, topic.object).encode({
    CreatedDate,
    CreatedById: org.actor.userId,
    Key__c: key,
  });
  return { id, schemaId: topic.schema.id, payload };
}

function errorCode(error: grpc.ServiceError | undefined): string {
  const [code] = error?.metadata.get('error-code') ?? [];
  return String(code ?? '').replace('sfdc.platform.eventbus.grpc.', '');
}

async function failure(work: Promise<unknown>): Promise<grpc.ServiceError> {
  return work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error as grpc.ServiceError,
  );
}

test('published over gRPC, an event sets its flow off, and the asynchronous path after it', async () => {
  const reply = await call<PublishResponse>('publish', {
    topicName: TOPIC,
    events: [event('grpc', 'my-id'), event('grpc2')],
  });
  assert.deepEqual(
    reply.results.map((result) => [result.replayId.length, result.error]),
    [
      [8, null],
      [8, null],
    ],
  );
  assert.equal(reply.results[0]?.correlationKey, 'my-id');
  assert.match(
    reply.results[1]?.correlationKey ?? '',
    /^[0-9a-f-]{36}$/,
    'a UUID where none was given',
  );
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['grpc', 'grpc2']);
  assert.equal(org.rows('Log__c').length, 4);
});

test('GetTopic and GetSchema', async () => {
  const topic = await call<TopicInfo>('getTopic', { topicName: TOPIC });
  assert.deepEqual(
    [topic.canPublish, topic.canSubscribe, topic.tenantGuid],
    [true, true, org.organizationId],
  );
  const schema = await call<SchemaInfo>('getSchema', { schemaId: topic.schemaId });
  assert.match(schema.schemaJson, /"name":"Job__e"/);
  assert.equal(
    errorCode(await failure(call('getTopic', { topicName: '/event/Nope__e' }))),
    'topic.not.found',
  );
  assert.equal(
    errorCode(await failure(call('getTopic', { topicName: '' }))),
    'topic.validation.empty',
  );
  assert.equal(
    errorCode(await failure(call('getSchema', { schemaId: 'nope' }))),
    'schema.validation.failed',
  );
});

test('the headers must all be there and belong together', async () => {
  const ask = (changes: Record<string, string>): Promise<grpc.ServiceError> =>
    failure(call('getTopic', { topicName: TOPIC }, headers(changes)));
  assert.equal(errorCode(await ask({ accesstoken: '' })), 'service.auth.headers.invalid');
  assert.equal(
    errorCode(await ask({ tenantid: '00D000000000001' })),
    'service.auth.headers.invalid',
  );
  const wrong = await ask({ accesstoken: 'stolen' });
  assert.equal(wrong.code, grpc.status.UNAUTHENTICATED);
  assert.equal(errorCode(wrong), 'service.auth.error');
  const [rpcId] = wrong.metadata.get('rpc-id');
  assert.ok(wrong.details.endsWith(`rpcId: ${String(rpcId)}`));
  assert.equal(
    errorCode(await ask({ instanceurl: 'https://other.example' })),
    'service.auth.error',
  );
});

test('Create is needed to publish, Read to subscribe', async () => {
  rights.create = false;
  assert.equal((await call<TopicInfo>('getTopic', { topicName: TOPIC })).canPublish, false);
  const refused = await failure(call('publish', { topicName: TOPIC, events: [event('x')] }));
  assert.deepEqual(
    [refused.code, errorCode(refused)],
    [grpc.status.PERMISSION_DENIED, 'topic.meta.permission'],
  );
  Object.assign(rights, { create: true, read: false });
  const { stream, end } = open('subscribe');
  stream.write({ topicName: TOPIC, numRequested: 1 });
  assert.equal(errorCode(await end), 'subscription.topic.cannot.subscribe');
  rights.read = true;
});

test('a failed event has no replay id, keeps its key, and the others go through', async () => {
  const bad = { ...event('x', 'bad-one'), payload: Buffer.from('?') };
  const anonymous = { ...event('x'), payload: Buffer.from('?') };
  const longId = event('x', 'i'.repeat(37));
  const { results } = await call<PublishResponse>('publish', {
    topicName: TOPIC,
    events: [bad, event('good', 'g'), anonymous, longId],
  });
  assert.deepEqual(
    results.map((result) => result.correlationKey),
    ['bad-one', 'g', '', 'i'.repeat(37)],
  );
  assert.deepEqual(
    results.map((result) => result.replayId.length),
    [0, 8, 0, 0],
  );
  assert.equal(results[0]?.error?.code, 'PUBLISH');
  assert.match(results[0]?.error?.msg ?? '', /SCHEMA_VALIDATION/);
});

test('an empty request and one above 4 MB are refused', async () => {
  assert.equal(
    errorCode(await failure(call('publish', { topicName: TOPIC, events: [] }))),
    'publish.event.count.invalid',
  );
  const big = Array.from({ length: 5 }, () => ({
    ...event('x'),
    payload: Buffer.alloc(1_000_000),
  }));
  const error = await failure(call('publish', { topicName: TOPIC, events: big }));
  assert.equal(error.code, grpc.status.UNAVAILABLE);
  assert.match(error.details, /reset reason: remote reset/);
});

test('PublishStream answers each request in order, and is closed when idle', async () => {
  const { stream, received, next, end } = open('publishStream');
  for (const key of ['s1', 's2', 's3'])
    stream.write({ topicName: TOPIC, events: [event(key, key)] });
  await next(3);
  assert.deepEqual(
    received.map((reply) => reply.results[0]?.correlationKey),
    ['s1', 's2', 's3'],
  );
  assert.equal(errorCode(await end), 'publish.stream.sweeper.timeout');
});

test('PublishStream keeps to one topic and notices an expired token', async () => {
  const other = open('publishStream');
  other.stream.write({ topicName: TOPIC, events: [event('t1')] });
  await other.next(1);
  other.stream.write({ topicName: '/event/Done__e', events: [event('t2')] });
  assert.equal(errorCode(await other.end), 'publish.topic.mismatch');

  const old = open('publishStream');
  old.stream.write({ topicName: TOPIC, events: [event('t3')] });
  await old.next(1);
  expired = true;
  old.stream.write({ topicName: TOPIC, events: [event('t4')] });
  assert.equal(errorCode(await old.end), 'service.auth.error');
  expired = false;
});

test('a client that ends its PublishStream gets a clean end', async () => {
  const { stream, next, end } = open('publishStream');
  stream.write({ topicName: TOPIC, events: [event('e1')] });
  await next(1);
  stream.end();
  assert.equal(await end, undefined);
});

test('Subscribe delivers only what was asked for, then keepalives, then times out', async () => {
  const { stream, received, next, until, end } = open('subscribe');
  const start = org.automation.bus.latest();
  const full = (): FetchResponse[] => received.filter((reply) => reply.events.length > 0);
  stream.write({ topicName: TOPIC, replayPreset: 'LATEST', numRequested: 3 });
  await next(1);
  assert.equal(received[0]?.events.length, 0, 'a keepalive: nothing was published yet');
  assert.equal(received[0].pendingNumRequested, 3);
  org.publish('Job__e', { Key__c: 'd1' }, { Key__c: 'd2' });
  await until(() => full().length === 1);
  assert.deepEqual([full()[0]?.events.length, full()[0]?.pendingNumRequested], [2, 1]);
  org.publish('Job__e', { Key__c: 'd3' }, { Key__c: 'd4' });
  assert.equal(errorCode(await end), 'subscription.fetch.timeout');
  const delivered = full().flatMap((reply) => reply.events);
  assert.equal(delivered.length, 3, 'the fourth was not asked for');
  assert.ok(delivered.every((one) => Number(one.replayId.readBigUInt64BE()) > start));
  assert.deepEqual(received.at(-1)?.latestReplayId, delivered.at(-1)?.replayId);
});

test('Subscribe from the earliest, from a replay id, and from one that is corrupted', async () => {
  const earliest = open('subscribe');
  earliest.stream.write({ topicName: TOPIC, replayPreset: 'EARLIEST', numRequested: 500 });
  await earliest.next(1);
  const [first] = earliest.received;
  assert.ok(first);
  assert.equal(first.events.length + first.pendingNumRequested, 100, 'more than 100 counts as 100');
  earliest.stream.end();

  const custom = open('subscribe');
  custom.stream.write({
    topicName: TOPIC,
    replayPreset: 'CUSTOM',
    replayId: first.events[1]?.replayId,
    numRequested: 1,
  });
  await custom.next(1);
  assert.deepEqual(
    custom.received[0]?.events[0]?.replayId,
    first.events[2]?.replayId,
    'after it, not at it',
  );
  custom.stream.end();

  const corrupted = open('subscribe');
  corrupted.stream.write({
    topicName: TOPIC,
    replayPreset: 'CUSTOM',
    replayId: Buffer.from('whatever'),
    numRequested: 1,
  });
  const error = await corrupted.end;
  assert.equal(error?.code, grpc.status.INVALID_ARGUMENT);
  assert.equal(errorCode(error), 'subscription.fetch.replayid.corrupted');
});

test('a request for no events is refused', async () => {
  const { stream, end } = open('subscribe');
  stream.write({ topicName: TOPIC, numRequested: 0 });
  assert.equal((await end)?.code, grpc.status.INVALID_ARGUMENT);
});

test('the daily delivery allocation ends a subscription', async () => {
  const { usage, allocations } = org.automation.bus;
  usage.add('delivered', allocations.dailyDelivered - usage.used('delivered'));
  const { stream, end } = open('subscribe');
  stream.write({ topicName: TOPIC, replayPreset: 'EARLIEST', numRequested: 1 });
  assert.equal(errorCode(await end), 'subscription.limit.exceeded');
  org.clock.time += 86_400_000;
  assert.equal(usage.used('delivered'), 0);
});

test('ManagedSubscribe is not implemented', async () => {
  const { end } = open('managedSubscribe');
  assert.equal((await end)?.code, grpc.status.UNIMPLEMENTED);
});
