/** Where the org gets its time from; tests move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that can be set forward; it never goes back. */
export interface MovableClock extends Clock {
  /** By so many milliseconds, at least 0. */
  advance(ms: number): void;
  /** How far it is ahead of the clock it is made from. */
  offset(): number;
}

export function makeMovableClock(base: Clock, offsetMs: number): MovableClock {
  let ahead = offsetMs;
  return {
    now: () => base.now() + ahead,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`a clock cannot go back by ${-ms} ms`);
      ahead += ms;
    },
    offset: () => ahead,
  };
}
