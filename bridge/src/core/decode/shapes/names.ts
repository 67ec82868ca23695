import { endHash, HASH, headOfLatin1, KEY_HEAD, mixHash } from '../../../model/keyBytes.ts';
import type { MetricSet } from '../../../model/reading.ts';
import { makeKind } from '../../../model/readings.ts';
import type { ReadingKind, Readings } from '../../../model/readings.ts';

const [SPACE, LAST_PLAIN] = [0x20, 0x7e] as const;

/**
 * Writes the key of these bytes behind the last reading, for the next one, where they are plain ASCII of 1 to `most` characters
 * without control characters and without a space at either end, which every name may be. False where they are not.
 * There must be room.
 */
export function putPlainKey(
  bytes: Buffer,
  start: number,
  end: number,
  most: number,
  { count, keyAt, keys, hashes }: Readings,
): boolean {
  if (start >= end || end - start > most) return false;
  if (bytes[start] === SPACE || bytes[end - 1] === SPACE) return false;
  let to = keyAt[count] as number;
  const head = headOfLatin1(end - start);
  keys[to] = head & 255;
  keys[to + 1] = head >> 8;
  to += KEY_HEAD;
  let hash = HASH;
  for (let at = start; at < end; at += 1, to += 1) {
    const byte = bytes[at] as number;
    if (byte < SPACE || byte > LAST_PLAIN) return false;
    keys[to] = byte;
    hash = mixHash(hash, byte);
  }
  hashes[count] = endHash(hash);
  keyAt[count + 1] = to;
  return true;
}

/** Kinds of readings that differ in the type of the device, of which there are few: mostly the same object again. */
export interface FewKinds {
  /** The kind with the type that these bytes name; undefined where they are no plain name. */
  readonly ofType: (bytes: Buffer, start: number, end: number) => ReadingKind | undefined;
}

/** @param most characters of a type */
export function makeFewKinds(metrics: MetricSet, source: string, most: number): FewKinds {
  const known: ReadingKind[] = Array.from({ length: 64 }, () => makeKind(metrics, '', source));
  return {
    ofType(bytes, start, end) {
      if (end <= start) return undefined;
      const ends = (bytes[start] as number) + (bytes[end - 1] as number) * 7 + (end - start) * 31;
      const place = ends & (known.length - 1);
      const kind = known[place] as ReadingKind;
      if (isName(bytes, start, end, kind.deviceType as string)) return kind;
      if (!isPlain(bytes, start, end, most)) return undefined;
      const found = makeKind(metrics, bytes.toString('latin1', start, end), source);
      known[place] = found;
      return found;
    },
  };
}

function isPlain(bytes: Buffer, start: number, end: number, most: number): boolean {
  if (start >= end || end - start > most) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < SPACE || byte > LAST_PLAIN) return false;
  }
  return bytes[start] !== SPACE && bytes[end - 1] !== SPACE;
}

function isName(bytes: Buffer, start: number, end: number, name: string): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) {
    if (bytes[start + at] !== name.charCodeAt(at)) return false;
  }
  return true;
}
