import type { TopicTemplate } from '../topic.ts';

/** Where the names stand in the bytes of a message. */
export interface NamePlaces {
  deviceStart: number;
  deviceEnd: number;
  typeStart: number;
  typeEnd: number;
}

/** Notes where the names of a topic are; false where it is not one of the template's topics. */
export type TopicBytes = (
  bytes: Uint8Array,
  start: number,
  end: number,
  places: NamePlaces,
) => boolean;

const [SLASH, DOLLAR] = [0x2f, 0x24] as const;
/** What becomes of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

type Level = 'device' | 'deviceType' | 'any';

interface Step {
  readonly literal: Uint8Array;
  /** The level behind the literal; undefined: the topic ends there, or `rest` does. */
  readonly level: Level | undefined;
}

/**
 * The same answer as `match` of the template, without making strings. Undefined where bytes cannot
 * tell: the template has the character that decoding puts for bytes which are no text.
 */
export function compileTopic({ levels, rest, wildFirst }: TopicTemplate): TopicBytes | undefined {
  if (levels.some((level) => !level.isWellFormed() || level.includes(REPLACEMENT)))
    return undefined;
  const steps = stepsOf(levels);
  const everything = rest && levels.length === 0;
  return (bytes, start, end, places) => {
    if (wildFirst && start < end && bytes[start] === DOLLAR) return false;
    if (everything) return true;
    let at = start;
    for (let index = 0; index < steps.length; index += 1) {
      const { literal, level } = steps[index] as Step;
      if (at + literal.length > end) return false;
      for (let place = 0; place < literal.length; place += 1, at += 1) {
        if (bytes[at] !== literal[place]) return false;
      }
      if (level === undefined) continue;
      const from = at;
      while (at < end && bytes[at] !== SLASH) at += 1;
      if (level === 'device') {
        places.deviceStart = from;
        places.deviceEnd = at;
      } else if (level === 'deviceType') {
        places.typeStart = from;
        places.typeEnd = at;
      }
    }
    return at === end || (rest && bytes[at] === SLASH);
  };
}

function stepsOf(levels: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  let literal = '';
  for (const [index, level] of levels.entries()) {
    if (index > 0) literal += '/';
    const wild = wildLevels.get(level);
    if (wild === undefined) literal += level;
    else {
      steps.push({ literal: Buffer.from(literal), level: wild });
      literal = '';
    }
  }
  if (literal !== '') steps.push({ literal: Buffer.from(literal), level: undefined });
  return steps;
}

const wildLevels: ReadonlyMap<string, Level> = new Map([
  ['{device}', 'device'],
  ['{deviceType}', 'deviceType'],
  ['+', 'any'],
]);
