import { BUCKET_WORDS, CHUNK, CHUNK_BYTES, wordOf } from './bucketPool.ts';
import type { BucketPool } from './bucketPool.ts';

/** How long readings are held. The ranges a person can choose on the page end here. */
export const HOLD_MS = 3_600_000;
const HOLD_SECONDS = HOLD_MS / 1_000;

/**
 * An hour of one metric in buckets of one second, oldest first, in a ring of chunks of a pool.
 *
 * A bucket keeps its lowest and its highest value with their times: one or two readings a second
 * are held exactly, of more the extremes survive. Seconds without a reading take no room.
 * Values are kept as 32-bit floats: seven digits, two more than are ever sent.
 */
export interface Buckets {
  readonly pool: BucketPool;
  /** In the order of the ring; 16 buckets each. */
  readonly chunks: number[];
  /** Place of the oldest bucket in the ring. */
  head: number;
  length: number;
  /** Readings held; a duplicate of a value that is neither extreme of its second counts again. */
  readings: number;
  /** Device time of the newest reading, 0 without any. */
  lastAt: number;
}

/** Words of a bucket. The second is whole seconds since 1970, enough until 2106. */
const [SECOND, LOW, HIGH, OFFSETS, COUNT] = [0, 1, 2, 3, 4] as const;
/** Two numbers below 1,000 in one word: milliseconds within the second, of the low and of the high. */
const SHIFT = 16;
const MASK = 0xffff;
/** A second of more readings than this is no telemetry. */
const MOST_COUNTED = 65_535;
const LAST_SECOND = 0xffff_ffff;
/** log2 of CHUNK */
const CHUNK_SHIFT = 4;

export function makeBuckets(pool: BucketPool): Buckets {
  return { pool, chunks: [pool.take()], head: 0, length: 0, readings: 0, lastAt: 0 };
}

/** Gives the memory back; the buckets may not be used again. */
export function freeBuckets({ pool, chunks }: Buckets): void {
  for (const chunk of chunks) pool.free(chunk);
}

/**
 * Adds a reading, in any order of time. Ignored are duplicates, readings more than an hour older
 * than the newest, and times this layout cannot hold (before 1970, after 2106).
 *
 * @param mayGrow asked for further bytes; where it says no, the oldest second makes room
 */
export function addReading(
  buckets: Buckets,
  at: number,
  value: number,
  mayGrow: (bytes: number) => boolean,
): void {
  const second = Math.floor(at / 1_000);
  if (!(second >= 0 && second <= LAST_SECOND)) return;
  const newest = buckets.length === 0 ? second : secondAt(buckets, buckets.length - 1);
  if (second < newest - HOLD_SECONDS) return;
  while (buckets.length > 0 && secondAt(buckets, 0) < second - HOLD_SECONDS) dropOldest(buckets);
  const place = placeOf(buckets, second);
  const offset = Math.floor(at) - second * 1_000;
  if (place < buckets.length && secondAt(buckets, place) === second) {
    if (!widen(buckets, slot(buckets, place), offset, Math.fround(value))) return;
  } else if (!insert(buckets, place, second, offset, value, mayGrow)) return;
  buckets.readings += 1;
  buckets.lastAt = Math.max(buckets.lastAt, second * 1_000 + offset);
}

/** Points in time order, as two lists of the same length. */
export interface Points {
  readonly ats: number[];
  readonly values: number[];
}

/** What is held from `from` up to and including `to`, every bucket with its one or two points. */
export function pointsBetween(buckets: Buckets, from: number, to: number): Points {
  const ats: number[] = [];
  const values: number[] = [];
  const push = (at: number, value: number): void => {
    if (at < from || at > to) return;
    ats.push(at);
    values.push(value);
  };
  const last = Math.floor(to / 1_000);
  for (let place = placeOf(buckets, Math.floor(from / 1_000)); place < buckets.length; place += 1) {
    const at = slot(buckets, place);
    const { words, floats } = buckets.pool.page(at);
    const word = wordOf(at);
    const second = words[word + SECOND] ?? 0;
    if (second > last) break;
    const base = second * 1_000;
    const [low = 0, high = 0] = [floats[word + LOW], floats[word + HIGH]];
    const offsets = words[word + OFFSETS] ?? 0;
    const [lowOffset, highOffset] = [offsets >>> SHIFT, offsets & MASK];
    if (lowOffset === highOffset && low === high) push(base + lowOffset, low);
    else if (lowOffset <= highOffset) {
      push(base + lowOffset, low);
      push(base + highOffset, high);
    } else {
      push(base + highOffset, high);
      push(base + lowOffset, low);
    }
  }
  return { ats, values };
}

