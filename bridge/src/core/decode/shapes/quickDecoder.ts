import { toDeviceKey, toEpochMs } from '../../../model/brand.ts';
import type { DeviceKey } from '../../../model/brand.ts';
import type { Mapping } from '../../../model/mapping.ts';
import { payloadOf } from '../../../model/message.ts';
import type { Message } from '../../../model/message.ts';
import type { Reading } from '../../../model/reading.ts';
import { MAX_DEVICE_KEY, MAX_NAME } from '../name.ts';
import { LATEST } from '../time.ts';
import { learnShape } from './learn.ts';
import { makeFewNames, plainName } from './names.ts';
import type { Shape } from './shape.ts';
import { makeSightings, sketchOf } from './sightings.ts';
import { makeShapeTree } from './tree.ts';
import type { Places, ShapeTree } from './tree.ts';

/** Reads messages of one mapping that look like others before them. */
export interface QuickDecoder {
  /**
   * The very reading that the judge would give, or undefined: the message has no shape that is
   * known, or something about it is for the judge to say.
   *
   * @param places where the topic has its names
   */
  read(message: Message, places: Places): Reading | undefined;
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
    read(message, places) {
      const reading = readWith(tree, message, places);
      if (reading !== undefined && saved < MOST_SAVED) saved += QUICK;
      return reading;
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
      const again = readWith(alone, message, places);
      if (again !== undefined && isSame(again, reading)) tree.add(learnt.parts, learnt.shape);
    },
  };
}

type Reader = (tree: ShapeTree, message: Message, places: Places) => Reading | undefined;

function makeReader(mapping: Mapping): Reader {
  const { maxBytes, maxFutureMs, maxAgeMs, recorded, name: source } = mapping;
  const typeOf = makeFewNames(MAX_NAME);

  function timeOf(shape: Shape, numbers: Float64Array): number {
    // Adding 0 turns -0 into 0.
    return Math.round((numbers[shape.timeSlot] as number) * shape.timeScale) + 0;
  }

  return (tree, message, places) => {
    const { bytes, payloadStart, payloadEnd, receivedAt } = message;
    if (payloadEnd - payloadStart > maxBytes) return undefined;
    const shape = tree.scan(bytes, payloadStart, payloadEnd, places);
    if (shape === undefined) return undefined;
    const { numbers } = places;
    const at = shape.timeSlot === -1 ? receivedAt : toEpochMs(timeOf(shape, numbers));
    if (shape.timeSlot !== -1 && !(at >= 0 && at < LATEST)) return undefined;
    if (!recorded && (at - receivedAt > maxFutureMs || receivedAt - at > maxAgeMs)) {
      return undefined;
    }
    const values = valuesOf(shape, numbers);
    if (values === undefined) return undefined;
    const device = plainName(bytes, places.deviceStart, places.deviceEnd, MAX_DEVICE_KEY);
    if (device === undefined) return undefined;
    const key: DeviceKey = toDeviceKey(device);
    const { metrics } = shape;
    if (!shape.typed) return { device: key, at, receivedAt, metrics, values, source };
    const deviceType = typeOf(bytes, places.typeStart, places.typeEnd);
    if (deviceType === undefined) return undefined;
    return { device: key, deviceType, at, receivedAt, metrics, values, source };
  };
}

/** Undefined where one of them is not plausible. */
function valuesOf(
  { slots, lows, highs, blank }: Shape,
  numbers: Float64Array,
): readonly number[] | undefined {
  const values = blank.slice();
  for (let index = 0; index < slots.length; index += 1) {
    const value = numbers[slots[index] as number] as number;
    if (!(value >= (lows[index] as number) && value <= (highs[index] as number))) return undefined;
    values[index] = value;
  }
  return values;
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
