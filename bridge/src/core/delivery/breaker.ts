/**
 * Whether the org may be asked, as data; time is given to each step.
 *
 * `closed`: all is well, or fails now and then. `open`: nothing is asked before `until`.
 * `half-open`: one probe is on its way or has just come back well; the next real answer decides.
 */
export interface BreakerState {
  readonly kind: 'closed' | 'open' | 'half-open';
  /** Failures in a row. */
  readonly failures: number;
  /** Milliseconds since 1970; nothing is asked before. */
  readonly until: number;
}

export interface BreakerOptions {
  /** Failures in a row that open it; those that no repeat heals open it at once. */
  readonly threshold: number;
  /** The shortest pause, and what the longest grows from. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** One failure: when, and what is known of it. */
export interface Failure {
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  /** A repeat alone does not heal it: a refused login, a missing permission, a spent limit. */
  readonly lasting: boolean;
  /** What failed says that it lasts at least this long. */
  readonly atLeastMs?: number | undefined;
}

export const closed: BreakerState = { kind: 'closed', failures: 0, until: 0 };

/** What may be done now: ask for real, ask whether it would work, or nothing before `until`. */
export type Permission = 'go' | 'probe' | 'wait';

export function permission({ kind, until }: BreakerState, now: number): Permission {
  if (now < until) return 'wait';
  return kind === 'open' ? 'probe' : 'go';
}

/** A real question was answered. */
export const succeeded = (): BreakerState => closed;

/** The probe was answered: one real question may follow, and a failure of it opens again. */
export function probed(state: BreakerState): BreakerState {
  return state.kind === 'open' ? { ...state, kind: 'half-open', until: 0 } : state;
}

/**
 * A question or a probe failed: the next may come after a pause, drawn anew each time between
 * `firstMs` and a ceiling that doubles with every failure in a row, so that many bridges that lost
 * the same org come back spread over the whole pause.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter).
 */
export function failed(
  state: BreakerState,
  failure: Failure,
  options: BreakerOptions,
): BreakerState {
  const failures = state.failures + 1;
  const opens =
    state.kind !== 'closed' || failure.lasting || failures >= Math.max(options.threshold, 1);
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(failures, 30));
  const drawn = options.firstMs + failure.random * Math.max(0, ceiling - options.firstMs);
  const pauseMs = Math.max(Math.round(drawn), failure.atLeastMs ?? 0);
  return { kind: opens ? 'open' : 'closed', failures, until: failure.now + pauseMs };
}
