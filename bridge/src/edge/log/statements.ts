import type { DatabaseSync } from 'node:sqlite';

/** Rows dropped per transaction: about 15 ms, so that nothing is kept waiting. */
export const PRUNE_ROWS = 200;
/** What is kept of one event's tries: enough to see how it went, whatever happens to it. */
const HISTORY_ROWS = 100;

/* Not ended: only one of an episode may be on its way to the org. */
const WAITING = `state = 'published' AND receipt IS NULL`;
/* Has its turn: nothing else of its episode is on its way. */
const READY = `state = 'pending' AND held = 0`;

/**
 * That a key column holds this value, a numbered parameter or another column. The indexes hold the first characters
 * only, in these very words.
 */
export const keyIs = (column: string, value: string): string =>
  `substr(${column}, 1, 10) = substr(${value}, 1, 10) AND ${column} = ${value}`;

const EPISODE_OF = `(SELECT episode_key FROM outbox WHERE ${keyIs('event_key', '?1')})`;

/** Every SQL statement of the outbox, by what it does. */
export function prepareOutbox(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  const due = (index: string, when: string, order: string) =>
    prepare(
      `SELECT o.id, o.priority, o.attempts, o.refusals, s.signal,
          o.phase = 'Updated' AND o.tried = 0 AND EXISTS (
            SELECT 1 FROM outbox AS later WHERE ${keyIs('later.episode_key', 'o.episode_key')}
              AND later.sequence > o.sequence AND later.state = 'pending') AS followed
        FROM outbox AS o INDEXED BY ${index} CROSS JOIN outbox_signal AS s ON s.id = o.id
        WHERE ${READY} AND ${when} AND priority <= ? ORDER BY ${order} LIMIT ?`,
    );
  return {
    insertEvent: prepare(
      `INSERT INTO outbox (event_key, episode_key, phase, sequence, rank, priority, policy_key,
          device_key, created_at, state, held)
        SELECT ?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, 'pending', ?4 > 0 AND EXISTS (
            SELECT 1 FROM outbox WHERE ${keyIs('episode_key', '?2')} AND (state = 'pending' OR ${WAITING}))
          WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE ${keyIs('event_key', '?1')})`,
    ),
    /* What has to go before something severe is as urgent as that. */
    raisePriority: prepare(
      `UPDATE outbox SET priority = ?1 WHERE ${keyIs('episode_key', '?2')} AND state = 'pending' AND priority > ?1`,
    ),
    insertSignal: prepare('INSERT INTO outbox_signal (id, signal) VALUES (?, ?)'),
    /* Killed while events were on their way, the bridge cannot know which: all that had their turn. */
    markMayBeOut: prepare(`UPDATE outbox SET tried = 1 WHERE ${READY} AND retry_at = 0`),
    selectNew: due('outbox_new_events', 'retry_at = 0', 'priority, o.id'),
    selectAgain: due('outbox_again', 'retry_at > 0 AND retry_at <= ?', 'retry_at, o.id'),
    selectWaitingOf: prepare(
      `SELECT event_key, phase, sequence, rank, tried, signal ->> 'occurredAt' AS occurred_at
        FROM outbox AS o CROSS JOIN outbox_signal AS s ON s.id = o.id
        WHERE ${keyIs('episode_key', EPISODE_OF)} AND state = 'pending'
        ORDER BY sequence`,
    ),
    selectBefore: prepare(
      `SELECT phase, rank, receipt FROM outbox
        WHERE ${keyIs('episode_key', EPISODE_OF)}
          AND sequence < (SELECT sequence FROM outbox WHERE ${keyIs('event_key', '?1')}) AND state <> 'coalesced'
        ORDER BY sequence DESC LIMIT 1`,
    ),
    markCoalesced: prepare(
      `UPDATE outbox SET state = 'coalesced', held = 0, receipt = 'Coalesced', receipt_reason = ?2,
          receipt_at = ?3, overtaken_by = ?4
        WHERE ${keyIs('event_key', '?1')} AND state = 'pending' AND tried = 0 RETURNING id, episode_key`,
    ),
    /* The org did not get what replaced it: its turn comes, before anything later of its episode. */
    revive: prepare(
      `UPDATE outbox SET state = 'pending', held = 1, receipt = NULL, receipt_reason = NULL,
          receipt_at = NULL, overtaken_by = NULL
        WHERE overtaken_by = ? AND state = 'coalesced' RETURNING id`,
    ),
    markPublished: prepare(
      `UPDATE outbox SET state = 'published', attempts = attempts + 1,
        publishes = publishes + 1, published_at = ?1, last_error = NULL WHERE id = ?2 AND state = 'pending'`,
    ),
    markRetry: prepare(
      `UPDATE outbox SET attempts = attempts + ?1, tried = 1, retry_at = ?2, last_error = ?3
        WHERE ${keyIs('event_key', '?4')} AND state = 'pending' RETURNING id`,
    ),
    markFailed: prepare(
      `UPDATE outbox SET state = 'failed', held = 0, attempts = attempts + 1, last_error = ?1
        WHERE ${keyIs('event_key', '?2')} AND state = 'pending' RETURNING id, episode_key`,
    ),
    /* With nothing of the episode on its way, its first pending event has its turn. */
    hold: prepare(
      `UPDATE outbox SET held = 1 WHERE ${keyIs('episode_key', '?1')} AND state = 'pending' AND held = 0`,
    ),
    release: prepare(
      `UPDATE outbox SET held = 0
        WHERE id = (SELECT id FROM outbox WHERE ${keyIs('episode_key', '?1')} AND state = 'pending' ORDER BY sequence LIMIT 1)
          AND held = 1
          AND NOT EXISTS (SELECT 1 FROM outbox WHERE ${keyIs('episode_key', '?1')} AND ${WAITING})`,
    ),
    findEvent: prepare(`SELECT id FROM outbox WHERE ${keyIs('event_key', '?1')}`),
    addHistory: prepare('INSERT INTO outbox_history (id, at, what, reason) VALUES (?, ?, ?, ?)'),
    trimHistory: prepare(
      `DELETE FROM outbox_history WHERE rowid IN (SELECT rowid FROM outbox_history
        WHERE id = ? ORDER BY rowid DESC LIMIT -1 OFFSET ${HISTORY_ROWS})`,
    ),
    selectUnreceipted: prepare(
      `SELECT id, event_key, episode_key, published_at, publishes, refusals FROM outbox
        WHERE ${WAITING} ORDER BY published_at, id LIMIT ? OFFSET ?`,
    ),
    countInFlight: prepare(
      `SELECT COUNT(*) AS n FROM outbox WHERE ${WAITING} AND published_at >= ?`,
    ),
    markReceipt: prepare(
      `UPDATE outbox SET receipt = ?1, receipt_reason = ?2, receipt_at = ?3
        WHERE id = ?4 AND ${WAITING} RETURNING episode_key`,
    ),
    markRepublish: prepare(
      `UPDATE outbox SET state = 'pending', held = 0, tried = 1, retry_at = ?1, last_error = ?2, refusals = ?3
        WHERE ${keyIs('event_key', '?4')} AND ${WAITING} RETURNING id`,
    ),
    countPending: prepare(
      `SELECT (SELECT COUNT(*) FROM outbox WHERE ${READY} AND retry_at = 0)
        + (SELECT COUNT(*) FROM outbox WHERE ${READY} AND retry_at > 0)
        + (SELECT COUNT(*) FROM outbox WHERE state = 'pending' AND held = 1) AS n`,
    ),
    countUnreceipted: prepare(`SELECT COUNT(*) AS n FROM outbox WHERE ${WAITING}`),
    countFailed: prepare(
      "SELECT COUNT(*) AS n FROM outbox WHERE state = 'failed' AND receipt IS NULL",
    ),
    countCoalesced: prepare("SELECT COUNT(*) AS n FROM outbox WHERE state = 'coalesced'"),
    deleteEnded: prepare(
      `DELETE FROM outbox WHERE id IN
        (SELECT id FROM outbox WHERE receipt IS NOT NULL AND receipt_at < ? LIMIT ${PRUNE_ROWS}) RETURNING id`,
    ),
    deleteSignal: prepare('DELETE FROM outbox_signal WHERE id = ?'),
    deleteHistory: prepare('DELETE FROM outbox_history WHERE id = ?'),
  };
}

export type OutboxStatements = ReturnType<typeof prepareOutbox>;
