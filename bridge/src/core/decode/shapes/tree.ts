import { scanIsoTime } from './isoTime.ts';
import { scanNumber } from './number.ts';
import type { Part, Shape } from './shape.ts';
import type { NamePlaces } from './topicBytes.ts';
import { scalarEnd, valueEnd } from './values.ts';

/** What a scan finds: where names stand, and the numbers by their slots. */
export interface Places extends NamePlaces {
  readonly numbers: Float64Array;
}

/** Numbers in a message; an object of metrics may have 256. */
export const MOST_SLOTS = 320;
/** Shapes of one mapping; a fleet has a handful, and a scan costs nothing more for those it does not meet. */
const MOST_SHAPES = 256;
/** Ways to go on behind the same beginning: where one of many fits, finding it costs more than it saves. */
const MOST_WAYS = 32;
/** All shapes together: about 100 bytes for each part beside its literal. */
const MOST_PARTS = 8_192;
const MOST_LITERAL_BYTES = 1_000_000;

const [QUOTE, BACKSLASH] = [0x22, 0x5c] as const;

export function makePlaces(): Places {
  const numbers = new Float64Array(MOST_SLOTS);
  return { deviceStart: 0, deviceEnd: 0, typeStart: 0, typeEnd: 0, numbers };
}

/**
 * Shapes side by side, their common beginnings once: a payload is gone through a single time,
 * however many there are. Of two ways to go on at most one can fit.
 */
export interface ShapeTree {
  /** The shape that the bytes have from the first to the last, its values in `places`; else undefined. */
  scan(bytes: Uint8Array, start: number, end: number, places: Places): Shape | undefined;
  /** Where there is no more room all others are forgotten: those in use come back soon. */
  add(parts: readonly Part[], shape: Shape): void;
  /** Shapes held. */
  size(): number;
}

interface Branch extends Part {
  /** Of a number or a time. */
  readonly slot: number;
  /** Ways to go on, the ones taken often nearer to the front. */
  readonly next: Branch[];
  /** Where the role is `end`. */
  readonly shape: Shape | undefined;
}

export function makeShapeTree(): ShapeTree {
  let root: Branch[] = [];
  let [shapes, parts, literalBytes] = [0, 0, 0];

  function clear(): void {
    root = [];
    shapes = 0;
    parts = 0;
    literalBytes = 0;
  }

  /** False where there is no room. */
  function tryAdd(all: readonly Part[], shape: Shape): boolean {
    if (shapes >= MOST_SHAPES) return false;
    let ways = root;
    let slot = 0;
    for (const part of all) {
      let branch = ways.find(
        ({ role, literal }) => role === part.role && Buffer.compare(literal, part.literal) === 0,
      );
      if (branch === undefined) {
        parts += 1;
        literalBytes += part.literal.length;
        if (ways.length >= MOST_WAYS || parts > MOST_PARTS || literalBytes > MOST_LITERAL_BYTES) {
          return false;
        }
        branch = { ...part, slot, next: [], shape: part.role === 'end' ? shape : undefined };
        ways.push(branch);
      }
      if (part.role === 'number' || part.role === 'time') slot += 1;
      ways = branch.next;
    }
    shapes += 1;
    return true;
  }

  return {
    scan(bytes, start, end, places) {
      let ways = root;
      let at = start;
      for (;;) {
        let index = 0;
        let behind = -1;
        for (; index < ways.length; index += 1) {
          behind = follow(ways[index] as Branch, bytes, at, end, places);
          if (behind !== -1) break;
        }
        if (behind === -1) return undefined;
        const taken = ways[index] as Branch;
        if (index > 0) {
          ways[index] = ways[index - 1] as Branch;
          ways[index - 1] = taken;
        }
        if (taken.shape !== undefined) return taken.shape;
        at = behind;
        ways = taken.next;
      }
    },
    add(all, shape) {
      if (tryAdd(all, shape)) return;
      clear();
      tryAdd(all, shape);
    },
    size: () => shapes,
  };
}

/** Behind the literal of a branch and what follows it, or -1 where they are not there. */
function follow(
  { literal, role, slot }: Branch,
  bytes: Uint8Array,
  start: number,
  end: number,
  places: Places,
): number {
  const at = start + literal.length;
  if (at > end) return -1;
  for (let place = 0; place < literal.length; place += 1) {
    if (bytes[start + place] !== literal[place]) return -1;
  }
  switch (role) {
    case 'number':
      return scanNumber(bytes, at, end, places.numbers, slot);
    case 'time':
      return scanIsoTime(bytes, at, end, places.numbers, slot);
    case 'end':
      return at === end ? at : -1;
    case 'value':
      return valueEnd(bytes, at, end);
    case 'scalar':
      return scalarEnd(bytes, at, end);
    case 'device':
      places.deviceStart = at;
      places.deviceEnd = textEnd(bytes, at, end);
      return places.deviceEnd;
    case 'deviceType':
      places.typeStart = at;
      places.typeEnd = textEnd(bytes, at, end);
      return places.typeEnd;
  }
}

/** Where the string ends whose inside begins at `start`; -1 where something in it is escaped. */
function textEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) return -1;
  }
  return -1;
}
