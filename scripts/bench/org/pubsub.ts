import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type {
  sendUnaryData,
  ServerDuplexStream,
  ServerUnaryCall,
  ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import avro from 'avsc';
import { generate } from 'selfsigned';

import { eventRules } from '../../../bridge/src/edge/salesforce/eventFields.ts';
import { monotonicMs } from '../load/monotonic.ts';
import { signalEvent } from './arrivals.ts';
import type { Arrivals } from './arrivals.ts';

export interface PubSubServer extends AsyncDisposable {
  readonly endpoint: string;
  /** PEM of the authority of its certificate. */
  readonly ca: string;
}

interface SentRequest {
  readonly events: readonly { readonly id: string; readonly payload: Buffer }[];
}

const PROTO = join(import.meta.dirname, '../../../bridge/proto/pubsub_api.proto');
const SCHEMA_ID = 'bench-schema';

/** The Pub/Sub API of one topic, over TLS: every event is taken, counted and answered at once. */
export async function startPubSub(arrivals: Arrivals): Promise<PubSubServer> {
  const definition = loadSync(PROTO, {
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
  const schemaJson = JSON.stringify(eventSchema());
  const type = avro.Type.forSchema(eventSchema());
  const replayId = Buffer.alloc(8, 1);

  function take({ events }: SentRequest): object {
    const arrivedAt = monotonicMs(performance.now());
    const results = events.map(({ id, payload }) => {
      arrivals.take(signalEvent.parse(type.fromBuffer(payload)), arrivedAt);
      return { correlationKey: id, replayId };
    });
    return { results, schemaId: SCHEMA_ID, rpcId: 'bench' };
  }

  const server = new Server();
  server.addService(definition['eventbus.v1.PubSub'] as ServiceDefinition, {
    GetTopic(call: ServerUnaryCall<{ topicName: string }, object>, done: sendUnaryData<object>) {
      const { topicName } = call.request;
      const may = { canPublish: true, canSubscribe: true };
      done(null, { topicName, tenantGuid: 'bench', schemaId: SCHEMA_ID, ...may });
    },
    GetSchema(_call: ServerUnaryCall<object, object>, done: sendUnaryData<object>) {
      done(null, { schemaJson, schemaId: SCHEMA_ID });
    },
    Publish(call: ServerUnaryCall<SentRequest, object>, done: sendUnaryData<object>) {
      done(null, take(call.request));
    },
    PublishStream(call: ServerDuplexStream<SentRequest, object>) {
      call.on('data', (request: SentRequest) => call.write(take(request)));
      call.on('end', () => call.end());
      call.on('error', () => call.end());
    },
    // Nobody asks for anything: a subscription stays open and silent.
    Subscribe(call: ServerDuplexStream<object, object>) {
      call.on('data', () => undefined);
      call.on('end', () => call.end());
      call.on('error', () => call.end());
    },
  });
  const credentials = ServerCredentials.createSsl(null, [
    { private_key: Buffer.from(pems.private), cert_chain: Buffer.from(pems.cert) },
  ]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    endpoint: `localhost:${port}`,
    ca: pems.cert,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  };
}

/** The Avro schema Salesforce derives from the event: every field of its own may be null. */
function eventSchema(): avro.Schema {
  const types = { text: 'string', number: 'double', time: 'long' };
  return {
    type: 'record',
    name: 'Asset_Signal__e',
    namespace: 'com.sforce.eventbus',
    fields: [
      { name: 'CreatedDate', type: 'long' },
      { name: 'CreatedById', type: 'string' },
      ...Object.entries(eventRules).map(([name, { kind }]) => ({
        name,
        type: ['null', types[kind]],
        default: null,
      })),
    ],
  };
}
