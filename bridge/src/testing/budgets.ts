import type { BudgetRecord } from '../model/budget.ts';
import type { BudgetStore } from '../ports/budgets.ts';

/** A store that remembers as a disk does: what was saved, whatever becomes of who saved it. */
export function makeMemoryBudgets(): BudgetStore & { saves: number; refuse: boolean } {
  let kept: BudgetRecord | undefined;
  return {
    saves: 0,
    refuse: false,
    load: () => structuredClone(kept),
    save(record) {
      if (this.refuse) throw new Error('no space left');
      this.saves += 1;
      kept = structuredClone(record);
    },
  };
}
