import { toDeviceKey, toEpochMs } from './brand.ts';
import type { DeviceKey } from './brand.ts';
import { blankDoubles } from './doubles.ts';
import { hashOfKey, KEY_HEAD, sizeOfKey, writeKey } from './keyBytes.ts';
import type { MetricSet, Reading } from './reading.ts';

/** What very many readings have in common. */
export interface ReadingKind {
  readonly metrics: MetricSet;
  readonly deviceType: string | undefined;
  readonly source: string;
  /** As many numbers as there are metrics, kept as doubles: to be copied. */
  readonly blank: readonly number[];
}

/**
 * Readings one behind the other, by numbers: what of a reading is not known beforehand are bytes and doubles in arrays that are
 * used again. As an object each is also a list and a string, and what waits for detection by the thousand is what a collector
 * of garbage has to carry about (measured: a fifth of all work on a message).
 *
 * Read as it stands; written by `addReading`, or by who has made room for one more with `roomFor` and then raises `count`.
 */
export interface Readings {
  /** Readings in it. */
  count: number;
  /** Two numbers each: `at` and `receivedAt` of `Reading`. */
  times: Float64Array;
  kinds: ReadingKind[];
  /** Where the values of each begin, one for each metric of its kind, and behind the last where the next will. */
  valueAt: Int32Array;
  values: Float64Array;
  /** The key of the device, as in `keyBytes.ts`: its hash, and where its bytes are; behind the last where the next will be. */
  hashes: Int32Array;
  keyAt: Int32Array;
  keys: Buffer;
}

/** Readings to begin with, and their sizes: most have four metrics and a key of 12 characters. */
const FIRST = 64;
const FIRST_VALUES = FIRST * 4;
const FIRST_KEY_BYTES = FIRST * 16;

/** None yet. */
export function makeReadings(): Readings {
  return {
    count: 0,
    times: new Float64Array(FIRST * 2),
    kinds: [],
    valueAt: new Int32Array(FIRST + 1),
    values: new Float64Array(FIRST_VALUES),
    hashes: new Int32Array(FIRST),
    keyAt: new Int32Array(FIRST + 1),
    keys: Buffer.alloc(FIRST_KEY_BYTES),
  };
}

/** Forgets all of them; their memory is kept. */
export function clearReadings(readings: Readings): void {
  readings.count = 0;
}

/** Bytes of memory. */
export function bytesOfReadings({ times, values, keys }: Readings): number {
  // Beside two times a reading has three positions of four bytes and its kind, at eight.
  return times.byteLength * 2.25 + values.byteLength + keys.byteLength;
}

/** Makes room for one more with so many bytes of key and so many values. */
export function roomFor(readings: Readings, keyBytes: number, values: number): void {
  const { count, hashes, keys, keyAt, valueAt } = readings;
  if (count === hashes.length) grow(readings);
  if ((keyAt[count] as number) + keyBytes > keys.length) {
    readings.keys = larger(keys, Buffer.alloc(keys.length * 2 + keyBytes));
  }
  if ((valueAt[count] as number) + values > readings.values.length) {
    readings.values = larger(
      readings.values,
      new Float64Array(readings.values.length * 2 + values),
    );
  }
}

/** Adds one. */
export function addReading(readings: Readings, reading: Reading): void {
  const { device, at, receivedAt, values } = reading;
  const keyBytes = sizeOfKey(device);
  roomFor(readings, keyBytes, values.length);
  const index = readings.count;
  const keyFrom = readings.keyAt[index] as number;
  const valueFrom = readings.valueAt[index] as number;
  writeKey(device, readings.keys, keyFrom);
  readings.hashes[index] = hashOfKey(device);
  readings.keyAt[index + 1] = keyFrom + keyBytes;
  readings.values.set(values, valueFrom);
  readings.valueAt[index + 1] = valueFrom + values.length;
  readings.times[index * 2] = at;
  readings.times[index * 2 + 1] = receivedAt;
  readings.kinds[index] = kindOf(reading, readings.kinds[index - 1]);
  readings.count = index + 1;
}

/** One of them by itself. */
export function readingAt(readings: Readings, index: number): Reading {
  const { times, kinds, valueAt } = readings;
  const { metrics, deviceType, source, blank } = kinds[index] as ReadingKind;
  const device = deviceAt(readings, index);
  const at = toEpochMs(times[index * 2] as number);
  const receivedAt = toEpochMs(times[index * 2 + 1] as number);
  const values = blank.slice();
  const from = valueAt[index] as number;
  for (let place = 0; place < values.length; place += 1) {
    values[place] = readings.values[from + place] as number;
  }
  if (deviceType === undefined) return { device, at, receivedAt, metrics, values, source };
  return { device, deviceType, at, receivedAt, metrics, values, source };
}

/** The device of one of them. */
export function deviceAt({ keys, keyAt }: Readings, index: number): DeviceKey {
  const from = keyAt[index] as number;
  const isWide = ((keys[from] as number) & 1) === 1;
  const end = keyAt[index + 1] as number;
  return toDeviceKey(keys.toString(isWide ? 'utf16le' : 'latin1', from + KEY_HEAD, end));
}

/** A kind of readings. */
export function makeKind(
  metrics: MetricSet,
  deviceType: string | undefined,
  source: string,
): ReadingKind {
  return { metrics, deviceType, source, blank: blankDoubles(metrics.names.length) };
}

function kindOf(reading: Reading, before: ReadingKind | undefined): ReadingKind {
  const { metrics, deviceType, source } = reading;
  const isSame =
    before?.metrics === metrics && before.deviceType === deviceType && before.source === source;
  return isSame ? before : makeKind(metrics, deviceType, source);
}

function grow(readings: Readings): void {
  const { length } = readings.hashes;
  readings.times = larger(readings.times, new Float64Array(length * 4));
  readings.hashes = larger(readings.hashes, new Int32Array(length * 2));
  readings.keyAt = larger(readings.keyAt, new Int32Array(length * 2 + 1));
  readings.valueAt = larger(readings.valueAt, new Int32Array(length * 2 + 1));
}

function larger<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
