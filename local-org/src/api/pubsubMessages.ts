import path from 'node:path';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The messages of `eventbus.v1` as the proto loader gives them (absent fields hold their default). */
export interface TopicRequest {
  readonly topicName: string;
}
export interface TopicInfo {
  readonly topicName: string;
  readonly tenantGuid: string;
  readonly canPublish: boolean;
  readonly canSubscribe: boolean;
  readonly schemaId: string;
  readonly rpcId: string;
}
export interface SchemaRequest {
  readonly schemaId: string;
}
export interface SchemaInfo {
  readonly schemaJson: string;
  readonly schemaId: string;
  readonly rpcId: string;
}
export interface ProducerEvent {
  readonly id: string;
  readonly schemaId: string;
  readonly payload: Buffer;
}
export interface PublishRequest {
  readonly topicName: string;
  readonly events: readonly ProducerEvent[];
}
export interface PublishResult {
  readonly replayId: Buffer;
  readonly error?: { readonly code: 'UNKNOWN' | 'PUBLISH' | 'COMMIT'; readonly msg: string };
  readonly correlationKey: string;
}
export interface PublishResponse {
  readonly results: readonly PublishResult[];
  readonly schemaId: string;
  readonly rpcId: string;
}
export interface FetchRequest {
  readonly topicName: string;
  readonly replayPreset: 'LATEST' | 'EARLIEST' | 'CUSTOM';
  readonly replayId: Buffer;
  readonly numRequested: number;
}
export interface FetchResponse {
  readonly events: readonly { readonly event: ProducerEvent; readonly replayId: Buffer }[];
  readonly latestReplayId: Buffer;
  readonly rpcId: string;
  readonly pendingNumRequested: number;
}

const PROTO_FILE = path.join(import.meta.dirname, '../../proto/pubsub_api.proto');

/** The PubSub service of the vendored proto. */
export function loadPubSub(): grpc.ServiceClientConstructor {
  const definition = loadSync(PROTO_FILE, {
    keepCase: false,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const service = (grpc.loadPackageDefinition(definition)['eventbus'] as grpc.GrpcObject)[
    'v1'
  ] as grpc.GrpcObject;
  return service['PubSub'] as grpc.ServiceClientConstructor;
}
