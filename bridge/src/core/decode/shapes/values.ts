import { numberEnd } from './number.ts';
import { utf8End } from './utf8.ts';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a] as const;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const [LOWER_T, LOWER_F, LOWER_N, LOWER_U] = [0x74, 0x66, 0x6e, 0x75] as const;
const SPACE = 0x20;
const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];
/** What may stand behind a backslash, but for `u`. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
/** Deeper ones are for the judge; recursion must end somewhere. */
const MOST_DEPTH = 32;

/** Where the whole JSON value that begins at `start` ends, or -1 where none does or it nests deeper than 32. */
export function valueEnd(bytes: Uint8Array, start: number, end: number, depth = 0): number {
  if (start >= end) return -1;
  const byte = bytes[start] as number;
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
    return depth < MOST_DEPTH ? containerEnd(bytes, start, end, depth + 1) : -1;
  }
  return scalarEnd(bytes, start, end);
}

/** As `valueEnd`, but -1 for objects and arrays. */
export function scalarEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  const byte = bytes[start] as number;
  if (byte === QUOTE) return stringEnd(bytes, start, end);
  if (byte === LOWER_T) return wordEnd(bytes, start, end, TRUE);
  if (byte === LOWER_F) return wordEnd(bytes, start, end, FALSE);
  if (byte === LOWER_N) return wordEnd(bytes, start, end, NULL);
  return numberEnd(bytes, start, end);
}

/** Behind the closing quote of the JSON string whose opening quote is at `start`, or -1. */
export function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE) return -1;
    if (byte === BACKSLASH) at = escapeEnd(bytes, at, end);
    else if (byte < 0x80) at += 1;
    else at = utf8End(bytes, at, end);
    if (at === -1) return -1;
  }
  return -1;
}

/** Where the first byte that is no JSON whitespace stands, or `end`. */
export function spaceEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at += 1;
  }
  return at;
}

function containerEnd(bytes: Uint8Array, start: number, end: number, depth: number): number {
  const isObject = bytes[start] === OPEN_OBJECT;
  const close = isObject ? CLOSE_OBJECT : CLOSE_ARRAY;
  let at = spaceEnd(bytes, start + 1, end);
  if (at < end && bytes[at] === close) return at + 1;
  while (at < end) {
    if (isObject) {
      if (bytes[at] !== QUOTE) return -1;
      at = stringEnd(bytes, at, end);
      if (at === -1) return -1;
      at = spaceEnd(bytes, at, end);
      if (at >= end || bytes[at] !== COLON) return -1;
      at = spaceEnd(bytes, at + 1, end);
    }
    at = valueEnd(bytes, at, end, depth);
    if (at === -1) return -1;
    at = spaceEnd(bytes, at, end);
    if (at >= end) return -1;
    if (bytes[at] === close) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = spaceEnd(bytes, at + 1, end);
  }
  return -1;
}

function wordEnd(bytes: Uint8Array, start: number, end: number, word: Uint8Array): number {
  if (start + word.length > end) return -1;
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return -1;
  return start + word.length;
}

function escapeEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start + 1 >= end) return -1;
  const byte = bytes[start + 1] as number;
  if (byte !== LOWER_U) return ESCAPED.has(byte) ? start + 2 : -1;
  if (start + 6 > end) return -1;
  for (let at = start + 2; at < start + 6; at += 1) if (!isHex(bytes[at] as number)) return -1;
  return start + 6;
}

function isHex(byte: number): boolean {
  const letter = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66);
}
