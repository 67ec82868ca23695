import { spaceEnd } from './values.ts';

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a] as const;
const [PLUS, NINE] = [0x2b, 0x39] as const;
/** FNV-1a, 32 bits. Source: draft-eastlake-fnv, section 5. */
const [OFFSET, PRIME] = [0x811c9dc5, 0x01000193] as const;
/** More shapes than this at once are too many to learn anyway; a power of two. */
const PLACES = 1_024;

/** What was seen before, as far as it was not so long ago: seldom wrong, and nothing depends on it. */
export interface Sightings {
  /** Whether it was there already. */
  add(sketch: number): boolean;
  has(sketch: number): boolean;
}

export function makeSightings(): Sightings {
  const seen = new Int32Array(PLACES);
  const has = (sketch: number): boolean => seen[sketch & (PLACES - 1)] === sketch;
  return {
    has,
    add(sketch) {
      const before = has(sketch);
      seen[sketch & (PLACES - 1)] = sketch;
      return before;
    },
  };
}

/**
 * A number that is the same for payloads with the same keys and the same punctuation, whatever
 * their numbers and their texts. Never 0.
 */
export function sketchOf(bytes: Uint8Array, start: number, end: number): number {
  let sketch: number = OFFSET;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      const before = sketch;
      for (at += 1; at < end && bytes[at] !== QUOTE; at += 1) {
        if (bytes[at] === BACKSLASH) at += 1;
        sketch = Math.imul(sketch ^ ((bytes[at] as number) | 0), PRIME);
      }
      const behind = spaceEnd(bytes, at + 1, end);
      // Only keys count.
      if (behind >= end || bytes[behind] !== COLON) sketch = before;
    }
    // Digits, and between `+` and `9` also `,`, `-`, `.` and `/`: of numbers nothing counts but that they are there.
    else if (byte < PLUS || byte > NINE) sketch = Math.imul(sketch ^ byte, PRIME);
    at += 1;
  }
  return sketch | 1;
}
