import { severities } from '../../model/signal.ts';
import type { Severity } from '../../model/signal.ts';

/** How much may be on its way to the org at once, as data. */
export interface PaceState {
  /** Events that may be published without a receipt. */
  readonly window: number;
  /** Receipts since the window was set; a whole window of them doubles it. */
  readonly received: number;
}

export interface PaceOptions {
  /** The window after a start and after trouble. */
  readonly first: number;
  readonly max: number;
}

/** What may be published now. */
export interface Room {
  readonly events: number;
  /** Only events of this severity or worse. */
  readonly atLeast: Severity;
}

/** The last quarter of the window is kept for Critical and High. */
const COMMON_SHARE = 0.75;
const URGENT: Severity = 'High';
const LEAST = severities[severities.length - 1] ?? 'Low';

export const startPace = ({ first, max }: PaceOptions): PaceState => ({
  window: Math.min(first, max),
  received: 0,
});

/**
 * The org has told the end of some events. It keeps up: once as many have ended as may be on their
 * way, twice as many may be.
 */
export function kept(state: PaceState, receipts: number, { max }: PaceOptions): PaceState {
  const received = state.received + receipts;
  if (received < state.window) return { ...state, received };
  return { window: Math.min(max, state.window * 2), received: 0 };
}

/** The org was away or asked for less: it is come back to slowly. */
export const troubled = (options: PaceOptions): PaceState => startPace(options);

/**
 * @param inFlight events published lately without a receipt; those that have waited for long are no
 *   sign of the pace and are not counted, or one flow that is stuck would stop everything
 */
export function roomFor({ window }: PaceState, inFlight: number): Room {
  const common = Math.floor(window * COMMON_SHARE) - inFlight;
  if (common > 0) return { events: common, atLeast: LEAST };
  return { events: Math.max(0, window - inFlight), atLeast: URGENT };
}
