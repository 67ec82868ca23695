import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BudgetRecord } from '../model/budget.ts';
import type { BudgetStore } from './budgets.ts';

const use = { stretch: 7, used: [0, 3], critical: [0, 1] };
export const budgetRecord: BudgetRecord = {
  at: 1_790_000_000_000,
  wallMs: 1_790_000_000_001,
  steadyMs: 12.5,
  limits: { publishes: 50_000 },
  uses: { publishes: use, apiCalls: use, deliveries: use, signalRows: use },
};

/** What every store of budgets promises. `open` gives an empty one, and the same one to another process. */
export function testBudgetStore(
  name: string,
  open: () => { store: BudgetStore; again: () => BudgetStore } & Disposable,
): void {
  test(`${name}: where nothing was saved nothing is loaded`, () => {
    using box = open();
    assert.equal(box.store.load(), undefined);
  });

  test(`${name}: what was saved last is what is loaded, also by another process`, () => {
    using box = open();
    box.store.save({ ...budgetRecord, at: 1 });
    box.store.save(budgetRecord);
    assert.deepEqual(box.store.load(), budgetRecord);
    assert.deepEqual(box.again().load(), budgetRecord);
  });

  test(`${name}: what is saved does not change with what it was made of`, () => {
    using box = open();
    const used = [0, 3];
    const uses = { ...budgetRecord.uses, publishes: { ...use, used } };
    box.store.save({ ...budgetRecord, uses });
    used[1] = 9;
    assert.deepEqual(box.store.load()?.uses.publishes.used, [0, 3]);
  });
}
