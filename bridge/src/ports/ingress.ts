import type { EpochMs } from '../model/brand.ts';

/** One message as it came in, before anybody has judged it. */
export interface IncomingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly receivedAt: EpochMs;
}

export interface IngressStatus {
  /** Connected and subscribed to everything asked for: silence now means that devices are silent. */
  readonly listening: boolean;
  /**
   * Milliseconds since the start in which no message was waiting to be taken over; never falls.
   * While it stands still a device may have spoken and not been heard yet. Absent: not measured.
   */
  readonly idleMs?: number;
  /** Plain words for an operator: what is wrong, or that nothing is. */
  readonly reason: string;
}

/** Takes over one message; resolves once the message is safe. */
export type TakeOver = (message: IncomingMessage) => Promise<void>;

/**
 * A source of messages.
 *
 * A message is acknowledged to its sender only after `takeOver` has resolved. If it rejects, or
 * the bridge dies first, the message is not acknowledged and a sender that promised at-least-once
 * delivery (MQTT QoS 1) sends it again. Messages are handed over one at a time, in order of
 * arrival; a slow `takeOver` slows the sender down.
 */
export interface Ingress {
  /** Begins to connect and returns at once; an unreachable sender is retried for ever. */
  start(takeOver: TakeOver): void;
  status(): IngressStatus;
  /** Hands over nothing more, waits for the message in hand, and leaves the session to the sender. */
  stop(): Promise<void>;
}
