import { crc32 } from 'node:zlib';

import { toEpochMs, toLogPosition } from '../../../model/brand.ts';
import type { LogPosition } from '../../../model/brand.ts';
import { makeMessage } from '../../../model/message.ts';
import type { Message } from '../../../model/message.ts';
import { RECORD_HEAD, recordStart, writeRecordHead } from '../../../model/record.ts';
import type { LogEntry, RulesChange, Tick } from '../../../ports/log.ts';
import { BLOCK } from './segmentFile.ts';

/*
 * A batch on disk, little endian:
 *   0  u32  MAGIC, the letters ASL2
 *   4  u32  bytes of the body
 *   8  u32  CRC-32 of everything behind this field
 *  12  u32  records in the body that have a position
 *  16  f64  position of the first record
 *  24  8 B  the mark of the file, which its name tells
 *  32       the body: for each record
 *             u32 bytes of the topic, u32 bytes of the payload, f64 received at (ms since 1970), topic, payload
 *
 * A payload may look like a batch, but nobody who sends one knows the mark, which is random: behind a torn end or a
 * damage no message is ever taken for a batch. Files without a mark in their name hold batches of an earlier kind, the letters
 * ASL1 and no mark before the body; they are read and never added to.
 *
 * A record without a topic, which no message has, is a tick: received at its time, with the payload
 *   f64 listening clock (ms), u8 1 when everything had been heard
 * or the policies from here on, a JSON object, which begins with a brace and is always longer,
 * or, first in its batch, always longer and without a position, the keys of the QoS 2 messages in the batch (`keys.ts`), with the payload
 *   JSON [[session, generation, [packet id, …]], …]
 * or, last in its batch, without a position and of any other length, zeros: so the next batch begins with a block of the disk.
 */
const MAGIC = 0x32_4c_53_41;
const MAGIC_UNMARKED = 0x31_4c_53_41;
const MARK_AT = 24;
/** With 64 bits, who guesses a million times a second needs half a million years. */
export const MARK_BYTES = 8;
const HEADER = MARK_AT + MARK_BYTES;
const CRC_FROM = 12;
export const TICK_BYTES = 9;

/** The mark of a file; undefined for one of the earlier kind. */
export type Mark = Buffer | undefined;

const headerOf = (mark: Mark): number => (mark === undefined ? MARK_AT : HEADER);
const magicOf = (mark: Mark): number => (mark === undefined ? MAGIC_UNMARKED : MAGIC);

/** What is written: a message, or a tick as one without a topic. */
export function tickRecord({ at, listenedAt, heardAll }: Tick): Message {
  const payload = Buffer.alloc(TICK_BYTES);
  payload.writeDoubleLE(listenedAt, 0);
  payload.writeUInt8(heardAll ? 1 : 0, 8);
  return makeMessage('', payload, at);
}

/** `{`: neither keys nor zeros begin with it. */
const RULES_BEGIN = 0x7b;

/** What is written: policies as a message without a topic. */
export function rulesRecord({ at, text }: RulesChange): Message {
  const payload = Buffer.from(text);
  if (payload[0] !== RULES_BEGIN || payload.length === TICK_BYTES) {
    throw new Error('policies stand in the log as a JSON object of more than 9 bytes');
  }
  return makeMessage('', payload, at);
}

/** Positions that these records take: all of them, but for keys. */
export function countPositions(records: readonly Message[]): number {
  const [first] = records;
  if (first === undefined || first.topicEnd !== first.topicStart) return records.length;
  const isTick = first.payloadEnd - first.payloadStart === TICK_BYTES;
  const isRules = first.bytes[first.payloadStart] === RULES_BEGIN;
  return isTick || isRules ? records.length : records.length - 1;
}

/** Bytes of one batch with these records. */
export function sizeOfBatch(records: readonly Message[]): number {
  let size = HEADER;
  for (const { topicStart, topicEnd, payloadStart, payloadEnd } of records) {
    size += RECORD_HEAD + topicEnd - topicStart + payloadEnd - payloadStart;
  }
  return size;
}

/** From here on a batch is filled up to the end of a block: that costs some hundredths of it. */
const LEAST_FILLED = 64 * 1024;

/** As much of `size` and what may be added to it that a batch at this place of its file ends with a block. */
export function sizeToBlock(size: number, at: number): number {
  if (size < LEAST_FILLED) return size;
  const missing = -(at + size) & (BLOCK - 1);
  const isRecord = missing >= RECORD_HEAD && missing !== RECORD_HEAD + TICK_BYTES;
  return size + missing + (missing === 0 || isRecord ? 0 : BLOCK);
}

/**
 * Writes the records into `bytes` as they stand on disk, with positions from `first` on: at its beginning, the
 * `sizeOfBatch` of them. What is left of `bytes`, nothing or a header at least, becomes zeros.
 */
