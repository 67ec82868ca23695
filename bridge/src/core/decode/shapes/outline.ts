import { spaceEnd, stringEnd, valueEnd } from './values.ts';

/** A JSON value, and where it stands in the bytes it was read from. */
export interface Outline {
  readonly start: number;
  readonly end: number;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'word';
  /** Of an object, by key in the order of the bytes; of an array, by place. */
  readonly members: ReadonlyMap<string, Outline>;
}

/** Deeper payloads are not learnt. */
const MOST_DEPTH = 16;
const NO_MEMBERS: ReadonlyMap<string, Outline> = new Map();
const [QUOTE, COMMA, MINUS, ZERO] = [0x22, 0x2c, 0x2d, 0x30] as const;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d] as const;

/**
 * The outline of a payload that JSON.parse accepts. Undefined where it is not certain what stands
 * where: an object that names a key twice, or one nested deeply.
 */
export function outlineOf(payload: Buffer): Outline | undefined {
  const start = spaceEnd(payload, 0, payload.length);
  return outlineAt(payload, start, 0);
}

function outlineAt(bytes: Buffer, start: number, depth: number): Outline | undefined {
  if (depth > MOST_DEPTH) return undefined;
  const byte = bytes[start];
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return containerAt(bytes, start, depth);
  const end = valueEnd(bytes, start, bytes.length);
  if (end === -1 || byte === undefined) return undefined;
  const isNumber = byte === MINUS || (byte >= ZERO && byte <= ZERO + 9);
  const kind = byte === QUOTE ? 'string' : isNumber ? 'number' : 'word';
  return { start, end, kind, members: NO_MEMBERS };
}

function containerAt(bytes: Buffer, start: number, depth: number): Outline | undefined {
  const kind = bytes[start] === OPEN_OBJECT ? 'object' : 'array';
  const close = kind === 'object' ? CLOSE_OBJECT : CLOSE_ARRAY;
  const members = new Map<string, Outline>();
  const space = (from: number) => spaceEnd(bytes, from, bytes.length);
  let at = space(start + 1);
  while (bytes[at] !== close) {
    let key = String(members.size);
    if (kind === 'object') {
      const end = stringEnd(bytes, at, bytes.length);
      if (end === -1) return undefined;
      key = String(JSON.parse(bytes.toString('utf8', at, end)));
      if (members.has(key)) return undefined;
      // Behind the colon.
      at = space(space(end) + 1);
    }
    const member = outlineAt(bytes, at, depth + 1);
    if (member === undefined) return undefined;
    members.set(key, member);
    at = space(member.end);
    if (bytes[at] === COMMA) at = space(at + 1);
    else if (bytes[at] !== close) return undefined;
  }
  return { start, end: at + 1, kind, members };
}
