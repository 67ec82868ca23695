import { randomUUID } from 'node:crypto';
import type grpc from '@grpc/grpc-js';
import type { Bus, Topic } from '../events/bus.ts';
import { decodeReplayId, encodeReplayId } from '../events/replayId.ts';
import type { PubSubGate } from './pubsubAuth.ts';
import { RpcError, toStatus } from './pubsubErrors.ts';
import type { FetchRequest, FetchResponse } from './pubsubMessages.ts';

/** The most events that may be requested and not yet delivered in one call. */
const MAX_PENDING = 100;

export interface SubscribeParts {
  readonly bus: Bus;
  readonly gate: PubSubGate;
  /** How long a client may wait with its next request after all it asked for was delivered. */
  readonly fetchIdleMs: number;
  /** How long the server is silent before it says where it is. */
  readonly keepAliveMs: number;
}

type Call = grpc.ServerDuplexStream<FetchRequest, FetchResponse>;

/**
 * Pull subscription: events are sent only as far as the client asked for them, in the order of
 * their replay id, each at least once per position (Pub/Sub API, "Pull Subscription and Flow Control").
 */
export function handleSubscribe(
  parts: SubscribeParts,
): grpc.handleBidiStreamingCall<FetchRequest, FetchResponse> {
  return (call) => {
    const subscription = new Subscription(parts, call);
    call.on('data', (request: FetchRequest) => subscription.fetch(request));
    call.on('end', () => subscription.close());
    call.on('cancelled', () => subscription.close());
    call.on('error', () => subscription.close());
  };
}

class Subscription {
  readonly #parts: SubscribeParts;
  readonly #call: Call;
  readonly #forget: () => void;
  #topic: Topic | undefined;
  #position = 0;
  #pending = 0;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(parts: SubscribeParts, call: Call) {
    this.#parts = parts;
    this.#call = call;
    this.#forget = parts.bus.onPublished(() => this.#guard(() => this.#deliver(false)));
  }

  fetch(request: FetchRequest): void {
    this.#guard(() => {
      const session = this.#parts.gate.session(this.#call.metadata);
      const topic = this.#parts.gate.topic(request.topicName, 'topic.validation.empty');
      if (!this.#parts.gate.maySubscribe(session, topic)) {
        throw new RpcError(
          'subscription.topic.cannot.subscribe',
          `The user may not read ${topic.object.name}.`,
        );
      }
      if (this.#topic !== undefined && this.#topic.name !== topic.name) {
        throw new RpcError(
          'subscription.topic.mismatch',
          `The call is subscribed to ${this.#topic.name}.`,
        );
      }
      if (request.numRequested <= 0) {
        const message = `num_requested is ${request.numRequested}; 1 to ${MAX_PENDING} are allowed.`;
        throw new RpcError('subscription.fetch.requested.events.invalid', message);
      }
      if (this.#topic === undefined) this.#position = startOf(this.#parts.bus, request);
      this.#topic = topic;
      this.#pending = Math.min(MAX_PENDING, this.#pending + request.numRequested);
      this.#wait();
      this.#deliver(false);
    });
  }

  close(error?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#forget();
    clearTimeout(this.#timer);
    if (error === undefined) this.#call.end();
    else this.#call.emit('error', toStatus(error));
  }

  #guard(work: () => void): void {
    if (this.#over) return;
    try {
      work();
    } catch (error) {
      this.close(error);
    }
  }

  /** Sends what is there, as far as it was asked for; with nothing to send only a keepalive. */
  #deliver(keepAlive: boolean): void {
    const { bus } = this.#parts;
    if (this.#topic === undefined || (this.#pending === 0 && !keepAlive)) return;
    const events = bus.read(this.#topic.name, this.#position, this.#pending);
    if (events.length === 0 && !keepAlive) return;
    if (bus.usage.used('delivered') + events.length > bus.allocations.dailyDelivered) {
      const message = `The org may deliver ${bus.allocations.dailyDelivered} events in 24 hours.`;
      throw new RpcError('subscription.limit.exceeded', message);
    }
    if (events.length > 0) bus.usage.add('delivered', events.length);
    this.#pending -= events.length;
    // Past every event of other topics too, once this topic has nothing more: the tip of the stream.
    this.#position = events.at(-1)?.replay ?? bus.latest();
    this.#call.write({
      events: events.map((event) => ({
        event: { id: event.uuid, schemaId: event.schemaId, payload: event.payload },
        replayId: encodeReplayId(event.replay),
      })),
      latestReplayId: encodeReplayId(this.#position),
      rpcId: randomUUID(),
      pendingNumRequested: this.#pending,
    });
    this.#wait();
  }

  /** With events asked for, a keepalive is due; without, the client's next request is. */
  #wait(): void {
    clearTimeout(this.#timer);
    const { fetchIdleMs, keepAliveMs } = this.#parts;
    this.#timer =
      this.#pending > 0
        ? setTimeout(() => this.#guard(() => this.#deliver(true)), keepAliveMs)
        : setTimeout(() => {
            const message = `No fetch request for ${fetchIdleMs / 1000} seconds after all requested events.`;
            this.close(new RpcError('subscription.fetch.timeout', message));
          }, fetchIdleMs);
  }
}

function startOf(bus: Bus, request: FetchRequest): number {
  if (request.replayPreset === 'LATEST') return bus.latest();
  if (request.replayPreset === 'EARLIEST') return bus.earliest();
  if (request.replayId.length === 0) {
    throw new RpcError(
      'subscription.fetch.replayid.validation.failed',
      'CUSTOM needs a replay id.',
    );
  }
  const position = decodeReplayId(request.replayId);
  if (position === undefined || position > bus.latest() || position < bus.earliest()) {
    throw new RpcError(
      'subscription.fetch.replayid.corrupted',
      'The replay id is not valid or is older than 72 hours; subscribe with EARLIEST or LATEST.',
    );
  }
  return position;
}
