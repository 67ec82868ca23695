/** What is found in a stream of MQTT bytes, in its order. */
export interface FrameSink {
  /**
   * A whole PUBLISH: `bytes[start]` is its first byte, its variable header begins at `body`, and
   * `end` is behind its last byte. The bytes hold until the call returns.
   */
  publish(bytes: Buffer, start: number, body: number, end: number): void;
  /** Any other packet, whole; it too holds until the call returns. */
  control(packet: Buffer): void;
}

/** Packet type of PUBLISH. Source: MQTT 3.1.1 table 2.1, MQTT 5 table 2-1. */
const PUBLISH = 3;
/** A remaining length has one to four bytes of seven bits each. Source: MQTT 5 section 1.5.5. */
const MAX_SHIFT = 28;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into MQTT packets. A packet that arrived in one piece is not copied; one
 * that was split, at any byte, is put together first. What was pushed may be written over afterwards.
 *
 * `push` answers false once the bytes cannot be MQTT; nothing more is looked at then.
 */
export function makeFrameScanner(sink: FrameSink): { push(chunk: Buffer): boolean } {
  /* The beginning of a packet whose length is not known yet; at most four bytes. */
  let head: Buffer = NOTHING;
  /* A packet whose length is known, and how many of its bytes have still to come. */
  let pieces: Buffer[] = [];
  let missing = 0;
  let broken = false;

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
      const end = body + length;
      if (end > bytes.length) {
        pieces = [Buffer.from(bytes.subarray(start))];
        missing = end - bytes.length;
        return;
      }
      if ((bytes[start] as number) >> 4 === PUBLISH) sink.publish(bytes, start, body, end);
      else sink.control(bytes.subarray(start, end));
      start = end;
    }
  }

  return {
    push(chunk) {
      if (broken) return false;
      let rest = chunk;
      if (missing > 0) {
        pieces.push(Buffer.from(chunk.subarray(0, missing)));
        rest = chunk.subarray(missing);
        missing -= Math.min(missing, chunk.length);
        if (missing > 0) return true;
        const whole = Buffer.concat(pieces);
        pieces = [];
        scan(whole);
      } else if (head.length > 0) {
        rest = Buffer.concat([head, chunk]);
        head = NOTHING;
      }
      scan(rest);
      return !broken;
    },
  };
}
