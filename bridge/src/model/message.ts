import type { EpochMs } from './brand.ts';

/**
 * One message as it came in, before anybody has judged it: bytes it shares with others, and where in them it stands.
 * Nothing of it is made a string before somebody needs that. The bytes do not change before the message is safe.
 */
export interface Message {
  readonly bytes: Buffer;
  /** UTF-8. */
  readonly topicStart: number;
  readonly topicEnd: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  /** By the bridge's clock. */
  readonly receivedAt: EpochMs;
  /** MQTT QoS 2 only: kept on disk in the same commit as the message, so that it is not taken twice. */
  readonly once?: OnceKey;
  /** In `bytes` it stands as in the log (`record.ts`): with the head of a record in front of its topic, and its payload right behind. */
  readonly isRecord?: true;
}

/** What a message is known by until its sender has heard that it is safe. */
export interface OnceKey {
  /** The client id of the session it came in. */
  readonly session: string;
  /** Rises when the broker begins the session anew: then a packet id means another message. */
  readonly generation: number;
  /** 1 to 65535. */
  readonly packetId: number;
}

/** A message of its own bytes, for sources that have no frame. */
export function makeMessage(topic: string, payload: Uint8Array, receivedAt: EpochMs): Message {
  const topicEnd = Buffer.byteLength(topic);
  const bytes = Buffer.allocUnsafe(topicEnd + payload.length);
  bytes.write(topic, 0);
  bytes.set(payload, topicEnd);
  const payloadEnd = bytes.length;
  return { bytes, topicStart: 0, topicEnd, payloadStart: topicEnd, payloadEnd, receivedAt };
}

export const topicOf = ({ bytes, topicStart, topicEnd }: Message): string =>
  bytes.toString('utf8', topicStart, topicEnd);

/** A view, not a copy. */
export const payloadOf = ({ bytes, payloadStart, payloadEnd }: Message): Buffer =>
  bytes.subarray(payloadStart, payloadEnd);
