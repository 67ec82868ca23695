import type { Readings } from '../model/readings.ts';
import type { Fleet } from './fleet.ts';
import { MOST_KEYS } from './state/keyTable.ts';

/** Readings looked up together: what is brought near of their devices, some 40 KB, has room in the first two caches of a processor. */
export const FORESEEN = MOST_KEYS;
/** Numbers to a line of the cache: 64 bytes. */
const LINE = 8;

/**
 * Finds the devices of readings and reads what judging them will need, so that it is near by then. Changes nothing.
 *
 * The state of many devices is far larger than a cache, and readings come in any order: judged one by one each waits some ten
 * times for memory, 150 ns each time (measured on a shared machine; 4 ns where what is read does not hang on what was read
 * before). Looked up together they wait at the same time.
 */
export interface Foresight {
  /** For the readings from `first` until before `end`, at most `FORESEEN`; the answers are in `indices`. */
  look(readings: Readings, first: number, end: number): void;
  /** The indices of their devices, -1 where one is not known; until the next look. */
  readonly indices: Int32Array;
}

/** Looks at devices of `fleet`. */
export function makeForesight({ keys, places, blocks, rings }: Fleet): Foresight {
  const indices = new Int32Array(FORESEEN);
  const found = new Int32Array(FORESEEN);
  const ringsOf = new Int32Array(FORESEEN);
  /* What was read goes somewhere, or the compiler would leave the reading out. */
  const read = new Float64Array(1);

  /*
   * One short loop for each thing: a processor sees some hundred instructions ahead, which have to be loads.
   */
  function touchAll(count: number): number {
    let sum = 0;
    for (let one = 0; one < count; one += 1) {
      const place = found[one] as number;
      if (place !== 0) sum += touchAt(place, 0) + touchAt(place, LINE);
    }
    for (let one = 0; one < count; one += 1) {
      const place = found[one] as number;
      if (place !== 0) sum += touchAt(place, 2 * LINE) + touchAt(place, 3 * LINE);
    }
    for (let one = 0; one < count; one += 1) {
      const ring = ringsOf[one] as number;
      if (ring !== 0) sum += rings.touch(ring);
    }
    for (let one = 0; one < count; one += 1) {
      const ring = ringsOf[one] as number;
      if (ring !== 0) sum += rings.touchNext(ring);
    }
    return sum;
  }

  /** Its end is not known before its layout is, which stands in it. */
  function touchAt(place: number, ahead: number): number {
    const page = blocks.page(place);
    const at = blocks.offset(place) + ahead;
    return at < page.length ? (page[at] as number) : 0;
  }

  return {
    indices,
    look(readings, first, end) {
      const count = end - first;
      keys.findAll(readings, first, end, indices);
      for (let one = 0; one < count; one += 1) {
        const index = indices[one] as number;
        found[one] = index < 0 ? 0 : places.get(index);
        ringsOf[one] = index < 0 ? 0 : rings.placeOf(index);
      }
      read[0] = touchAll(count);
    },
  };
}
