import { kept, roomFor, startPace, troubled } from '../core/delivery/pace.ts';
import type { PaceOptions, Room } from '../core/delivery/pace.ts';

/** How much may be on its way to the org: shared by who publishes and who hears of receipts. */
export interface Pace {
  room(inFlight: number): Room;
  received(receipts: number): void;
  /** The org was away or asked for less. */
  troubled(): void;
  /** Events that may be on their way now. */
  window(): number;
}

/**
 * A published event counts as on its way for this long. Routing runs in an asynchronous path that
 * promises no time; what takes longer says that something is wrong with it, not with the pace.
 */
export const ON_ITS_WAY_MS = 2 * 60_000;

export function makePace(options: PaceOptions): Pace {
  let state = startPace(options);
  return {
    room: (inFlight) => roomFor(state, inFlight),
    received(receipts) {
      state = kept(state, receipts, options);
    },
    troubled() {
      state = troubled(options);
    },
    window: () => state.window,
  };
}
