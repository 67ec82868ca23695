/** One moment by two clocks of a machine. */
export interface Moment {
  /** The clock that people and programs set. */
  readonly wallMs: number;
  /** Since the machine was switched on: it only rises, whatever is set, and begins anew with the machine. */
  readonly steadyMs: number;
}

/**
 * How much time has passed at the least, in milliseconds; at least 0. A clock that was set forward while the bridge was
 * stopped must free no budget, so of what both clocks say the less is believed, and after the machine was switched on
 * anew only the time since then.
 */
export function elapsedSince(before: Moment, now: Moment): number {
  const steady = now.steadyMs - before.steadyMs;
  const wall = now.wallMs - before.wallMs;
  return Math.max(0, Math.min(wall, steady < 0 ? now.steadyMs : steady));
}
