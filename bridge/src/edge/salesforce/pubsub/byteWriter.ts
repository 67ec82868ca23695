/**
 * Writes what Avro and Protocol Buffers are made of, into memory that is used again after `reset`: touching memory for the
 * first time costs several times what is written to it (measured: 1 µs an event instead of 0.15).
 */
export interface ByteWriter {
  byte(value: number): void;
  /** @param value a whole number from 0 to 2 ** 53 */
  varint(value: number): void;
  /** @param value a whole number of at most 2 ** 52, either sign; small ones take few bytes. Source: Avro, "long" */
  zigzag(value: number): void;
  double(value: number): void;
  /** The text in UTF-8 behind its length, which is multiplied by `unit`: 1 in Protocol Buffers, 2 in Avro, whose lengths are zigzag. */
  text(value: string, unit: 1 | 2): void;
  /** The bytes alone. */
  bytes(value: Uint8Array): void;
  /** Lets go of what was written since the last `finish`. */
  discard(): void;
  /** What was written since the last `finish`, `discard` or `reset`; good until the next `reset`. */
  finish(): Buffer;
  /** What was finished is not needed any more. */
  reset(): void;
}

/** Room for some fifty events; doubled when that is not enough, up to a whole request. */
const FIRST_BYTES = 64 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
/** Up to here a loop is faster than a call into Node. */
const SHORT_TEXT = 48;
const MAX_VARINT = 8;

/** Bytes that a whole number from 0 to 2 ** 28 takes; no text and no message is longer. */
export const sizeOfVarint = (value: number): number =>
  value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;

export function makeByteWriter(firstBytes = FIRST_BYTES): ByteWriter {
  let piece = Buffer.allocUnsafeSlow(firstBytes);
  const number = new DataView(new ArrayBuffer(8));
  let start = 0;
  let at = 0;

  function ensure(more: number): void {
    if (at + more <= piece.length) return;
    const written = at - start;
    const doubled = Math.min(2 * piece.length, MAX_BYTES);
    const next = Buffer.allocUnsafeSlow(Math.max(doubled, 2 * (written + more)));
    piece.copy(next, 0, start, at);
    piece = next;
    start = 0;
    at = written;
  }

  function putVarint(value: number): void {
    let rest = value;
    while (rest > 0x7f_ff_ff_ff) {
      const high = Math.floor(rest / 128);
      piece[at] = rest - high * 128 + 128;
      at += 1;
      rest = high;
    }
    while (rest > 127) {
      piece[at] = (rest & 127) | 128;
      at += 1;
      rest >>>= 7;
    }
    piece[at] = rest;
    at += 1;
  }

  /** The bytes of a short text, or false where it is not ASCII; then nothing counts as written. */
  function putAscii(value: string): boolean {
    let to = at;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      piece[to] = code;
      to += 1;
    }
    at = to;
    return true;
  }

  return {
    byte(value) {
      ensure(1);
      piece[at] = value;
      at += 1;
    },
    varint(value) {
      ensure(MAX_VARINT);
      putVarint(value);
    },
    zigzag(value) {
      ensure(MAX_VARINT);
      putVarint(value < 0 ? -2 * value - 1 : 2 * value);
    },
    double(value) {
      ensure(8);
      number.setFloat64(0, value, true);
      for (let index = 0; index < 8; index += 1) piece[at + index] = number.getUint8(index);
      at += 8;
    },
    text(value, unit) {
      // No character takes more than three bytes of UTF-8 for one of UTF-16.
      ensure(MAX_VARINT + 3 * value.length);
      const from = at;
      putVarint(value.length * unit);
      if (value.length <= SHORT_TEXT && putAscii(value)) return;
      const length = piece.write(value, at, 'utf8');
      if (length !== value.length) {
        const wider = sizeOfVarint(length * unit) - (at - from);
        if (wider > 0) piece.copyWithin(at + wider, at, at + length);
        at = from;
        putVarint(length * unit);
      }
      at += length;
    },
    bytes(value) {
      ensure(value.length);
      piece.set(value, at);
      at += value.length;
    },
    discard() {
      at = start;
    },
    finish() {
      const finished = piece.subarray(start, at);
      start = at;
      return finished;
    },
    reset() {
      start = 0;
      at = 0;
    },
  };
}
