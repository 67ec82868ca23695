import type { IngressStatus } from '../ports/ingress.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';

/** The most one tick can add: a machine that slept or hung was not listening. */
const MAX_STEP_MS = 2_000;

/**
 * The listening clock: time in which a device could have been heard.
 *
 * It advances only while the bridge is connected and awake, so that an outage of the broker, of
 * the network or of the bridge itself is never taken for the silence of a device.
 */
export interface ListeningClock {
  /** To be called about once a second; answers the clock. */
  advance(now: EpochMs, listening: boolean): EpochMs;
}

/** Continues from `start`, the clock's value when it was last recorded. */
export function makeListeningClock(start: EpochMs): ListeningClock {
  let clock: number = start;
  let last: EpochMs | undefined;
  return {
    advance(now, listening) {
      const elapsed = last === undefined ? 0 : now - last;
      if (listening) clock += Math.min(Math.max(elapsed, 0), MAX_STEP_MS);
      last = now;
      return toEpochMs(clock);
    },
  };
}

/**
 * Of a second in which messages arrive as fast as they can be taken over, nothing is left; a
 * bridge with room to spare has hundreds of milliseconds.
 */
const LEAST_IDLE_MS = 50;
/** A sender that waits for acknowledgements for more of the time than this has messages it cannot send. */
const MOST_FULL = 0.5;

/**
 * Says whether everything that was sent has been heard: since it was last asked there was time in
 * which no message was waiting. A queue in front of the bridge (a slow disk, a message storm, a narrow window)
 * delays every device, and that must not be taken for the silence of any.
 */
export function makeQueueCheck(status: () => IngressStatus): () => boolean {
  let idleBefore = 0;
  return () => {
    const { idleMs, window } = status();
    if (idleMs === undefined) return true;
    const wasIdleMs = idleMs - idleBefore;
    idleBefore = idleMs;
    // Between an acknowledgement and what the broker sends for it there are pauses too.
    const isHeldBack = window !== undefined && window.full > MOST_FULL;
    return wasIdleMs >= LEAST_IDLE_MS && !isHeldBack;
  };
}