export function encodeBatch(
  records: readonly Message[],
  first: number,
  mark: Buffer,
  bytes: Buffer,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = HEADER;
  for (let index = 0; index < records.length;) {
    const record = records[index] as Message;
    const { topicStart, topicEnd, payloadStart, payloadEnd } = record;
    if (record.isRecord) {
      const behind = endOfRun(records, index);
      const from = recordStart(record);
      const to = (records[behind - 1] as Message).payloadEnd;
      record.bytes.copy(bytes, at, from, to);
      at += to - from;
      index = behind;
      continue;
    }
    const topicBytes = topicEnd - topicStart;
    const payloadBytes = payloadEnd - payloadStart;
    writeRecordHead(view, at, topicBytes, payloadBytes, record.receivedAt);
    record.bytes.copy(bytes, at + RECORD_HEAD, topicStart, topicEnd);
    record.bytes.copy(bytes, at + RECORD_HEAD + topicBytes, payloadStart, payloadEnd);
    at += RECORD_HEAD + topicBytes + payloadBytes;
    index += 1;
  }
  if (at < bytes.length) {
    bytes.fill(0, at);
    view.setUint32(at + 4, bytes.length - at - RECORD_HEAD, true);
    at = bytes.length;
  }
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, at - HEADER, true);
  view.setUint32(12, countPositions(records), true);
  view.setFloat64(16, first, true);
  mark.copy(bytes, MARK_AT);
  view.setUint32(8, crc32(bytes.subarray(CRC_FROM, at)), true);
}

/** Behind the last of the messages from `first` on that stand as records one behind the other. */
function endOfRun(records: readonly Message[], first: number): number {
  let { bytes, payloadEnd } = records[first] as Message;
  let index = first + 1;
  for (; index < records.length; index += 1) {
    const next = records[index] as Message;
    if (next.bytes !== bytes || !next.isRecord || recordStart(next) !== payloadEnd) break;
    ({ bytes, payloadEnd } = next);
  }
  return index;
}

/** A whole, undamaged batch, its messages still as bytes. */
export interface Batch {
  readonly first: number;
  readonly last: number;
  /** Where the next batch would begin. */
  readonly end: number;
  /** Where its messages are. */
  readonly body: Buffer;
}

/** The batch at `at`, or undefined when what stands there is none of this file, or damaged, or cut off. */
export function readBatch(bytes: Buffer, at: number, mark: Mark): Batch | undefined {
  const header = headerOf(mark);
  if (at + header > bytes.length || bytes.readUInt32LE(at) !== magicOf(mark)) return undefined;
  if (mark !== undefined && !isMarked(bytes, at, mark)) return undefined;
  const end = at + header + bytes.readUInt32LE(at + 4);
  const count = bytes.readUInt32LE(at + 12);
  if (end > bytes.length || count === 0) return undefined;
  if (crc32(bytes.subarray(at + CRC_FROM, end)) !== bytes.readUInt32LE(at + 8)) return undefined;
  const first = bytes.readDoubleLE(at + 16);
  return { first, last: first + count - 1, end, body: bytes.subarray(at + header, end) };
}

const isMarked = (bytes: Buffer, at: number, mark: Buffer): boolean =>
  mark.compare(bytes, at + MARK_AT, at + HEADER) === 0;

/** Bytes of the batch at the beginning of these, as its header has it; 0 without a whole header. */
export function claimedSize(bytes: Buffer, mark: Mark): number {
  const header = headerOf(mark);
  return bytes.length < header ? 0 : header + bytes.readUInt32LE(4);
}

/** The first batch behind `at` that is whole and does not come before `position`; where a damage ends. */
export function findBatch(
  bytes: Buffer,
  at: number,
  position: number,
  mark: Mark,
): (Batch & { readonly start: number }) | undefined {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(magicOf(mark));
  for (let start = bytes.indexOf(magic, at); start >= 0; start = bytes.indexOf(magic, start + 1)) {
    const batch = readBatch(bytes, start, mark);
    if (batch !== undefined && batch.first >= position) return { ...batch, start };
  }
  return undefined;
}

/** The entries of a batch behind a position, in order, without keys. Messages share the bytes of the batch. */
export function* entriesOf({ first, body }: Batch, after: LogPosition): Generator<LogEntry> {
  let position = first;
  for (let at = 0; at < body.length;) {
    const topicStart = at + RECORD_HEAD;
    const topicEnd = topicStart + body.readUInt32LE(at);
    const end = topicEnd + body.readUInt32LE(at + 4);
    at = end;
    const isTick = end - topicEnd === TICK_BYTES;
    const isRules = !isTick && end > topicEnd && body[topicEnd] === RULES_BEGIN;
    if (topicEnd === topicStart && !isTick && !isRules) continue;
    if (position > after) {
      const time = toEpochMs(body.readDoubleLE(topicStart - RECORD_HEAD + 8));
      const here = toLogPosition(position);
      if (topicEnd === topicStart && isRules) {
        yield {
          kind: 'rules',
          position: here,
          at: time,
          text: body.toString('utf8', topicEnd, end),
        };
      } else
        yield topicEnd === topicStart
          ? {
              kind: 'tick',
              position: here,
              at: time,
              listenedAt: toEpochMs(body.readDoubleLE(topicEnd)),
              heardAll: body[topicEnd + 8] === 1,
            }
          : {
              kind: 'message',
              position: here,
              bytes: body,
              topicStart,
              topicEnd,
              payloadStart: topicEnd,
              payloadEnd: end,
              receivedAt: time,
            };
    }
    position += 1;
  }
}
