import { randomUUID } from 'node:crypto';
import type grpc from '@grpc/grpc-js';
import type { Bus, PublishOutcome, Topic } from '../events/bus.ts';
import { encodeReplayId } from '../events/replayId.ts';
import type { Session } from './access.ts';
import type { PubSubGate } from './pubsubAuth.ts';
import { RpcError, TooLarge, toStatus } from './pubsubErrors.ts';
import type {
  ProducerEvent,
  PublishRequest,
  PublishResponse,
  PublishResult,
} from './pubsubMessages.ts';

/** A request above this never reaches the service (Pub/Sub API, "Allocations"). */
const MAX_REQUEST_BYTES = 4 * 1_048_576;
/** The longest `ProducerEvent.id`. */
const MAX_ID = 36;

export interface PublishParts {
  readonly bus: Bus;
  readonly gate: PubSubGate;
  /** A PublishStream without a request for this long is closed. */
  readonly publishIdleMs: number;
}

/** Publishes one request. The results are final and in the order of the events. */
function publish(parts: PublishParts, session: Session, request: PublishRequest): PublishResponse {
  const topic = parts.gate.topic(request.topicName, 'publish.topic.validation.empty');
  if (!parts.gate.mayPublish(session, topic)) {
    throw new RpcError('topic.meta.permission', `The user may not create ${topic.object.name}.`);
  }
  if (request.events.length === 0) {
    throw new RpcError(
      'publish.event.count.invalid',
      'A publish request needs at least one event.',
    );
  }
  const bytes = request.events.reduce(
    (sum, event) => sum + event.payload.length + event.id.length + 64,
    0,
  );
  if (bytes > MAX_REQUEST_BYTES) throw new TooLarge();
  return {
    results: publishEvents(parts.bus, topic, request.events, session.userId),
    schemaId: topic.schema.id,
    rpcId: randomUUID(),
  };
}

function publishEvents(
  bus: Bus,
  topic: Topic,
  events: readonly ProducerEvent[],
  userId: string,
): PublishResult[] {
  const sendable = events.filter((event) => event.id.length <= MAX_ID);
  const outcomes = new Map<ProducerEvent, PublishOutcome>();
  bus.publish(topic, sendable, userId).forEach((outcome, index) => {
    const event = sendable[index];
    if (event !== undefined) outcomes.set(event, outcome);
  });
  return events.map((event) => toResult(event, outcomes.get(event)));
}

/** The correlation key is the event's id; without one it is a UUID on success and empty on failure. */
function toResult(event: ProducerEvent, outcome: PublishOutcome | undefined): PublishResult {
  if (outcome?.ok === true) {
    return {
      replayId: encodeReplayId(outcome.replay),
      correlationKey: event.id === '' ? outcome.uuid : event.id,
    };
  }
  const msg =
    outcome === undefined
      ? `INVALID_ID: the event id has ${event.id.length} characters; ${MAX_ID} are allowed.`
      : `${outcome.code}: ${outcome.message}`;
  return { replayId: Buffer.alloc(0), error: { code: 'PUBLISH', msg }, correlationKey: event.id };
}

export function handlePublish(
  parts: PublishParts,
): grpc.handleUnaryCall<PublishRequest, PublishResponse> {
  return (call, callback) => {
    try {
      callback(null, publish(parts, parts.gate.session(call.metadata), call.request));
    } catch (error) {
      callback(toStatus(error));
    }
  };
}

/** One response per request, in order. The first request fixes the topic; silence ends the stream. */
export function handlePublishStream(
  parts: PublishParts,
): grpc.handleBidiStreamingCall<PublishRequest, PublishResponse> {
  return (call) => {
    let topicName: string | undefined;
    let over = false;
    const close = (error?: unknown): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      if (error === undefined) call.end();
      else call.emit('error', toStatus(error));
    };
    const timer = setTimeout(() => {
      const seconds = parts.publishIdleMs / 1000;
      close(
        new RpcError(
          'publish.stream.sweeper.timeout',
          `No publish request for ${seconds} seconds.`,
        ),
      );
    }, parts.publishIdleMs);
    call.on('data', (request: PublishRequest) => {
      if (over) return;
      try {
        topicName ??= request.topicName;
        if (topicName !== request.topicName) {
          throw new RpcError(
            'publish.topic.mismatch',
            `The stream publishes to ${topicName}; open another one.`,
          );
        }
        // Asked again for every request, because a token may expire while the stream is open.
        const response = publish(parts, parts.gate.session(call.metadata), request);
        timer.refresh();
        call.write(response);
      } catch (error) {
        close(error);
      }
    });
    call.on('end', () => close());
    call.on('cancelled', () => close());
    call.on('error', () => close());
  };
}
