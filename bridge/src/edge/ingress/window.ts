/** What the last period has shown. */
export interface WindowShare {
  /** The most messages that waited for their acknowledgement at once. */
  readonly size: number;
  /** The part of the time, 0 to 1, in which that many did: the broker could send no more. */
  readonly full: number;
}

/**
 * Finds out whether the broker's window of unacknowledged messages is what limits a connection.
 *
 * A broker does not say how large its window is. But where it is the limit, the same count of messages arrives again and
 * again, nothing more until they are acknowledged, and then the next ones as soon as they can: nearly all of the time is
 * spent at that count, or on the way of the acknowledgement and the answer to it. Of messages that come when devices send
 * them, the largest count is rare.
 */
export interface WindowMeter {
  /** A new connection; nothing is unacknowledged in it. @param roundTripMs at least what a packet and its answer take */
  opened(roundTripMs: number): void;
  /** The broker has answered a request of this connection after so long: packets are on their way for no longer. */
  answered(roundTripMs: number): void;
  /** One more message waits for its acknowledgement; to be followed by `read`. */
  arrived(): void;
  /** What one read of the socket brought has arrived. */
  read(): void;
  /** So many are acknowledged. */
  acknowledged(count: number): void;
  /** Ends a period and begins the next one. */
  endPeriod(): WindowShare;
}

/**
 * A window that stays full for longer is not the broker's doing: the disk or detection keeps everybody waiting, and a
 * larger window would only make more wait.
 */
const LONGEST_MS = 100;
/** A batch takes no more: where so many still wait behind one, it is the bridge that limits. */
const MUCH = 4_000;
/**
 * What is believed of a round trip. A connection takes longer to open than packets to go, on a busy machine much longer:
 * then bursts of devices that speak at the same moment, twice a second say, would look like answers to acknowledgements.
 */
const LONGEST_ROUND_TRIP_MS = 200;
/**
 * Where the window is the limit, what comes for an acknowledgement takes about as long each time: no more than so many
 * times the shortest. Of messages that come by themselves some follow each other at once, and most do not.
 */
const USUAL_ANSWER = 2;

/** @param now a clock in milliseconds that does not go back */
export function makeWindowMeter(now: () => number): WindowMeter {
  let unacknowledged = 0;
  let roundTripMs = 0;
  let began = now();
  let most = 0;
  let fullMs = 0;
  /* Since when the count is at its most. */
  let fullSince: number | undefined;
  /* Since when a full window is acknowledged and nothing has come yet. */
  let answeredAt: number | undefined;
  /* The shortest time from an acknowledgement to the next message, of the period before and of this one. */
  let shortestBefore = Number.POSITIVE_INFINITY;
  let shortest = Number.POSITIVE_INFINITY;

  /** How much of a pause between an acknowledgement and the next message was the way there and back. */
  function answerMs(pauseMs: number): number {
    shortest = Math.min(shortest, pauseMs);
    return Math.min(pauseMs, roundTripMs, USUAL_ANSWER * Math.min(shortest, shortestBefore));
  }

  function look(at: number): void {
    if (unacknowledged > most) {
      most = unacknowledged;
      fullMs = 0;
      fullSince = at;
    } else if (unacknowledged === most) fullSince ??= at;
  }

  return {
    opened(ms) {
      unacknowledged = 0;
      roundTripMs = Math.min(ms, LONGEST_ROUND_TRIP_MS);
      shortest = Number.POSITIVE_INFINITY;
      shortestBefore = Number.POSITIVE_INFINITY;
      fullSince = undefined;
      answeredAt = undefined;
    },
    answered(ms) {
      roundTripMs = Math.min(roundTripMs, ms);
    },
    arrived() {
      unacknowledged += 1;
    },
    read() {
      if (unacknowledged === 0) return;
      const at = now();
      if (answeredAt !== undefined) fullMs += answerMs(at - answeredAt);
      answeredAt = undefined;
      look(at);
    },
    acknowledged(count) {
      unacknowledged = Math.max(0, unacknowledged - count);
      if (fullSince === undefined) return;
      const at = now();
      const ms = at - fullSince;
      if (ms <= LONGEST_MS && unacknowledged < MUCH) {
        fullMs += ms;
        answeredAt = at;
      }
      fullSince = undefined;
    },
    endPeriod() {
      const at = now();
      const elapsed = at - began;
      const share = { size: most, full: elapsed > 0 ? Math.min(fullMs / elapsed, 1) : 0 };
      began = at;
      most = 0;
      fullMs = 0;
      fullSince = undefined;
      answeredAt = undefined;
      shortestBefore = shortest;
      shortest = Number.POSITIVE_INFINITY;
      look(at);
      return share;
    },
  };
}
