/** How long readings are held. The ranges a person can choose on the page end here. */
export const HOLD_MS = 3_600_000;
const HOLD_SECONDS = HOLD_MS / 1_000;

/**
 * An hour of one metric in buckets of one second, oldest first, in a ring of typed arrays.
 *
 * A bucket keeps its lowest and its highest value with their times: one or two readings a second
 * are held exactly, of more the extremes survive. Seconds without a reading take no room.
 * Values are kept as 32-bit floats: seven digits, two more than are ever sent.
 */
export interface Buckets {
  /** Place of the oldest bucket. */
  head: number;
  length: number;
  /** Readings held; a duplicate of a value that is neither extreme of its second counts again. */
  readings: number;
  /** Device time of the newest reading, 0 without any. */
  lastAt: number;
  /** Whole seconds since 1970; enough until 2106. */
  seconds: Uint32Array;
  lows: Float32Array;
  highs: Float32Array;
  /** Milliseconds within the second. */
  lowOffsets: Uint16Array;
  highOffsets: Uint16Array;
  counts: Uint16Array;
}

/** 4 + 4 + 4 + 2 + 2 + 2. */
const BYTES_PER_BUCKET = 18;
/** A device that reports once a minute fills it in a quarter of an hour. */
const FIRST_CAPACITY = 16;
/** A second of more readings than this is no telemetry. */
const MOST_COUNTED = 65_535;
const LAST_SECOND = 0xffff_ffff;

export function makeBuckets(): Buckets {
  return { head: 0, length: 0, readings: 0, lastAt: 0, ...arraysOf(FIRST_CAPACITY) };
}

/** Bytes of the arrays; with what the objects around them take, see `window.ts`. */
export function bytesOf({ seconds }: Buckets): number {
  return seconds.length * BYTES_PER_BUCKET;
}

export const firstBytes = FIRST_CAPACITY * BYTES_PER_BUCKET;

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
    const second = buckets.seconds[at] ?? 0;
    if (second > last) break;
    const base = second * 1_000;
    const [low = 0, high = 0] = [buckets.lows[at], buckets.highs[at]];
    const [lowOffset = 0, highOffset = 0] = [buckets.lowOffsets[at], buckets.highOffsets[at]];
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

function arraysOf(capacity: number) {
  return {
    seconds: new Uint32Array(capacity),
    lows: new Float32Array(capacity),
    highs: new Float32Array(capacity),
    lowOffsets: new Uint16Array(capacity),
    highOffsets: new Uint16Array(capacity),
    counts: new Uint16Array(capacity),
  };
}

const slot = ({ head, seconds }: Buckets, place: number): number =>
  (head + place) & (seconds.length - 1);

const secondAt = (buckets: Buckets, place: number): number =>
  buckets.seconds[slot(buckets, place)] ?? 0;

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
function widen(buckets: Buckets, at: number, offset: number, value: number): boolean {
  const { lows, highs, lowOffsets, highOffsets, counts } = buckets;
  const [low = 0, high = 0] = [lows[at], highs[at]];
  const [lowOffset = 0, highOffset = 0] = [lowOffsets[at], highOffsets[at]];
  if (value === low && offset === lowOffset) return false;
  if (value === high && offset === highOffset) return false;
  counts[at] = Math.min((counts[at] ?? 0) + 1, MOST_COUNTED);
  // Of equal values the first is the low and the last the high, so that a flat second of two
  // readings keeps both.
  if (value < low || (value === low && offset < lowOffset)) {
    lows[at] = value;
    lowOffsets[at] = offset;
  }
  if (value > high || (value === high && offset > highOffset)) {
    highs[at] = value;
    highOffsets[at] = offset;
  }
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
  if (buckets.length === buckets.seconds.length) {
    if (mayGrow(bytesOf(buckets))) grow(buckets);
    else {
      if (place === 0) return false;
      dropOldest(buckets);
      target -= 1;
    }
  }
  const at = makeRoom(buckets, target);
  buckets.seconds[at] = second;
  buckets.lows[at] = value;
  buckets.highs[at] = value;
  buckets.lowOffsets[at] = offset;
  buckets.highOffsets[at] = offset;
  buckets.counts[at] = 1;
  return true;
}

/** Opens a gap at this place by moving the shorter side; answers its slot. */
function makeRoom(buckets: Buckets, place: number): number {
  const { length, seconds } = buckets;
  if (place < length - place) {
    buckets.head = (buckets.head + seconds.length - 1) & (seconds.length - 1);
    for (let to = 0; to < place; to += 1) copy(buckets, slot(buckets, to + 1), slot(buckets, to));
  } else {
    for (let to = length; to > place; to -= 1) {
      copy(buckets, slot(buckets, to - 1), slot(buckets, to));
    }
  }
  buckets.length += 1;
  return slot(buckets, place);
}

function copy(buckets: Buckets, from: number, to: number): void {
  const { seconds, lows, highs, lowOffsets, highOffsets, counts } = buckets;
  for (const column of [seconds, lows, highs, lowOffsets, highOffsets, counts]) {
    column[to] = column[from] ?? 0;
  }
}

function dropOldest(buckets: Buckets): void {
  buckets.readings -= buckets.counts[buckets.head] ?? 0;
  buckets.head = slot(buckets, 1);
  buckets.length -= 1;
}

/** Twice the room, the oldest bucket first. */
function grow(buckets: Buckets): void {
  const { head, seconds } = buckets;
  const wider = arraysOf(seconds.length * 2);
  const unrolled = <T extends Uint32Array | Float32Array | Uint16Array>(to: T, from: T): T => {
    to.set(from.subarray(head));
    to.set(from.subarray(0, head), from.length - head);
    return to;
  };
  buckets.seconds = unrolled(wider.seconds, buckets.seconds);
  buckets.lows = unrolled(wider.lows, buckets.lows);
  buckets.highs = unrolled(wider.highs, buckets.highs);
  buckets.lowOffsets = unrolled(wider.lowOffsets, buckets.lowOffsets);
  buckets.highOffsets = unrolled(wider.highOffsets, buckets.highOffsets);
  buckets.counts = unrolled(wider.counts, buckets.counts);
  buckets.head = 0;
}
