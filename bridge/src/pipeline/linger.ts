/** How busy this process is, from 0 to 1: the share of the last moments in which its thread worked. */
export type Load = () => number;

/** What a signal may wait at most for others to share its request, its commit and its enrichment. */
export const MAX_LINGER_MS = 50;
/** Below it there is time for small batches: a signal goes at once. */
const QUIET = 0.5;

/**
 * Milliseconds to wait for more before the next request. A request of five events costs per event
 * five times what one of two hundred does; with time to spare that is cheap, at full load it is taken from
 * the readings. Grows with the square of what lies above half load.
 *
 * @param load from 0 to 1
 * @param sinceMs since the last request was made: more have come together while it was answered
 */
export function lingerMs(load: number, sinceMs = 0): number {
  const above = Math.min(Math.max((load - QUIET) / (1 - QUIET), 0), 1);
  return Math.max(Math.round(MAX_LINGER_MS * above * above - sinceMs), 0);
}