/** The second of a place, which must be one of the `length`. */
export function secondAt(buckets: Buckets, place: number): number {
  const at = slot(buckets, place);
  return buckets.pool.page(at).words[wordOf(at) + SECOND] as number;
}

const roomOf = ({ chunks }: Buckets): number => chunks.length << CHUNK_SHIFT;

/** The number in the pool of the bucket at a place. */
function slot(buckets: Buckets, place: number): number {
  const room = roomOf(buckets);
  const around = buckets.head + place;
  const ring = around < room ? around : around - room;
  return (buckets.chunks[ring >>> CHUNK_SHIFT] as number) + (ring & (CHUNK - 1));
}

/** The first place whose second is not before this one; almost always the end. */
function placeOf(buckets: Buckets, second: number): number {
  const { length } = buckets;
  if (length === 0 || second > secondAt(buckets, length - 1)) return length;
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (secondAt(buckets, middle) < second) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Takes a value into its bucket; false where the bucket has that very reading. */
function widen({ pool }: Buckets, at: number, offset: number, value: number): boolean {
  const { words, floats } = pool.page(at);
  const word = wordOf(at);
  const [low, high] = [floats[word + LOW] as number, floats[word + HIGH] as number];
  const offsets = words[word + OFFSETS] as number;
  let [lowOffset, highOffset] = [offsets >>> SHIFT, offsets & MASK];
  if (value === low && offset === lowOffset) return false;
  if (value === high && offset === highOffset) return false;
  words[word + COUNT] = Math.min((words[word + COUNT] as number) + 1, MOST_COUNTED);
  // Of equal values the first is the low and the last the high, so that a flat second of two
  // readings keeps both.
  if (value < low || (value === low && offset < lowOffset)) {
    floats[word + LOW] = value;
    lowOffset = offset;
  }
  if (value > high || (value === high && offset > highOffset)) {
    floats[word + HIGH] = value;
    highOffset = offset;
  }
  words[word + OFFSETS] = (lowOffset << SHIFT) | highOffset;
  return true;
}

/** A new bucket at this place; false where the only room is that of an older one, and none is. */
function insert(
  buckets: Buckets,
  place: number,
  second: number,
  offset: number,
  value: number,
  mayGrow: (bytes: number) => boolean,
): boolean {
  let target = place;
  if (buckets.length === roomOf(buckets)) {
    if (mayGrow(CHUNK_BYTES)) grow(buckets);
    else {
      if (place === 0) return false;
      dropOldest(buckets);
      target -= 1;
    }
  }
  const at = makeRoom(buckets, target);
  const { words, floats } = buckets.pool.page(at);
  const word = wordOf(at);
  words[word + SECOND] = second;
  floats[word + LOW] = value;
  floats[word + HIGH] = value;
  words[word + OFFSETS] = (offset << SHIFT) | offset;
  words[word + COUNT] = 1;
  return true;
}

/** Opens a gap at this place by moving the shorter side; answers its slot. */
function makeRoom(buckets: Buckets, place: number): number {
  const { length } = buckets;
  if (place < length - place) {
    buckets.head = (buckets.head === 0 ? roomOf(buckets) : buckets.head) - 1;
    for (let to = 0; to < place; to += 1) copy(buckets, slot(buckets, to + 1), slot(buckets, to));
  } else {
    for (let to = length; to > place; to -= 1) {
      copy(buckets, slot(buckets, to - 1), slot(buckets, to));
    }
  }
  buckets.length += 1;
  return slot(buckets, place);
}

function copy({ pool }: Buckets, from: number, to: number): void {
  const [source, target] = [pool.page(from).words, pool.page(to).words];
  const [first, into] = [wordOf(from), wordOf(to)];
  for (let word = 0; word < BUCKET_WORDS; word += 1) {
    target[into + word] = source[first + word] as number;
  }
}

function dropOldest(buckets: Buckets): void {
  const at = slot(buckets, 0);
  buckets.readings -= buckets.pool.page(at).words[wordOf(at) + COUNT] as number;
  buckets.head = buckets.head + 1 === roomOf(buckets) ? 0 : buckets.head + 1;
  buckets.length -= 1;
}

/**
 * A further chunk for a ring that is full. The chunk in which the oldest bucket follows the newest
 * is parted: the oldest go into the new one, behind it, and the gap is between both.
 */
function grow(buckets: Buckets): void {
  const { chunks, head, pool } = buckets;
  const place = head >>> CHUNK_SHIFT;
  const parted = chunks[place] as number;
  const added = pool.take();
  for (let index = head & (CHUNK - 1); index < CHUNK; index += 1) {
    copy(buckets, parted + index, added + index);
  }
  chunks.splice(place + 1, 0, added);
  buckets.head = head + CHUNK;
}
