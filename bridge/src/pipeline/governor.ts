import type { Severity } from '../model/signal.ts';

/** What of the org this bridge may only use so much of. */
export type BudgetName = 'publishes' | 'apiCalls' | 'deliveries' | 'signalRows';

/** How one budget stands. */
export interface BudgetStatus {
  readonly name: BudgetName;
  /** What this bridge may use in any stretch of `windowMs`: its share of the limit. */
  readonly limit: number;
  readonly windowMs: number;
  readonly used: number;
  /** What may be used now, of the share and of what the org says is left; at least 0. */
  readonly left: number;
  /** In how many milliseconds the share is used up at the pace of now; absent where it does not run out. */
  readonly runsOutInMs?: number;
}

/** Says how much may be used of the org, and remembers what was, also after a kill. */
export interface Governor {
  /** Events of this severity that may be published now, of all budgets the least; Infinity where nothing limits. Never less for a worse severity. */
  room(severity: Severity): number;
  /**
   * So many events of this severity go to the event bus now. Called before they do, so that a kill in between counts
   * what may have been published.
   */
  published(severity: Severity, count: number): void;
  status(): readonly BudgetStatus[];
}
