import { toEpochMs } from '../../model/brand.ts';
import type { EpochMs, EventKey } from '../../model/brand.ts';

/** An event that did not get into the org. */
export interface Unstored {
  readonly eventKey: EventKey;
  /** How often the event bus has accepted it, 1 or more. */
  readonly publishes: number;
}

export interface PartOptions {
  /** When the first part may go. */
  readonly from: EpochMs;
  /** Publishes of an event at most; the last one is always alone. */
  readonly maxPublishes: number;
}

/** When an event may go; those with the same time share a request, and with nobody else. */
export type Turns = ReadonlyMap<EventKey, EpochMs>;

/**
 * Between two parts: the org puts together what lies on the bus at once, at most 200 events, and works it off in one
 * transaction of a second or two.
 */
const APART_MS = 5_000;
/** Published as close to each other as this, two events may have been put together after all. */
export const CLOSE_MS = 4_000;
/** Parts that are spread at most; 60 take five minutes. Further ones go with them, each in a request of its own. */
const PLACES = 60;
/** Of a first repeat; a batch of the org has 200. Source: Platform Events Developer Guide, "Flow and Platform Event Considerations". */
const FIRST_PART = 100;

/**
 * Splits what was published together and is not in the org: one row can undo the whole batch. Published again in halves, and
 * what fails then in halves again, that row ends up alone, and all others are in. The parts go one after the other, so that
 * the org does not put them together again.
 *
 * A part is half of what is at hand, and half of what it may have been the last time, so that it gets smaller each time
 * also where several failed batches come together.
 */
export function planParts(events: readonly Unstored[], { from, maxPublishes }: PartOptions): Turns {
  const turns = new Map<EventKey, EpochMs>();
  const byPublishes = Map.groupBy(events, ({ publishes }) => publishes);
  let part = 0;
  for (const [publishes, some] of [...byPublishes].toSorted(([a], [b]) => a - b)) {
    const most = Math.floor(FIRST_PART / 2 ** (publishes - 1));
    const half = Math.ceil(some.length / 2);
    const size = publishes + 1 >= maxPublishes ? 1 : Math.max(1, Math.min(half, most));
    for (let first = 0; first < some.length; first += size) {
      // A millisecond for each round keeps parts apart that share a place.
      const waitMs = (part % PLACES) * APART_MS + Math.floor(part / PLACES);
      for (const { eventKey } of some.slice(first, first + size)) {
        turns.set(eventKey, toEpochMs(from + waitMs));
      }
      part += 1;
    }
  }
  return turns;
}
