import { join } from 'node:path';
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServerDuplexStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ServiceDefinition } from '@grpc/grpc-js';
import avro from 'avsc';
import { generate } from 'selfsigned';
import { eventRules } from '../edge/salesforce/eventFields.ts';
import { makeFakeNotices, noticeSchema } from './fakeNotices.ts';
import type { FakeNotices, SubscribeServerCall } from './fakeNotices.ts';

interface SentEvent {
  readonly id: string;
  readonly payload: Buffer;
}
interface SentRequest {
  readonly topicName: string;
  readonly events: readonly SentEvent[];
}
export type DecodedEvent = Readonly<Record<string, unknown>>;

/** What a scripted server does with one request instead of accepting it. */
export type Reaction =
  | { readonly kind: 'accept' }
  /** Refuses the events at these places of the request with this message. */
  | { readonly kind: 'refuse'; readonly places: readonly number[]; readonly message: string }
  /** Ends the stream with this status (0: in order) and trailer, without an answer. */
  | { readonly kind: 'close'; readonly code: number; readonly errorCode?: string }
  /** Takes the events and ends the stream before saying so. */
  | { readonly kind: 'swallow' }
  | { readonly kind: 'silence' };

/** The Pub/Sub API of two topics, signals in and notices out, over TLS with its own CA. */
export interface FakePubSub {
  readonly notices: FakeNotices;
  readonly endpoint: string;
  /** PEM. */
  readonly ca: Buffer;
  /** Every event that got onto the bus, decoded, in order. */
  readonly accepted: DecodedEvent[];
  /** Events per request, also of refused ones. */
  readonly requests: number[];
  streams: number;
  topicCalls: number;
  schemaCalls: number;
  /** Asked for each request, in order. */
  react: (request: SentRequest) => Reaction;
  /** Fields the org has besides the contract's. */
  extraFields: readonly object[];
  /** Fields of the contract that the org has not. */
  missingFields: readonly string[];
  /** Ends every open stream as the server does when it is idle: in order, or with this code. */
  closeIdleStreams(errorCode?: string): void;
  stop(): Promise<void>;
}

const protoFile = join(import.meta.dirname, '../../proto/pubsub_api.proto');

