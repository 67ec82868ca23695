import type { Result } from '../model/result.ts';
import type { StorageFailure } from './log.ts';

/** A session as it stands on disk. */
export interface TakenIds {
  readonly generation: number;
  /** Packet ids of messages that are safe and that the broker has not let go of, as far as known. */
  readonly packetIds: readonly number[];
}

/**
 * The packet ids of MQTT QoS 2 messages that were taken and not released yet, by session.
 *
 * They get there with the messages: the durable log keeps the `once` of a message in the very commit that makes the
 * message safe. All answers come at once, and what they say is on disk: the next packet may depend on it.
 */
export interface PacketIds {
  /** A session nobody has heard of has the generation 0 and no ids. */
  open(session: string): TakenIds;
  /** The broker has begun the session anew: its ids are gone. Answers the next generation. */
  renew(session: string): Result<number, StorageFailure>;
  /** The broker has released these messages; their ids may be given to others from now on. */
  forget(session: string, packetIds: readonly number[]): Result<void, StorageFailure>;
}
