import { MalformedPacket } from './publishPacket.ts';

/** What is found in a stream of MQTT bytes, in its order. */
export interface FrameSink {
  /**
   * A whole PUBLISH: `bytes[start]` is its first byte, its variable header begins at `body`, and
   * `end` is behind its last byte. The bytes hold until the call returns.
   */
  publish(bytes: Buffer, start: number, body: number, end: number): void;
  /**
   * A PUBLISH larger than is taken, once all of it has gone by: of its `size` bytes only those before `end` are there,
   * as many as the limit. They hold until the call returns.
   */
  oversized(bytes: Buffer, body: number, end: number, size: number): void;
  /** Any other packet, whole; it too holds until the call returns. */
  control(packet: Buffer): void;
}

/** Packet type of PUBLISH. Source: MQTT 3.1.1 table 2.1, MQTT 5 table 2-1. */
const PUBLISH = 3;
/** Takes whatever MQTT can say. Source: MQTT 5 section 2.1.4: 268,435,455 bytes and up to five before them. */
export const NO_LIMIT = 268_435_460;
/** A remaining length has one to four bytes of seven bits each. Source: MQTT 5 section 1.5.5. */
const MAX_SHIFT = 28;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into MQTT packets. A packet that arrived in one piece is not copied; one
 * that was split, at any byte, is put together first. What was pushed may be written over afterwards.
 * At most `limit` bytes are kept of a packet, whatever size it claims: a message that is larger goes by, its beginning is told;
 * other packets never are.
 *
 * `push` answers false once the bytes cannot be MQTT; nothing more is looked at then.
 *
 * @throws MalformedPacket in `push`
 * @param limit bytes of a packet, its length among them
 */
export function makeFrameScanner(sink: FrameSink, limit: number): { push(chunk: Buffer): boolean } {
  /* The beginning of a packet whose length is not known yet; at most four bytes. */
  let head: Buffer = NOTHING;
  /* A packet whose length is known, and how many of its bytes have still to come. */
  let pieces: Buffer[] = [];
  let missing = 0;
  /* The beginning of a message that is too large, and how many of its bytes have still to go by. */
  let cut: { readonly bytes: Buffer; readonly body: number; readonly size: number } | undefined;
  let skipped = 0;
  let broken = false;

  /** Lets go by what belongs to a message that is too large; answers the rest. */
  function skip(bytes: Buffer): Buffer {
    if (cut === undefined) return bytes;
    const count = Math.min(skipped, bytes.length);
    skipped -= count;
    if (skipped > 0) return NOTHING;
    const { bytes: beginning, body, size } = cut;
    cut = undefined;
    sink.oversized(beginning, body, beginning.length, size);
    return bytes.subarray(count);
  }

  /** Finds the whole packets in `bytes` and keeps what is left over. */
  function scan(bytes: Buffer): void {
    let start = 0;
    while (start < bytes.length) {
      let body = start + 1;
      let length = 0;
      let shift = 0;
      let more = true;
      while (more && body < bytes.length && shift < MAX_SHIFT) {
        const byte = bytes[body] as number;
        length |= (byte & 0x7f) << shift;
        more = byte >= 0x80;
        shift += 7;
        body += 1;
      }
      if (more) {
        broken = shift === MAX_SHIFT;
        head = Buffer.from(bytes.subarray(start));
        return;
      }
      const isMessage = (bytes[start] as number) >> 4 === PUBLISH;
      const size = body + length - start;
      const isTooLarge = size > limit;
      if (isTooLarge && !isMessage) {
        broken = true;
        const type = (bytes[start] as number) >> 4;
        throw new MalformedPacket(
          `a packet of type ${type} with ${size} bytes, ${limit} are taken`,
        );
      }
      const end = start + Math.min(size, limit);
      if (end > bytes.length) {
        pieces = [Buffer.from(bytes.subarray(start))];
        missing = end - bytes.length;
        return;
      }
      if (isTooLarge) {
        cut = { bytes: Buffer.from(bytes.subarray(start, end)), body: body - start, size };
        skipped = size - limit;
        scan(skip(bytes.subarray(end)));
        return;
      }
      if (isMessage) sink.publish(bytes, start, body, end);
      else sink.control(bytes.subarray(start, end));
      start = end;
    }
  }

  return {
    push(chunk) {
      if (broken) return false;
      let rest = skip(chunk);
      if (missing > 0) {
        pieces.push(Buffer.from(chunk.subarray(0, missing)));
        rest = chunk.subarray(missing);
        missing -= Math.min(missing, chunk.length);
        if (missing > 0) return true;
        const whole = Buffer.concat(pieces);
        pieces = [];
        scan(whole);
        rest = skip(rest);
      } else if (head.length > 0) {
        rest = Buffer.concat([head, rest]);
        head = NOTHING;
      }
      scan(rest);
      return !broken;
    },
  };
}
