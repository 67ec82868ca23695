import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';

const PREFIX = 'sfdc.platform.eventbus.grpc';

/**
 * The error codes this server answers with, by what is wrong, with their gRPC status
 * (Pub/Sub API, "Handle Errors", developer.salesforce.com/docs/platform/pub-sub-api/guide/handling-errors.html).
 * The guide lists the codes and says that the code and the rpc id stand in the trailers, the rpc id
 * also at the end of the message; where it names no status the closest gRPC one is used.
 */
export const RPC_ERRORS = {
  'service.auth.headers.invalid': grpc.status.UNAUTHENTICATED,
  'service.auth.error': grpc.status.UNAUTHENTICATED,
  'topic.not.found': grpc.status.NOT_FOUND,
  'topic.meta.permission': grpc.status.PERMISSION_DENIED,
  'topic.validation.empty': grpc.status.INVALID_ARGUMENT,
  'schema.meta.permission': grpc.status.PERMISSION_DENIED,
  'schema.validation.failed': grpc.status.INVALID_ARGUMENT,
  'publish.event.count.invalid': grpc.status.INVALID_ARGUMENT,
  'publish.topic.mismatch': grpc.status.INVALID_ARGUMENT,
  'publish.topic.validation.empty': grpc.status.INVALID_ARGUMENT,
  'publish.stream.sweeper.timeout': grpc.status.UNAVAILABLE,
  'subscription.topic.cannot.subscribe': grpc.status.PERMISSION_DENIED,
  'subscription.topic.mismatch': grpc.status.INVALID_ARGUMENT,
  'subscription.fetch.requested.events.invalid': grpc.status.INVALID_ARGUMENT,
  'subscription.fetch.replayid.corrupted': grpc.status.INVALID_ARGUMENT,
  'subscription.fetch.replayid.validation.failed': grpc.status.INVALID_ARGUMENT,
  'subscription.fetch.timeout': grpc.status.DEADLINE_EXCEEDED,
  'subscription.limit.exceeded': grpc.status.RESOURCE_EXHAUSTED,
} as const;

export type RpcErrorCode = keyof typeof RPC_ERRORS;

/** A refusal of a whole RPC: thrown inside a handler, sent with its trailers. */
export class RpcError extends Error {
  readonly errorCode: RpcErrorCode;
  constructor(errorCode: RpcErrorCode, message: string) {
    super(message);
    this.name = 'RpcError';
    this.errorCode = errorCode;
  }
}

/** The request passed the size that the gateway in front of the service lets through. */
export class TooLarge extends Error {}

/** The status with the `error-code` and `rpc-id` trailers; the rpc id also ends the message. */
export function toStatus(error: unknown): grpc.ServerErrorResponse {
  const rpcId = randomUUID();
  const metadata = new grpc.Metadata();
  if (error instanceof TooLarge) {
    const details =
      'upstream connect error or disconnect/reset before headers. reset reason: remote reset';
    return Object.assign(new Error(details), { code: grpc.status.UNAVAILABLE, details, metadata });
  }
  metadata.set('rpc-id', rpcId);
  const known = error instanceof RpcError;
  const message = error instanceof Error ? error.message : String(error);
  metadata.set('error-code', `${PREFIX}.${known ? error.errorCode : 'service.unavailable'}`);
  const code = known ? RPC_ERRORS[error.errorCode] : grpc.status.INTERNAL;
  const details = `${message} rpcId: ${rpcId}`;
  return Object.assign(new Error(details), { code, details, metadata });
}
