import type { LimitUse, Limits } from '../flow/limits.ts';
import type { RecordStore } from '../store/records.ts';

const ATTEMPTS = 3;

class Undo extends Error {}

/**
 * Partial save. All items are tried together in a savepoint; when some fail, everything is undone
 * and tried again without them, with the limits used so far given back, three times at most. What
 * still fails then fails all that are left (Apex Developer Guide, "Bulk DML Exception Handling",
 * .../apexcode/apex_dml_bulk_exceptions.htm).
 *
 * Returns why items failed; the others are saved. `keepRest` saves the attempt as it is when only
 * some failed, which is right where nothing was set off by the save.
 */
export function attemptPartially<Item, Failure>(options: {
  readonly store: Pick<RecordStore, 'transaction'>;
  readonly limits: Limits;
  readonly items: readonly Item[];
  readonly keepRest: boolean;
  readonly attempt: (items: readonly Item[]) => Map<Item, Failure>;
  readonly tooMany: Failure;
}): Map<Item, Failure> {
  const { store, limits, attempt } = options;
  const all = new Map<Item, Failure>();
  const before: LimitUse = limits.use();
  let left = options.items;
  for (let round = 1; round <= ATTEMPTS && left.length > 0; round += 1) {
    const failed = attemptOnce(store, left, attempt, options.keepRest);
    for (const [item, failure] of failed) all.set(item, failure);
    if (failed.size === 0 || options.keepRest) return all;
    left = left.filter((item) => !failed.has(item));
    limits.goBack(before);
  }
  for (const item of left) all.set(item, options.tooMany);
  return all;
}

function attemptOnce<Item, Failure>(
  store: Pick<RecordStore, 'transaction'>,
  items: readonly Item[],
  attempt: (items: readonly Item[]) => Map<Item, Failure>,
  keepRest: boolean,
): Map<Item, Failure> {
  let failed = new Map<Item, Failure>();
  try {
    store.transaction(() => {
      failed = attempt(items);
      if (failed.size > 0 && !keepRest) throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
  return failed;
}
