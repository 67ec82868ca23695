import type { DatabaseSync } from 'node:sqlite';

/** Rows dropped per transaction: about 15 ms, so that nothing is kept waiting. */
export const PRUNE_ROWS = 200;

/** Every SQL statement of the outbox, by what it does. */
export function prepareOutbox(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    insertEvent: prepare(
      `INSERT OR IGNORE INTO outbox
        (event_key, episode_key, phase, sequence, policy_key, device_key, created_at, signal, state)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending')`,
    ),
    upsertState: prepare(
      `INSERT INTO device_state (device, state) VALUES (?, ?)
        ON CONFLICT (device) DO UPDATE SET state = excluded.state`,
    ),
    moveCursor: prepare(
      `UPDATE cursor SET position = MAX(position, ?), listened_at = COALESCE(?, listened_at)`,
    ),
    selectCursor: prepare('SELECT position, listened_at FROM cursor'),
    selectStates: prepare('SELECT device, state FROM device_state'),
    selectDue: prepare(
      `SELECT signal, attempts, refusals FROM outbox AS o
        WHERE state = 'pending' AND retry_at <= ? AND NOT EXISTS (
          SELECT 1 FROM outbox AS earlier
          WHERE earlier.episode_key = o.episode_key AND earlier.sequence < o.sequence
            AND (earlier.state = 'pending'
              OR (earlier.state = 'published' AND earlier.receipt IS NULL)))
        ORDER BY retry_at, rowid LIMIT ?`,
    ),
    markPublished: prepare(
      `UPDATE outbox SET state = 'published', attempts = attempts + 1,
        publishes = publishes + 1, published_at = ?, last_error = NULL WHERE event_key = ? AND state = 'pending'`,
    ),
    markRetry: prepare(
      `UPDATE outbox SET attempts = attempts + ?, retry_at = ?, last_error = ?
        WHERE event_key = ? AND state = 'pending'`,
    ),
    markFailed: prepare(
      `UPDATE outbox SET state = 'failed', attempts = attempts + 1, last_error = ?
        WHERE event_key = ? AND state = 'pending'`,
    ),
    selectUnreceipted: prepare(
      `SELECT event_key, episode_key, published_at, publishes, refusals FROM outbox
        WHERE state = 'published' AND receipt IS NULL ORDER BY published_at, rowid LIMIT ?`,
    ),
    markReceipt: prepare(
      `UPDATE outbox SET receipt = ?, receipt_reason = ?, receipt_at = ?
        WHERE event_key = ? AND state = 'published' AND receipt IS NULL`,
    ),
    markRepublish: prepare(
      `UPDATE outbox SET state = 'pending', retry_at = ?, last_error = ?, refusals = ?
        WHERE event_key = ? AND state = 'published' AND receipt IS NULL`,
    ),
    countPending: prepare("SELECT COUNT(*) AS n FROM outbox WHERE state = 'pending'"),
    countUnreceipted: prepare(
      "SELECT COUNT(*) AS n FROM outbox WHERE state = 'published' AND receipt IS NULL",
    ),
    countFailed: prepare(
      "SELECT COUNT(*) AS n FROM outbox WHERE state = 'failed' AND receipt IS NULL",
    ),
    deleteEnded: prepare(
      `DELETE FROM outbox WHERE rowid IN
        (SELECT rowid FROM outbox WHERE receipt IS NOT NULL AND receipt_at < ? LIMIT ${PRUNE_ROWS})`,
    ),
  };
}
