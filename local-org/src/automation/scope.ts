import { LimitException } from '../flow/errors.ts';
import { Limits, LIMITS, type LimitUse } from '../flow/limits.ts';
import type { RecordStore } from '../store/records.ts';

/** What belongs to one transaction of the platform: its limits and what is being saved in it. */
export interface TransactionScope {
  readonly id: string;
  readonly limits: Limits;
  /** Records whose after-save flows are running; saving them again does not run those again. */
  readonly inAfterSave: Set<string>;
  /** Events to be published whether the transaction commits or not. */
  readonly immediate: (() => void)[];
  depth: number;
}

/** The transactions of the org, one at a time: everything in this process is synchronous. */
export interface Scopes {
  /** Runs in the current transaction, or in a new one that commits when `work` returns. */
  within<T>(work: (scope: TransactionScope) => T): T;
  /** One level deeper; a save that sets off a save that … is stopped at a limit. */
  deeper<T>(scope: TransactionScope, work: () => T): T;
}

/** Is told at the end of a transaction of the platform how much of its limits that used, also when it was undone. */
export type Meter = (most: LimitUse) => void;

export function makeScopes(
  store: Pick<RecordStore, 'transaction'>,
  makeId: () => string,
  meter?: Meter,
): Scopes {
  let current: TransactionScope | undefined;

  function open<T>(work: (scope: TransactionScope) => T): T {
    const scope: TransactionScope = {
      id: makeId(),
      limits: new Limits(),
      inAfterSave: new Set(),
      immediate: [],
      depth: 0,
    };
    current = scope;
    let undone = true;
    try {
      const result = store.transaction(() => {
        const value = work(scope);
        scope.immediate.forEach((publish) => publish());
        return value;
      });
      undone = false;
      return result;
    } finally {
      current = undefined;
      meter?.(scope.limits.most());
      // PublishImmediately does not wait for, nor go with, the transaction that published.
      if (undone && scope.immediate.length > 0) {
        setImmediate(() =>
          store.transaction(() => scope.immediate.forEach((publish) => publish())),
        );
      }
    }
  }

  return {
    within: (work) => (current === undefined ? open(work) : work(current)),
    deeper(scope, work) {
      scope.depth += 1;
      if (scope.depth > LIMITS.depth) {
        throw new LimitException(
          'depth',
          `Maximum trigger depth exceeded: saves set off saves more than ${LIMITS.depth} deep`,
        );
      }
      try {
        return work();
      } finally {
        scope.depth -= 1;
      }
    },
  };
}
