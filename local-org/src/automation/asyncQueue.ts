import type { SQLOutputValue } from 'node:sqlite';

import type { RecordStore } from '../store/records.ts';

/** The name under which the interviews of a scheduled flow wait; no path can be called so. */
export const SCHEDULED_RUN = '(scheduled)';

/** One record waiting for a path of a flow. */
export interface PendingPath {
  readonly number: number;
  readonly flow: string;
  /** The name of a scheduled path, empty for the asynchronous one, or `SCHEDULED_RUN`. */
  readonly path: string;
  /** Empty, as is the id, where a scheduled flow runs without a record. */
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
 * Asynchronous and scheduled paths, and records of scheduled flows, that wait, in the org's file: put there by the transaction that saved the
 * record, and taken out or postponed by the one that runs the path, so nothing is lost or done twice
 * across `kill -9`. Times are milliseconds since the epoch.
 */
export interface AsyncQueue {
  put(
    path: Omit<PendingPath, 'number' | 'failures'> & {
      readonly batch: string;
      readonly dueAt: number;
    },
  ): void;
  /**
   * The due records of one path that run together: those that one transaction set off, or for a
   * scheduled path all that are due; at most as many as `most` says.
   */
  next(most: (flow: string, path: string) => number, now: number): PendingPath[];
  /** The scheduled paths of a record that wait. */
  scheduledOf(flow: string, recordId: string): PendingPath[];
  /** Gives a path another time. */
  move(path: PendingPath, dueAt: number): void;
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
  if (!known.some((row) => row['name'] === 'path'))
    sql.exec("ALTER TABLE flow_path ADD COLUMN path TEXT NOT NULL DEFAULT ''");
  sql.exec('CREATE INDEX IF NOT EXISTS flow_path_record ON flow_path (record_id, flow)');
  sql.exec('CREATE INDEX IF NOT EXISTS flow_path_due ON flow_path (due_at, number)');
  const put = sql.prepare(
    'INSERT INTO flow_path (batch, flow, path, object, record_id, record, prior, user_id, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const oldest = sql.prepare(
    'SELECT batch, flow, path FROM flow_path WHERE due_at <= ? ORDER BY due_at, number LIMIT 1',
  );
  const sameBatch = sql.prepare(
    'SELECT * FROM flow_path WHERE due_at <= ? AND flow = ? AND path = ? AND batch = ? ORDER BY due_at, number LIMIT ?',
  );
  const samePath = sql.prepare(
    'SELECT * FROM flow_path WHERE due_at <= ? AND flow = ? AND path = ? ORDER BY due_at, number LIMIT ?',
  );
  const ofRecord = sql.prepare(
    "SELECT * FROM flow_path WHERE record_id = ? AND flow = ? AND path NOT IN ('', ?) ORDER BY number",
  );
  const move = sql.prepare('UPDATE flow_path SET due_at = ? WHERE number = ?');
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
        path.path,
        path.object,
        path.recordId,
        path.record,
        path.prior ?? null,
        path.userId,
        path.dueAt,
      );
    },
    next(most, now) {
      const first = oldest.get(now);
      if (first === undefined) return [];
      const [flow, path, batch] = [first['flow'], first['path'], first['batch']].map(String);
      if (flow === undefined || path === undefined || batch === undefined) return [];
      const rows =
        path === '' || path === SCHEDULED_RUN
          ? sameBatch.all(now, flow, path, batch, most(flow, path))
          : samePath.all(now, flow, path, most(flow, path));
      return rows.map(pendingOf);
    },
    scheduledOf: (flow, recordId) => ofRecord.all(recordId, flow, SCHEDULED_RUN).map(pendingOf),
    move(path, dueAt) {
      move.run(dueAt, path.number);
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

function pendingOf(row: Record<string, SQLOutputValue>): PendingPath {
  return {
    number: Number(row['number']),
    flow: String(row['flow']),
    path: String(row['path']),
    object: String(row['object']),
    recordId: String(row['record_id']),
    record: String(row['record']),
    prior: row['prior'] === null ? undefined : String(row['prior']),
    userId: String(row['user_id']),
    failures: Number(row['failures']),
  };
}
