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
}

/**
 * Asynchronous paths that are due, in the org's file: put there by the transaction that saved the
 * record, and taken out by the one that runs the path, so each runs once also across `kill -9`.
 */
export interface AsyncQueue {
  put(path: Omit<PendingPath, 'number'> & { readonly batch: string }): void;
  /** The oldest due records that one transaction set off for one flow, at most `max`. */
  next(max: number): PendingPath[];
  remove(paths: readonly PendingPath[]): void;
  isEmpty(): boolean;
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
  const put = sql.prepare(
    'INSERT INTO flow_path (batch, flow, object, record_id, record, prior, user_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const oldest = sql.prepare('SELECT batch, flow FROM flow_path ORDER BY number LIMIT 1');
  const same = sql.prepare(
    'SELECT * FROM flow_path WHERE batch = ? AND flow = ? ORDER BY number LIMIT ?',
  );
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
    next(max) {
      const first = oldest.get();
      if (first === undefined) return [];
      return same.all(String(first['batch']), String(first['flow']), max).map((row) => ({
        number: Number(row['number']),
        flow: String(row['flow']),
        object: String(row['object']),
        recordId: String(row['record_id']),
        record: String(row['record']),
        prior: row['prior'] === null ? undefined : String(row['prior']),
        userId: String(row['user_id']),
      }));
    },
    remove(paths) {
      for (const path of paths) remove.run(path.number);
    },
    isEmpty: () => oldest.get() === undefined,
  };
}
