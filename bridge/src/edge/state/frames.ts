import { crc32 } from 'node:zlib';

/*
 * A state on disk is a row of frames, little endian:
 *   0  u32 MAGIC
 *   4  u32 bytes of the body
 *   8  u32 CRC-32 of everything behind this field
 *  12  u32 kind: HEAD (JSON), PIECES, END (JSON)
 *  16  u32 number of the frame in its file
 *  20      the body; of PIECES for each piece: u32 part, u32 index, u32 bytes, the bytes
 */
/** `AST1`. */
const MAGIC = 0x31_54_53_41;
const CRC_FROM = 12;
export const FRAME_HEADER = 20;
export const PIECE_HEADER = 12;
/** Bytes of a frame of pieces; one larger piece has a frame of its own. A checksum of it takes 0.3 ms. */
export const FRAME_BYTES = 1024 * 1024;

export const HEAD = 0;
export const PIECES = 1;
export const END = 2;

export interface Frame {
  readonly kind: number;
  readonly body: Buffer;
}

/** Completes the frame whose body stands behind the header of these bytes. */
export function sealFrame(bytes: Buffer, length: number, kind: number, number: number): void {
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(length - FRAME_HEADER, 4);
  bytes.writeUInt32LE(kind, 12);
  bytes.writeUInt32LE(number, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(CRC_FROM, length)), 8);
}

/** A frame that holds a value as JSON. */
export function jsonFrame(value: unknown, kind: number, number: number): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const bytes = Buffer.concat([Buffer.alloc(FRAME_HEADER), body]);
  sealFrame(bytes, bytes.length, kind, number);
  return bytes;
}

/** Bytes of the whole frame that has this header; undefined where it is none. */
export function claimedBytes(header: Buffer): number | undefined {
  if (header.length < FRAME_HEADER || header.readUInt32LE(0) !== MAGIC) return undefined;
  return FRAME_HEADER + header.readUInt32LE(4);
}

/** The frame in these bytes; undefined where it is damaged or not this one of its file. */
export function readFrame(bytes: Buffer, number: number): Frame | undefined {
  if (claimedBytes(bytes) !== bytes.length) return undefined;
  if (crc32(bytes.subarray(CRC_FROM)) !== bytes.readUInt32LE(8)) return undefined;
  if (bytes.readUInt32LE(16) !== number) return undefined;
  return { kind: bytes.readUInt32LE(12), body: bytes.subarray(FRAME_HEADER) };
}

/** Writes one piece into a frame at `at`; answers where the next goes. */
export function writePiece(
  frame: Buffer,
  at: number,
  part: number,
  index: number,
  bytes: Uint8Array,
): number {
  frame.writeUInt32LE(part, at);
  frame.writeUInt32LE(index, at + 4);
  frame.writeUInt32LE(bytes.length, at + 8);
  frame.set(bytes, at + PIECE_HEADER);
  return at + PIECE_HEADER + bytes.length;
}

/** Calls for each piece in the body of a frame; answers how many there were. */
export function readPieces(
  body: Buffer,
  load: (part: number, index: number, bytes: Uint8Array) => void,
): number {
  let count = 0;
  for (let at = 0; at < body.length; count += 1) {
    const from = at + PIECE_HEADER;
    const end = from + body.readUInt32LE(at + 8);
    load(body.readUInt32LE(at), body.readUInt32LE(at + 4), body.subarray(from, end));
    at = end;
  }
  return count;
}
