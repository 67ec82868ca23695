import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { inTransaction } from './database.ts';
import { PRUNE_ROWS } from './statements.ts';
import type { OutboxStatements } from './statements.ts';

/** Keys looked at per transaction: a few milliseconds. */
const KEYS = 2_000;
/** Keys of dropped events stay until they are worth going through all of them. */
const WORTH_KEYS = 20_000;
const WORTH_SHARE = 0.25;

/** Drops events that ended before a time; answers how many. Their keys go by and by. */
export function makePruning(
  database: DatabaseSync,
  sql: OutboxStatements,
): (before: number) => Promise<number> {
  const mark = (name: string): number => Number(sql.getMark.get(name)?.['value']);

  async function dropKeys(): Promise<void> {
    const stale = mark('stale keys');
    if (stale < WORTH_KEYS || stale < mark('keys') * WORTH_SHARE) return;
    sql.setMark.run('stale keys', 0);
    for (let from = ''; ; await setImmediate()) {
      const until = sql.nextKeys.get(from, KEYS)?.['episode'];
      // Behind every key.
      const to = typeof until === 'string' ? until : '\u{10FFFF}';
      inTransaction(database, () => {
        sql.addToMark.run('keys', -Number(sql.deleteKeys.run(from, to).changes));
      });
      if (typeof until !== 'string') return;
      from = until;
    }
  }

  return async (before) => {
    let dropped = 0;
    for (let isFull = true; isFull; await setImmediate()) {
      const ended = inTransaction(database, () => {
        const ids = sql.deleteEnded.all(before).map(({ id }) => id);
        if (ids.length === 0) return 0;
        const list = JSON.stringify(ids);
        sql.deleteSignals.run(list);
        sql.deleteHistory.run(list);
        sql.addToMark.run('stale keys', ids.length);
        return ids.length;
      });
      dropped += ended;
      isFull = ended === PRUNE_ROWS;
    }
    await dropKeys();
    return dropped;
  };
}
