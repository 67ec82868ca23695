/** Things in order, of which the first are taken most often. */
export interface EventQueue<T> extends Iterable<T> {
  readonly size: number;
  /** What decides its order must not change while it is in. */
  add(item: T): void;
  remove(item: T): void;
  at(index: number): T | undefined;
}

/** Free places at the front that are not worth moving the rest for. */
const SLACK = 256;

/**
 * A sorted array that is mostly added to at its end and taken from at its beginning: both cost next to nothing,
 * everything in between a search and a move.
 *
 * @param compare below 0 where the first goes before the second; 0 only for the same thing
 */
export function makeEventQueue<T>(compare: (a: T, b: T) => number): EventQueue<T> {
  let items: T[] = [];
  let first = 0;

  /** Where it stands, or would stand. */
  function placeOf(item: T): number {
    let [low, high] = [first, items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = items[middle];
      if (other !== undefined && compare(other, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    get size() {
      return items.length - first;
    },
    add(item) {
      const last = items.at(-1);
      if (items.length === first || (last !== undefined && compare(last, item) < 0)) {
        items.push(item);
      } else items.splice(placeOf(item), 0, item);
    },
    remove(item) {
      const place = items[first] === item ? first : placeOf(item);
      if (items[place] !== item) return;
      if (place > first) {
        items.splice(place, 1);
        return;
      }
      first += 1;
      if (first < SLACK || first < items.length / 2) return;
      items = items.slice(first);
      first = 0;
    },
    at: (index) => items[first + index],
    *[Symbol.iterator]() {
      for (let place = first; place < items.length; place += 1) {
        const item = items[place];
        if (item !== undefined) yield item;
      }
    },
  };
}
