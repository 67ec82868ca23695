import type { EpochMs } from './brand.ts';
import type { Message } from './message.ts';

/*
 * A message as it stands in the log, little endian:
 *   u32 bytes of the topic, u32 bytes of the payload, f64 received at (ms since 1970), topic, payload
 * Who has to copy a message anyway lays it out so: the log then takes many of them in one piece.
 */
export const RECORD_HEAD = 16;

/** Writes what stands in front of a topic. */
export function writeRecordHead(
  view: DataView,
  at: number,
  topicBytes: number,
  payloadBytes: number,
  receivedAt: EpochMs,
): void {
  view.setUint32(at, topicBytes, true);
  view.setUint32(at + 4, payloadBytes, true);
  view.setFloat64(at + 8, receivedAt, true);
}

/** Of a message that `isRecord`. */
export const recordStart = ({ topicStart }: Message): number => topicStart - RECORD_HEAD;
