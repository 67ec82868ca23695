import { LimitException } from './errors.ts';

/**
 * Per-transaction limits, synchronous values, which apply to event subscribers too
 * (help platform.flow_considerations_limit_transaction; Apex Developer Guide, "Execution Governors
 * and Limits"). Past one "the system rolls back the entire transaction", also with a fault path.
 */
export const LIMITS = {
  queries: 100,
  queryRows: 50_000,
  dmlStatements: 150,
  dmlRows: 10_000,
  /** Stands for 10 s of CPU: only a flow that goes in circles gets here. */
  elements: 200_000,
  /** How deep saves may set off saves (Apex: maximum trigger depth). */
  depth: 16,
} as const;

/**
 * "Total number of duplicate updates allowed in one batch" stands in the same list, but public logs
 * show a save error of the element, DUPLICATE_VALUE, which its fault path can handle. That the
 * first update counts as one of the twelve is this org's strict reading.
 */
export const DUPLICATE_UPDATES = 12;

type Counter = Exclude<keyof typeof LIMITS, 'depth'>;

const MESSAGES: Readonly<Record<Counter, string>> = {
  queries: 'Too many SOQL queries',
  queryRows: 'Too many query rows',
  dmlStatements: 'Too many DML statements',
  dmlRows: 'Too many DML rows',
  elements: 'CPU time limit exceeded: too many executed elements',
};

export type LimitUse = Readonly<Record<Counter, number>>;

const NOTHING: LimitUse = { queries: 0, queryRows: 0, dmlStatements: 0, dmlRows: 0, elements: 0 };

/** Counts what one transaction uses and throws LimitException past a limit. */
export class Limits {
  #counts: Record<Counter, number> = { ...NOTHING };
  readonly #most: Record<Counter, number> = { ...NOTHING };

  count(counter: Counter, amount = 1): void {
    this.#counts[counter] += amount;
    const used = this.#counts[counter];
    this.#most[counter] = Math.max(this.#most[counter], used);
    if (used > LIMITS[counter]) {
      throw new LimitException(counter, `${MESSAGES[counter]}: ${used} (limit ${LIMITS[counter]})`);
    }
  }

  /** What has been used, to go back to before another attempt of a partial save. */
  use(): LimitUse {
    return { ...this.#counts };
  }

  /** The most that was in use at any time, also in attempts that were undone. */
  most(): LimitUse {
    return { ...this.#most };
  }

  goBack(use: LimitUse): void {
    this.#counts = { ...use };
  }
}
