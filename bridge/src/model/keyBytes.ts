/*
 * The key of a device as bytes, little endian: keys that are the same have the same bytes and no others.
 *   u16 (characters + 1) * 2, plus 1 where they take two bytes each
 *       the characters: Latin-1, or UTF-16 where one is beyond it
 */
export const KEY_HEAD = 2;
/** Characters of the longest key; a device's have 120 at most. */
export const MAX_KEY = 32_000;

/** Bytes of a key. */
export function sizeOfKey(key: string): number {
  return KEY_HEAD + key.length * (isLatin1(key) ? 1 : 2);
}

/** Bytes of a key, by its first two. */
export function sizeByHead(head: number): number {
  return KEY_HEAD + ((head >> 1) - 1) * ((head & 1) + 1);
}

/** The first two bytes of a key of so many characters, which all are of Latin-1. */
export const headOfLatin1 = (characters: number): number => (characters + 1) << 1;

/** Writes the `sizeOfKey` bytes of a key. Throws for one of more than `MAX_KEY` characters. */
export function writeKey(key: string, bytes: Uint8Array, at: number): void {
  const { length } = key;
  if (length > MAX_KEY) throw new Error(`a key of ${length} characters is too long`);
  const isWide = !isLatin1(key);
  const head = headOfLatin1(length) | (isWide ? 1 : 0);
  bytes[at] = head & 255;
  bytes[at + 1] = head >> 8;
  let to = at + KEY_HEAD;
  for (let from = 0; from < length; from += 1) {
    const code = key.charCodeAt(from);
    bytes[to++] = code & 255;
    if (isWide) bytes[to++] = code >> 8;
  }
}

/** The key whose bytes begin at `at`. */
export function readKey(bytes: Uint8Array, at: number): string {
  const head = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  const end = at + sizeByHead(head);
  const step = (head & 1) + 1;
  let key = '';
  for (let from = at + KEY_HEAD; from < end; from += step) {
    const high = step === 2 ? (bytes[from + 1] as number) << 8 : 0;
    key += String.fromCharCode((bytes[from] as number) | high);
  }
  return key;
}

/**
 * A whole number of 32 bits from the characters, every one of whose bits depends on all of them: begin with `HASH`, mix each
 * character in, and end.
 * Source: FNV-1a (Fowler, Noll, Vo) over UTF-16 units, ended by the finalizer of MurmurHash3 (Appleby).
 */
export const HASH = 0x811c9dc5 | 0;
export const mixHash = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);
export function endHash(mixed: number): number {
  let hash = mixed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** The hash of a key. */
export function hashOfKey(key: string): number {
  let hash = HASH;
  for (let index = 0; index < key.length; index += 1) {
    hash = mixHash(hash, key.charCodeAt(index));
  }
  return endHash(hash);
}

function isLatin1(key: string): boolean {
  for (let index = 0; index < key.length; index += 1) {
    if (key.charCodeAt(index) > 255) return false;
  }
  return true;
}
