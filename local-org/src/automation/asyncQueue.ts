import type { RecordStore } from '../store/records.ts';

/** One record waiting for the asynchronous path of a flow. */
export interface PendingPath {
  readonly number: number;
  readonly flow: string;
  readonly object: string;
  readonly recordId: string;
  /** The record as it was saved, and before; JSON. */
  readonly record: string;
  readonly prior: string | undefined;
  readonly userId: string;
  /** How often it was run and failed. */
  readonly failures: number;
}

/**
 * Asynchronous paths that wait, in the org's file: put there by the transaction that saved the
 * record, and taken out or postponed by the one that runs the path, so nothing is lost or done twice
 * across `kill -9`. Times are milliseconds since the epoch.
 */
export interface AsyncQueue {
  put(path: Omit<PendingPath, 'number' | 'failures'> & { readonly batch: string }): void;
  /** The oldest due records that one transaction set off for one flow, at most `max`. */
  next(max: number, now: number): PendingPath[];
  remove(path: PendingPath): void;
  /** Keeps a path that failed for another run at that time. */
  postpone(path: PendingPath, dueAt: number): void;
  /** When the next path is due; undefined when none waits. */
  nextDue(): number | undefined;
}

export function makeAsyncQueue({ sql }: Pick<RecordStore, 'sql'>): AsyncQueue {
  sql.exec(`CREATE TABLE IF NOT EXISTS flow_path (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    batch TEXT NOT NULL,
    flow TEXT NOT NULL,
    object TEXT NOT NULL,
    record_id TEXT NOT NULL,
    record TEXT NOT NULL,
    prior TEXT,
    user_id TEXT NOT NULL
  ) STRICT`);
  // The table of an older file lacks them.
  const known = sql.prepare("SELECT name FROM pragma_table_info('flow_path')").all();
  for (const column of ['failures', 'due_at']) {
    if (known.some((row) => row['name'] === column)) continue;
    sql.exec(`ALTER TABLE flow_path ADD COLUMN ${column} INTEGER NOT NULL DEFAULT 0`);
  }
  const put = sql.prepare(
    'INSERT INTO flow_path (batch, flow, object, record_id, record, prior, user_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const oldest = sql.prepare(
    'SELECT batch, flow FROM flow_path WHERE due_at <= ? ORDER BY number LIMIT 1',
  );
  const same = sql.prepare(
    'SELECT * FROM flow_path WHERE batch = ? AND flow = ? AND due_at <= ? ORDER BY number LIMIT ?',
  );
  const postpone = sql.prepare(
    'UPDATE flow_path SET failures = failures + 1, due_at = ? WHERE number = ?',
  );
  const earliest = sql.prepare('SELECT min(due_at) AS at FROM flow_path');
  const remove = sql.prepare('DELETE FROM flow_path WHERE number = ?');
  return {
    put(path) {
      put.run(
        path.batch,
        path.flow,
        path.object,
        path.recordId,
        path.record,
        path.prior ?? null,
        path.userId,
      );
    },
    next(max, now) {
      const first = oldest.get(now);
      if (first === undefined) return [];
      return same.all(String(first['batch']), String(first['flow']), now, max).map((row) => ({
        number: Number(row['number']),
        flow: String(row['flow']),
        object: String(row['object']),
        recordId: String(row['record_id']),
        record: String(row['record']),
        prior: row['prior'] === null ? undefined : String(row['prior']),
        userId: String(row['user_id']),
        failures: Number(row['failures']),
      }));
    },
    remove(path) {
      remove.run(path.number);
    },
    postpone(path, dueAt) {
      postpone.run(dueAt, path.number);
    },
    nextDue() {
      const at = earliest.get()?.['at'];
      return typeof at === 'number' ? at : undefined;
    },
  };
}
