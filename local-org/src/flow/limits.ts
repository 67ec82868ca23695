import { LimitException } from './errors.ts';

/**
 * Per-transaction limits, synchronous values, which apply to event subscribers too
 * (help: "Per-Transaction Flow Limits"; Apex Developer Guide, "Execution Governors and Limits").
 */
export const LIMITS = {
  queries: 100,
  queryRows: 50_000,
  dmlStatements: 150,
  dmlRows: 10_000,
  /** "Total number of duplicate updates allowed in one batch". */
  duplicateUpdates: 12,
  /** Stands for 10 s of CPU: only a flow that goes in circles gets here. */
  elements: 200_000,
  /** How deep saves may set off saves (Apex: maximum trigger depth). */
  depth: 16,
} as const;

type Counter = Exclude<keyof typeof LIMITS, 'duplicateUpdates' | 'depth'>;

const MESSAGES: Readonly<Record<Counter, string>> = {
  queries: 'Too many SOQL queries',
  queryRows: 'Too many query rows',
  dmlStatements: 'Too many DML statements',
  dmlRows: 'Too many DML rows',
  elements: 'CPU time limit exceeded: too many executed elements',
};

export interface LimitUse {
  readonly counts: Readonly<Record<Counter, number>>;
  readonly updates: ReadonlyMap<string, number>;
}

/** Counts what one transaction uses and throws LimitException past a limit. */
export class Limits {
  #counts: Record<Counter, number> = {
    queries: 0,
    queryRows: 0,
    dmlStatements: 0,
    dmlRows: 0,
    elements: 0,
  };
  #updates = new Map<string, number>();

  count(counter: Counter, amount = 1): void {
    this.#counts[counter] += amount;
    const used = this.#counts[counter];
    if (used > LIMITS[counter]) {
      throw new LimitException(counter, `${MESSAGES[counter]}: ${used} (limit ${LIMITS[counter]})`);
    }
  }

  /** Counts a flow's update of a record; the same one may be updated 12 times. */
  countUpdate(recordId: string): void {
    const times = (this.#updates.get(recordId) ?? 0) + 1;
    this.#updates.set(recordId, times);
    if (times > LIMITS.duplicateUpdates) {
      throw new LimitException(
        'duplicateUpdates',
        `Too many duplicate updates in one batch: ${recordId} ${times} times (limit ${LIMITS.duplicateUpdates})`,
      );
    }
  }

  /** What has been used, to go back to before another attempt of a partial save. */
  use(): LimitUse {
    return { counts: { ...this.#counts }, updates: new Map(this.#updates) };
  }

  goBack(use: LimitUse): void {
    this.#counts = { ...use.counts };
    this.#updates = new Map(use.updates);
  }
}
