import type { Mapping } from '../../../model/mapping.ts';
import { payloadOf } from '../../../model/message.ts';
import type { Message } from '../../../model/message.ts';
import { KEY_HEAD } from '../../../model/keyBytes.ts';
import type { Reading } from '../../../model/reading.ts';
import { makeReadings, readingAt, roomFor } from '../../../model/readings.ts';
import type { Readings } from '../../../model/readings.ts';
import { MAX_DEVICE_KEY } from '../name.ts';
import { LATEST } from '../time.ts';
import { learnShape } from './learn.ts';
import { putPlainKey } from './names.ts';
import type { Shape } from './shape.ts';
import { makeSightings, sketchOf } from './sightings.ts';
import { makeShapeTree } from './tree.ts';
import type { Places, ShapeTree } from './tree.ts';

/** Reads messages of one mapping that look like others before them. */
export interface QuickDecoder {
  /**
   * Adds the very reading that the judge would give, or answers false: the message has no shape that is
   * known, or something about it is for the judge to say.
   *
   * @param places where the topic has its names
   */
  read(message: Message, places: Places, into: Readings): boolean;
  /** Learns the shape of a message from what the judge made of it. */
  learn(message: Message, reading: Reading, places: Places): void;
}

/** A larger message costs its time anyway. */
const MOST_LEARNT_BYTES = 16_384;
/**
 * Learning costs as much as judging ten messages, and pays only where messages repeat. A quick
 * message earns 16, another one 1: where what was learnt is of no use, one in a thousand is tried.
 */
const [LEARNING, QUICK, JUDGED] = [1_024, 16, 1] as const;
const MOST_SAVED = 32 * LEARNING;

export function makeQuickDecoder(mapping: Mapping): QuickDecoder {
  const tree = makeShapeTree();
  const readWith = makeReader(mapping);
  const [seen, uncertain] = [makeSightings(), makeSightings()];
  let saved = MOST_SAVED;

  return {
    read(message, places, into) {
      const isRead = readWith(tree, message, places, into);
      if (isRead && saved < MOST_SAVED) saved += QUICK;
      return isRead;
    },
    learn(message, reading, places) {
      if (saved < MOST_SAVED) saved += JUDGED;
      const { bytes, payloadStart, payloadEnd } = message;
      if (saved < LEARNING || payloadEnd - payloadStart > MOST_LEARNT_BYTES) return;
      const sketch = sketchOf(bytes, payloadStart, payloadEnd);
      // One of a kind may stay the only one.
      if (!seen.add(sketch) || uncertain.has(sketch)) return;
      saved -= LEARNING;
      const learnt = learnShape(payloadOf(message), mapping, reading);
      if (learnt === undefined) {
        uncertain.add(sketch);
        return;
      }
      const alone = makeShapeTree();
      alone.add(learnt.parts, learnt.shape);
      const again = makeReadings();
      const isRead = readWith(alone, message, places, again);
      if (isRead && isSame(readingAt(again, 0), reading)) tree.add(learnt.parts, learnt.shape);
    },
  };
}

type Reader = (tree: ShapeTree, message: Message, places: Places, into: Readings) => boolean;

function makeReader(mapping: Mapping): Reader {
  const { maxBytes, maxFutureMs, maxAgeMs, recorded } = mapping;

  function timeOf(shape: Shape, numbers: Float64Array): number {
    // Adding 0 turns -0 into 0.
    return Math.round((numbers[shape.timeSlot] as number) * shape.timeScale) + 0;
  }

  return (tree, message, places, into) => {
    const { bytes, payloadStart, payloadEnd, receivedAt } = message;
    if (payloadEnd - payloadStart > maxBytes) return false;
    const shape = tree.scan(bytes, payloadStart, payloadEnd, places);
    if (shape === undefined) return false;
    const { numbers } = places;
    const at = shape.timeSlot === -1 ? receivedAt : timeOf(shape, numbers);
    if (shape.timeSlot !== -1 && !(at >= 0 && at < LATEST)) return false;
    if (!recorded && (at - receivedAt > maxFutureMs || receivedAt - at > maxAgeMs)) return false;
    const { kinds, slots } = shape;
    const kind =
      kinds === undefined ? shape.kind : kinds.ofType(bytes, places.typeStart, places.typeEnd);
    if (kind === undefined) return false;
    roomFor(into, KEY_HEAD + MAX_DEVICE_KEY, slots.length);
    const { deviceStart, deviceEnd } = places;
    if (!putPlainKey(bytes, deviceStart, deviceEnd, MAX_DEVICE_KEY, into)) return false;
    if (!putValues(shape, numbers, into)) return false;
    const { count, times } = into;
    into.kinds[count] = kind;
    times[count * 2] = at;
    times[count * 2 + 1] = receivedAt;
    into.count = count + 1;
    return true;
  };
}

/** Writes the values of the next reading; false where one of them is not plausible. */
function putValues(
  { slots, lows, highs }: Shape,
  numbers: Float64Array,
  { count, valueAt, values }: Readings,
): boolean {
  const from = valueAt[count] as number;
  for (let index = 0; index < slots.length; index += 1) {
    const value = numbers[slots[index] as number] as number;
    if (!(value >= (lows[index] as number) && value <= (highs[index] as number))) return false;
    values[from + index] = value;
  }
  valueAt[count + 1] = from + slots.length;
  return true;
}

function isSame(one: Reading, other: Reading): boolean {
  return (
    one.device === other.device &&
    one.deviceType === other.deviceType &&
    one.at === other.at &&
    one.metrics === other.metrics &&
    one.values.length === other.values.length &&
    one.values.every((value, index) => Object.is(value, other.values[index]))
  );
}
