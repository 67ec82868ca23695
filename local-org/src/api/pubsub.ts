import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import type { Bus } from '../events/bus.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import type { Access } from './access.ts';
import { makeGate, type PubSubGate } from './pubsubAuth.ts';
import { RpcError, toStatus } from './pubsubErrors.ts';
import {
  loadPubSub,
  type SchemaInfo,
  type SchemaRequest,
  type TopicInfo,
  type TopicRequest,
} from './pubsubMessages.ts';
import { handlePublish, handlePublishStream } from './pubsubPublish.ts';
import { handleSubscribe } from './pubsubSubscribe.ts';

export interface PubSubServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** PEM. */
  readonly tls: { readonly key: string | Buffer; readonly cert: string | Buffer };
  readonly access: Access;
  readonly bus: Bus;
  readonly metadata: OrgMetadata;
  readonly instanceUrl: string;
  readonly organizationId: string;
  readonly clock: Clock;
  /** Assumption `publish-idle-seconds`, in milliseconds; 70 s when not given. */
  readonly publishIdleMs?: number;
  /** 60 s in the documentation. */
  readonly fetchIdleMs?: number;
  /** At most 270 s in the documentation. */
  readonly keepAliveMs?: number;
}

/** How each RPC of `eventbus.v1.PubSub` is supported, for SUPPORT.md. */
export const RPC_SUPPORT: Readonly<Record<string, string>> = {
  GetTopic: 'supported; rights are Create (publish) and Read (subscribe) on the event object',
  GetSchema: 'supported; also schemas of events published before a change of the event',
  Publish:
    'supported; results are final and in order; 1 MB an event, 4 MB a request, hourly allocation',
  PublishStream: 'supported; one response per request; one topic per stream; closed when idle',
  Subscribe:
    'supported; LATEST, EARLIEST, CUSTOM; at most 100 outstanding; keepalive; daily delivery allocation',
  ManagedSubscribe: 'refused (UNIMPLEMENTED)',
};

/** Starts the Pub/Sub API over TLS. `close` ends all calls. */
export async function startPubSubServer(
  options: PubSubServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { bus } = options;
  const gate = makeGate(options);
  const server = new grpc.Server({
    // The 4 MB limit is judged by the handler, because the platform's answer differs from gRPC's own.
    'grpc.max_receive_message_length': 64 * 1_048_576,
    'grpc.max_send_message_length': -1,
  });
  server.addService(loadPubSub().service, {
    getTopic: handleTopic(gate, options.organizationId),
    getSchema: handleSchema(bus, gate),
    publish: handlePublish({ bus, gate, publishIdleMs: options.publishIdleMs ?? 70_000 }),
    publishStream: handlePublishStream({
      bus,
      gate,
      publishIdleMs: options.publishIdleMs ?? 70_000,
    }),
    subscribe: handleSubscribe({
      bus,
      gate,
      fetchIdleMs: options.fetchIdleMs ?? 60_000,
      keepAliveMs: options.keepAliveMs ?? 270_000,
    }),
  });
  const credentials = grpc.ServerCredentials.createSsl(null, [
    { private_key: Buffer.from(options.tls.key), cert_chain: Buffer.from(options.tls.cert) },
  ]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${options.host}:${options.port}`, credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    close() {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function handleTopic(
  gate: PubSubGate,
  tenantGuid: string,
): grpc.handleUnaryCall<TopicRequest, TopicInfo> {
  return (call, callback) => {
    try {
      const session = gate.session(call.metadata);
      const topic = gate.topic(call.request.topicName, 'topic.validation.empty');
      const canPublish = gate.mayPublish(session, topic);
      const canSubscribe = gate.maySubscribe(session, topic);
      if (!canPublish && !canSubscribe) {
        throw new RpcError('topic.meta.permission', `The user may not use ${topic.name}.`);
      }
      const { id: schemaId } = topic.schema;
      callback(null, {
        topicName: topic.name,
        tenantGuid,
        canPublish,
        canSubscribe,
        schemaId,
        rpcId: randomUUID(),
      });
    } catch (error) {
      callback(toStatus(error));
    }
  };
}

function handleSchema(bus: Bus, gate: PubSubGate): grpc.handleUnaryCall<SchemaRequest, SchemaInfo> {
  return (call, callback) => {
    try {
      const session = gate.session(call.metadata);
      const schema = bus.schema(call.request.schemaId);
      const topic = schema === undefined ? undefined : bus.topic(schema.topic);
      if (schema === undefined || topic === undefined) {
        throw new RpcError(
          'schema.validation.failed',
          `There is no schema '${call.request.schemaId}'.`,
        );
      }
      if (!gate.mayPublish(session, topic) && !gate.maySubscribe(session, topic)) {
        throw new RpcError('schema.meta.permission', `The user may not use ${topic.name}.`);
      }
      callback(null, { schemaJson: schema.json, schemaId: schema.id, rpcId: randomUUID() });
    } catch (error) {
      callback(toStatus(error));
    }
  };
}
