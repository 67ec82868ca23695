import type { DatabaseSync } from 'node:sqlite';

import type { RecordStore } from './records.ts';

/**
 * Nested transactions over one SQLite connection: the outermost is a transaction, the inner ones
 * are savepoints. Work registered by `afterCommit` waits for the outermost commit and is dropped
 * with the transaction it was registered in.
 */
export function makeTransactions(
  sql: DatabaseSync,
): Pick<RecordStore, 'transaction' | 'afterCommit'> {
  let depth = 0;
  let waiting: (() => void)[] = [];

  function transaction<T>(work: () => T): T {
    const level = depth;
    const registered = waiting.length;
    sql.exec(level === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT level${level}`);
    depth += 1;
    let result: T;
    try {
      result = work();
      sql.exec(level === 0 ? 'COMMIT' : `RELEASE level${level}`);
    } catch (error) {
      depth = level;
      waiting.length = registered;
      // A full disk makes SQLite undo the transaction itself; a second undo would hide that error.
      if (sql.isTransaction) {
        sql.exec(level === 0 ? 'ROLLBACK' : `ROLLBACK TO level${level}; RELEASE level${level}`);
      }
      throw error;
    }
    depth = level;
    if (depth === 0) runWaiting();
    return result;
  }

  function runWaiting(): void {
    const due = waiting;
    waiting = [];
    for (const work of due) work();
  }

  return {
    transaction,
    afterCommit(work) {
      if (depth === 0) work();
      else waiting.push(work);
    },
  };
}
