import { runInLockStep } from '../flow/lockStep.ts';
import type { Interview } from '../flow/runtime.ts';
import type { RecordStore } from '../store/records.ts';
import type { Assumptions } from './assumptions.ts';
import { attemptPartially } from './attempts.ts';
import { isForAll } from './recordFlows.ts';
import type { TransactionScope } from './scope.ts';

/**
 * Runs a batch of interviews that answers to nobody (event-triggered flows, asynchronous paths).
 * Interviews that fail without a fault path are undone, by the reading of `unhandled-fault`.
 * Returns why items failed.
 */
export function runFlowBatch<Item>(options: {
  readonly store: RecordStore;
  readonly scope: TransactionScope;
  readonly assumptions: Assumptions;
  readonly items: readonly Item[];
  readonly interviewOf: (item: Item) => Interview;
}): Map<Item, string> {
  const { assumptions } = options;
  return attemptPartially<Item, string>({
    store: options.store,
    limits: options.scope.limits,
    items: options.items,
    keepRest: false,
    tooMany: 'undone: other interviews of the batch failed in three attempts',
    attempt: (items) => {
      const outcomes = runInLockStep(items.map(options.interviewOf));
      const failed = new Map<Item, string>();
      items.forEach((item, index) => {
        const outcome = outcomes[index];
        if (outcome?.kind === 'failed')
          failed.set(item, `${outcome.message} (element ${outcome.element})`);
      });
      if (outcomes.some((outcome) => isForAll(outcome, assumptions))) {
        for (const item of items)
          if (!failed.has(item)) failed.set(item, 'undone: another interview of the batch failed');
      }
      return failed;
    },
  });
}
