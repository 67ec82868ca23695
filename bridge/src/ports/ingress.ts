import type { Message } from '../model/message.ts';

export interface IngressStatus {
  /** Connected and subscribed to everything asked for: silence now means that devices are silent. */
  readonly listening: boolean;
  /**
   * Milliseconds since the start in which no message was waiting to be taken over; never falls.
   * While it stands still a device may have spoken and not been heard yet. Absent: not measured.
   */
  readonly idleMs?: number;
  /**
   * The most messages that were unacknowledged at once, and the part of the time, 0 to 1, in which the sender waited
   * for that: of the last ten seconds, and of the connection that waits most. Absent: there is no such limit.
   */
  readonly window?: { readonly size: number; readonly full: number };
  /** Messages nobody acknowledges (MQTT QoS 0) that found no room, since the start. Absent: there are none of that kind. */
  readonly dropped?: number;
  /** Messages larger than are taken, of which only the beginning was handed over, since the start. Absent: there is no limit. */
  readonly oversized?: number;
  /** Plain words for an operator: what is wrong, or that nothing is. */
  readonly reason: string;
}

/** Takes over messages in their order; resolves once all of them are safe. Their bytes may change after that. */
export type TakeOver = (messages: readonly Message[]) => Promise<void>;

/**
 * A source of messages.
 *
 * Messages are acknowledged to their sender only after `takeOver` has resolved for their batch. If it
 * rejects, or the bridge dies first, none of the batch is acknowledged and a sender that promised
 * at-least-once delivery (MQTT QoS 1) sends them again. Batches are handed over one at a time, in order
 * of arrival; what arrives meanwhile is the next batch, so a slow `takeOver` makes batches larger, and
 * at last slows the sender down.
 */
export interface Ingress {
  /** Begins to connect and returns at once; an unreachable sender is retried for ever. */
  start(takeOver: TakeOver): void;
  status(): IngressStatus;
  /** Hands over nothing more, waits for the batch in hand, and leaves the session to the sender. */
  stop(): Promise<void>;
}
