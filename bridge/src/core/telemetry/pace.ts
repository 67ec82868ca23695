/**
 * An allowance of API calls: refilled evenly, at most one minute's worth at once. Whoever takes
 * no more than is there stays within `callsPerMinute` on average, whatever the rush.
 */
export interface Pace {
  /** Calls that may be made at `at`; below 0 after a request that took more than expected. */
  readonly calls: number;
  readonly at: number;
}

/** A full allowance: the first views after a start are answered at once. */
export function startPace(at: number, callsPerMinute: number): Pace {
  return { calls: callsPerMinute, at };
}

/** The allowance at `now`. A clock that goes back refills nothing. */
export function refill(pace: Pace, now: number, callsPerMinute: number): Pace {
  const minutes = Math.max(0, now - pace.at) / 60_000;
  return { calls: Math.min(callsPerMinute, pace.calls + minutes * callsPerMinute), at: now };
}

/** After `calls` were made. */
export function spend(pace: Pace, calls: number): Pace {
  return { ...pace, calls: pace.calls - calls };
}

/** Milliseconds until `calls` may be made; more than a minute's worth waits for a full allowance. */
export function waitMs(pace: Pace, calls: number, callsPerMinute: number): number {
  const missing = Math.min(calls, callsPerMinute) - pace.calls;
  return missing <= 0 ? 0 : Math.ceil((missing / callsPerMinute) * 60_000);
}

/**
 * Milliseconds from one refresh of the live views to the next, for refreshes of this many calls:
 * `refreshMs`, or as much longer as the calls per minute demand.
 */
export function refreshPauseMs(refreshMs: number, calls: number, callsPerMinute: number): number {
  return Math.max(refreshMs, Math.ceil((calls / callsPerMinute) * 60_000));
}

/** What the org says of its API calls of the last 24 hours. */
export interface ApiUsage {
  readonly used: number;
  readonly max: number;
}

/** From this share of the day's calls on, charts leave more and more to everybody else … */
const SPARING_FROM = 0.75;
/** … down to one call a minute: receipts and other programs need the rest. */
const LEAST_FROM = 0.95;

/** The calls per minute that may be spent while the day's calls run short; never below 1. */
export function allowedCalls(callsPerMinute: number, usage: ApiUsage | undefined): number {
  if (usage === undefined || usage.max <= 0) return callsPerMinute;
  const share = usage.used / usage.max;
  const left = Math.min(1, Math.max(0, (LEAST_FROM - share) / (LEAST_FROM - SPARING_FROM)));
  return Math.max(1, callsPerMinute * left);
}