export async function startFakePubSub(validToken: () => string): Promise<FakePubSub> {
  const definition = loadSync(protoFile, {
    keepCase: false,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const server = new Server();
  const notices = makeFakeNotices();
  const open = new Set<ServerDuplexStream<SentRequest, object>>();
  const mayCall = (metadata: Metadata): boolean =>
    metadata.get('accesstoken')[0] === validToken() &&
    metadata.get('instanceurl').length === 1 &&
    metadata.get('tenantid')[0] === '00D000000000001AAA';
  const refuse = (code: number, errorCode?: string) => {
    const metadata = new Metadata();
    if (errorCode !== undefined) {
      metadata.set('error-code', `sfdc.platform.eventbus.grpc.${errorCode}`);
    }
    return { code, details: `scripted ${errorCode ?? code}`, metadata };
  };
  const schemaJson = () => JSON.stringify(makeSchema(fake.extraFields, fake.missingFields));

  server.addService(definition['eventbus.v1.PubSub'] as ServiceDefinition, {
    GetTopic(call: ServerUnaryCall<{ topicName: string }, object>, done: sendUnaryData<object>) {
      fake.topicCalls += 1;
      if (!mayCall(call.metadata)) {
        done(refuse(status.UNAUTHENTICATED, 'service.auth.error'));
        return;
      }
      const { topicName } = call.request;
      const isNotice = topicName === notices.topicName;
      const common = { topicName, tenantGuid: 'x', canPublish: !isNotice };
      if (isNotice && notices.topicRefusal !== undefined) {
        done(refuse(notices.topicRefusal.code, notices.topicRefusal.errorCode));
        return;
      }
      const schemaId = isNotice
        ? notices.schemaId
        : `schema-${fake.extraFields.length}-${fake.missingFields.length}`;
      done(null, { ...common, canSubscribe: notices.canSubscribe, schemaId });
    },
    GetSchema(call: ServerUnaryCall<{ schemaId: string }, object>, done: sendUnaryData<object>) {
      const { schemaId } = call.request;
      if (schemaId.startsWith('notice')) {
        notices.schemaCalls += 1;
        if (notices.schemaRefusal === undefined) {
          done(null, { schemaJson: noticeSchema(notices.prefix), schemaId });
        } else done(refuse(notices.schemaRefusal.code, notices.schemaRefusal.errorCode));
        return;
      }
      fake.schemaCalls += 1;
      done(null, { schemaJson: schemaJson(), schemaId });
    },
    Subscribe(call: SubscribeServerCall) {
      if (!mayCall(call.metadata)) {
        call.emit('error', refuse(status.UNAUTHENTICATED, 'service.auth.error'));
        return;
      }
      notices.serve(call, refuse);
    },
    PublishStream(call: ServerDuplexStream<SentRequest, object>) {
      fake.streams += 1;
      if (!mayCall(call.metadata)) {
        call.emit('error', refuse(status.UNAUTHENTICATED, 'service.auth.error'));
        return;
      }
      open.add(call);
      call.on('end', () => call.end());
      call.on('close', () => open.delete(call));
      call.on('error', () => open.delete(call));
      call.on('data', (request: SentRequest) => {
        fake.requests.push(request.events.length);
        const reaction = fake.react(request);
        const type = avro.Type.forSchema(JSON.parse(schemaJson()) as avro.Schema);
        const take = (event: SentEvent): void => {
          fake.accepted.push(type.fromBuffer(event.payload) as DecodedEvent);
        };
        if (reaction.kind === 'silence') return;
        if (reaction.kind === 'close') {
          if (reaction.code === 0) call.end();
          else call.emit('error', refuse(reaction.code, reaction.errorCode));
          return;
        }
        if (reaction.kind === 'swallow') {
          request.events.forEach(take);
          call.emit('error', refuse(status.UNAVAILABLE));
          return;
        }
        const results = request.events.map((event, place) => {
          if (reaction.kind === 'refuse' && reaction.places.includes(place)) {
            const error = { code: 'PUBLISH', msg: reaction.message };
            return { correlationKey: event.id, replayId: Buffer.alloc(0), error };
          }
          take(event);
          return { correlationKey: event.id, replayId: Buffer.from([1]) };
        });
        // Answers may come in any order; the client must match them by key.
        call.write({ results: results.toReversed(), schemaId: 'schema-0', rpcId: 'r' });
      });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createSsl(null, [
      { private_key: Buffer.from(pems.private), cert_chain: Buffer.from(pems.cert) },
    ]);
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const fake: FakePubSub = {
    notices,
    endpoint: `localhost:${port}`,
    ca: Buffer.from(pems.cert),
    accepted: [],
    requests: [],
    streams: 0,
    topicCalls: 0,
    schemaCalls: 0,
    react: () => ({ kind: 'accept' }),
    extraFields: [],
    missingFields: [],
    closeIdleStreams(errorCode) {
      for (const call of open) {
        if (errorCode === undefined) call.end();
        else call.emit('error', refuse(status.UNAVAILABLE, errorCode));
      }
      open.clear();
    },
    async stop() {
      server.forceShutdown();
    },
  };
  return fake;
}

/** The Avro schema Salesforce derives from the event: nullable unions, DateTime as long. */
function makeSchema(extraFields: readonly object[], missingFields: readonly string[]) {
  const types = { text: 'string', number: 'double', time: 'long' };
  return {
    type: 'record',
    name: 'Asset_Signal__e',
    namespace: 'com.sforce.eventbus',
    fields: [
      { name: 'CreatedDate', type: 'long', doc: 'CreatedDate:DateTime' },
      { name: 'CreatedById', type: 'string', doc: 'CreatedBy:EntityId' },
      ...Object.entries(eventRules)
        .filter(([name]) => !missingFields.includes(name))
        .map(([name, { kind }]) => ({ name, type: ['null', types[kind]], default: null })),
      ...extraFields,
    ],
  };
}
