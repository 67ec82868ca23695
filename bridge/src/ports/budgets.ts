import type { BudgetRecord } from '../model/budget.ts';

/** Where what was used of the budgets outlives the process. */
export interface BudgetStore {
  /** Undefined where nothing was kept. @throws Error where something was and it cannot be read */
  load(): BudgetRecord | undefined;
  /**
   * All at once, and on the disk when it returns: what is there afterwards is this or what was there before.
   * @throws Error where the disk refuses
   */
  save(record: BudgetRecord): void;
}
