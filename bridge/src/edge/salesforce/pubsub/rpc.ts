import { join } from 'node:path';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { ClientDuplexStream, ClientOptions, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MethodDefinition } from '@grpc/proto-loader';
import { z } from 'zod';
import type { Session } from '../token.ts';
import { decodePublishResponse } from './publishWire.ts';
import type { PublishResult } from './publishWire.ts';

const protoFile = join(import.meta.dirname, '../../../../proto/pubsub_api.proto');
const UNARY_TIMEOUT_MS = 15_000;

const topicInfo = z.object({
  topicName: z.string(),
  canPublish: z.boolean(),
  canSubscribe: z.boolean(),
  schemaId: z.string(),
});
const schemaInfo = z.object({ schemaJson: z.string(), schemaId: z.string() });

export type TopicInfo = z.infer<typeof topicInfo>;
export type SchemaInfo = z.infer<typeof schemaInfo>;

/** Takes requests as bytes, made by `encodePublishRequest`. */
export type PublishCall = ClientDuplexStream<Buffer, readonly PublishResult[]>;

/** Asks for further events; the first one of a call says where to begin, later ones repeat it. */
export interface FetchRequest {
  readonly topicName: string;
  readonly replayPreset: 'LATEST' | 'EARLIEST' | 'CUSTOM';
  /** With `CUSTOM`: begin behind this event. Opaque. */
  readonly replayId?: Uint8Array;
  /** 1 to 100. */
  readonly numRequested: number;
}

export type SubscribeCall = ClientDuplexStream<FetchRequest, unknown>;

export interface PubSubOptions {
  /** `host:port`; always TLS. */
  readonly endpoint: string;
  /** PEM of the CA that signed the endpoint's certificate; absent: the public ones. */
  readonly ca?: Buffer;
}

/** The Pub/Sub API as it is: one method per RPC we use, no memory, no retries. */
export interface PubSubRpc {
  getTopic(topicName: string, session: Session): Promise<TopicInfo>;
  getSchema(schemaId: string, session: Session): Promise<SchemaInfo>;
  publishStream(session: Session): PublishCall;
  subscribe(session: Session): SubscribeCall;
  close(): void;
}

const channelOptions: ClientOptions = {
  // Finds a connection that a firewall has dropped silently; only while a call is open.
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.keepalive_permit_without_calls': 0,
  // An org that comes back is found within half a minute.
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 30_000,
};

export function makePubSubRpc({ endpoint, ca }: PubSubOptions): PubSubRpc {
  const client = new Client(endpoint, credentials.createSsl(ca ?? null), channelOptions);
  const methods = loadMethods();

  function unary(method: MethodDefinition<object, object>, request: object, session: Session) {
    return new Promise<unknown>((resolve, reject) => {
      const done = (error: ServiceError | null, reply?: object): void => {
        if (error === null) resolve(reply);
        else reject(error);
      };
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        toMetadata(session),
        { deadline: new Date(Date.now() + UNARY_TIMEOUT_MS) },
        done,
      );
    });
  }

  return {
    getTopic: async (topicName, session) =>
      topicInfo.parse(await unary(methods.GetTopic, { topicName }, session)),
    getSchema: async (schemaId, session) =>
      schemaInfo.parse(await unary(methods.GetSchema, { schemaId }, session)),
    publishStream: (session) =>
      client.makeBidiStreamRequest(
        methods.PublishStream.path,
        (request: Buffer) => request,
        decodePublishResponse,
        toMetadata(session),
      ),
    subscribe: (session) =>
      client.makeBidiStreamRequest<FetchRequest, unknown>(
        methods.Subscribe.path,
        methods.Subscribe.requestSerialize,
        methods.Subscribe.responseDeserialize,
        toMetadata(session),
      ),
    close: () => client.close(),
  };
}

/** Source: Pub/Sub API, "Supported authentication"; on every call. */
function toMetadata({ accessToken, instanceUrl, organizationId }: Session): Metadata {
  const metadata = new Metadata();
  metadata.set('accesstoken', accessToken);
  metadata.set('instanceurl', instanceUrl);
  metadata.set('tenantid', organizationId);
  return metadata;
}

function loadMethods() {
  const definition = loadSync(protoFile, {
    keepCase: false,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const service = definition['eventbus.v1.PubSub'];
  const find = (name: string): MethodDefinition<object, object> => {
    const method: unknown = service === undefined ? undefined : Reflect.get(service, name);
    if (!isMethod(method)) throw new Error(`${protoFile} has no method ${name}`);
    return method;
  };
  return {
    GetTopic: find('GetTopic'),
    GetSchema: find('GetSchema'),
    PublishStream: find('PublishStream'),
    Subscribe: find('Subscribe'),
  };
}

function isMethod(value: unknown): value is MethodDefinition<object, object> {
  return typeof value === 'object' && value !== null && 'requestSerialize' in value;
}
