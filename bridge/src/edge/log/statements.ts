import type { DatabaseSync } from 'node:sqlite';

/** Rows dropped per transaction: about 10 ms, so that nothing is kept waiting. */
export const PRUNE_ROWS = 1_000;
/** Characters of a key that its index holds. */
export const KEY_CHARS = 10;
/** What is kept of one event's tries: enough to see how it went, whatever happens to it. */
const HISTORY_ROWS = 100;

/**
 * That a key column holds this value, a numbered parameter or another column. The indexes hold the first characters
 * only, in these very words.
 */
const keyIs = (column: string, value: string): string =>
  `substr(${column}, 1, ${KEY_CHARS}) = substr(${value}, 1, ${KEY_CHARS}) AND ${column} = ${value}`;

/** The org would not take it, or never showed what became of it. */
export const DEAD = `((state = 'failed' AND receipt IS NULL) OR receipt = 'Missing')`;

const ASIDE = `aside = 1`;
const ASIDE_READY = `${ASIDE} AND state = 'pending' AND held = 0`;
const ASIDE_OF = `${ASIDE} AND ${keyIs('episode_key', '?1')}`;
/* All that makes an open event. */
const EVENT = `id, signal, COALESCE(state, 'pending') AS state, tried, attempts, publishes, refusals, retry_at,
    last_error, published_at, receipt, s.id IS NOT NULL AS written, wait_until
  FROM outbox_signal AS e LEFT JOIN outbox_state AS s USING (id)`;
const END_OF = `signal ->> 'phase' AS phase, signal ->> 'severity' AS severity, signal ->> 'sequence' AS sequence, receipt`;
const list = (count: number, row: string): string =>
  Array.from({ length: count }, () => row).join();

/** Rows that are written by one statement; each costs half of what it costs alone. */
export const SIGNAL_ROWS = 10;
export const END_ROWS = 25;
export const KEY_ROWS = 16;

/** Every SQL statement of the outbox, by what it does. */
export function prepareOutbox(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  const insertSignals = (rows: number) =>
    prepare(
      `INSERT INTO outbox_signal (id, recorded_at, signal) VALUES ${list(rows, '(?, ?, ?)')}`,
    );
  const END =
    'id, attempts, publishes, refusals, last_error, published_at, receipt, receipt_reason, receipt_at';
  const insertEnds = (rows: number) =>
    prepare(
      `INSERT OR REPLACE INTO outbox_state (${END}, state)
        VALUES ${list(rows, `(?, ?, ?, ?, ?, ?, ?, ?, ?, 'published')`)}`,
    );
  return {
    insertSignal: insertSignals(1),
    insertSignals: insertSignals(SIGNAL_ROWS),
    selectSignal: prepare('SELECT signal FROM outbox_signal WHERE id = ?'),
    lastId: prepare('SELECT COALESCE(MAX(id), 0) AS id FROM outbox_signal'),

    findKey: prepare(
      `SELECT 1 FROM outbox_key AS k CROSS JOIN outbox_signal AS s ON s.id = k.id
        WHERE k.episode = ?1 AND k.sequence = ?2 AND s.signal ->> 'eventKey' = ?3`,
    ),
    insertKeys: prepare(
      `INSERT OR IGNORE INTO outbox_key (episode, sequence, id) VALUES ${list(KEY_ROWS, '(?, ?, ?)')}`,
    ),
    selectKeysBehind: prepare(
      `SELECT id, signal ->> 'eventKey' AS event_key, signal ->> 'episodeKey' AS episode_key,
          signal ->> 'sequence' AS sequence FROM outbox_signal WHERE id > ? ORDER BY id`,
    ),
    /* The newest of an episode before an event. */
    selectBefore: prepare(
      `SELECT ${END_OF} FROM outbox_key AS k CROSS JOIN outbox_signal AS e ON e.id = k.id
          LEFT JOIN outbox_state AS s ON s.id = k.id
        WHERE k.episode = substr(?1, 1, ${KEY_CHARS}) AND k.sequence < ?2
          AND signal ->> 'episodeKey' = ?1 AND COALESCE(state, 'pending') NOT IN ('coalesced', 'suppressed')
        ORDER BY k.sequence DESC LIMIT 1`,
    ),
    selectEnd: prepare(
      `SELECT ${END_OF} FROM outbox_signal AS e LEFT JOIN outbox_state AS s USING (id)
        WHERE id = ? AND COALESCE(state, 'pending') NOT IN ('coalesced', 'suppressed')`,
    ),
    /* How those before an event of an episode stand; and one that is not in the index yet. */
    selectStates: prepare(
      `SELECT k.sequence, COALESCE(state, 'pending') AS state FROM outbox_key AS k
          CROSS JOIN outbox_signal AS e ON e.id = k.id LEFT JOIN outbox_state AS s ON s.id = k.id
        WHERE k.episode = substr(?1, 1, ${KEY_CHARS}) AND k.sequence < ?2 AND signal ->> 'episodeKey' = ?1`,
    ),
    selectState: prepare(
      `SELECT signal ->> 'sequence' AS sequence, COALESCE(state, 'pending') AS state
        FROM outbox_signal AS e LEFT JOIN outbox_state AS s USING (id)
        WHERE id = ?1 AND signal ->> 'episodeKey' = ?2 AND signal ->> 'sequence' < ?3`,
    ),
    nextKeys: prepare(
      'SELECT episode FROM outbox_key WHERE episode > ? ORDER BY episode LIMIT 1 OFFSET ?',
    ),
    deleteKeys: prepare(
      `DELETE FROM outbox_key WHERE episode > ?1 AND episode <= ?2
        AND NOT EXISTS (SELECT 1 FROM outbox_signal WHERE outbox_signal.id = outbox_key.id)`,
    ),
    getMark: prepare('SELECT value FROM outbox_mark WHERE name = ?'),
    setMark: prepare('UPDATE outbox_mark SET value = ?2 WHERE name = ?1'),
    putMark: prepare('INSERT OR REPLACE INTO outbox_mark (name, value) VALUES (?, ?)'),
    addToMark: prepare('UPDATE outbox_mark SET value = value + ?2 WHERE name = ?1'),

    /* Whatever was open in memory; what is aside stays there. */
    selectOpen: prepare(
      `SELECT ${EVENT} WHERE id IN (SELECT id FROM outbox_state INDEXED BY outbox_open
          WHERE aside = 0 AND receipt IS NULL AND state IN ('pending', 'published'))`,
    ),
    selectUnwritten: prepare(`SELECT ${EVENT} WHERE id > ? AND s.id IS NULL ORDER BY id`),
    selectEvent: prepare(`SELECT ${EVENT} WHERE id = ?`),
    selectRedriven: prepare('SELECT id FROM outbox_state WHERE aside = 2 ORDER BY id'),
    takeRedriven: prepare('UPDATE outbox_state SET aside = 0 WHERE aside = 2'),
    save: prepare(
      `INSERT OR REPLACE INTO outbox_state (id, state, tried, attempts, publishes, refusals, retry_at, last_error,
          published_at, wait_until, aside, event_key, episode_key, sequence, priority, held, ended, untold)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertEnd: insertEnds(1),
    insertEnds: insertEnds(END_ROWS),
    insertFailed: prepare(
      `INSERT OR REPLACE INTO outbox_state (id, state, tried, attempts, publishes, refusals, last_error, published_at)
        VALUES (?, 'failed', ?, ?, ?, ?, ?, ?)`,
    ),
    insertCoalesced: prepare(
      `INSERT OR REPLACE INTO outbox_state (id, state, receipt, receipt_reason, receipt_at, overtaken_by)
        VALUES (?, 'coalesced', 'Coalesced', ?, ?, ?)`,
    ),
    insertSuppressed: prepare(
      `INSERT OR REPLACE INTO outbox_state (id, state, receipt, why, receipt_reason, receipt_at)
        VALUES (?, 'suppressed', 'Shed', ?, ?, ?)`,
    ),
    hasSuppressed: prepare(
      `SELECT 1 FROM outbox_state INDEXED BY outbox_suppressed
        WHERE state IN ('coalesced', 'suppressed') AND state = 'suppressed' LIMIT 1`,
    ),
    /* The org did not get what replaced it: its turn comes, before anything later of its episode. */
    revive: prepare(
      `UPDATE outbox_state SET state = 'pending', receipt = NULL, receipt_reason = NULL, receipt_at = NULL,
          overtaken_by = NULL
        WHERE overtaken_by = ? AND state = 'coalesced' RETURNING id`,
    ),
    addHistory: prepare('INSERT INTO outbox_history (id, at, what, reason) VALUES (?, ?, ?, ?)'),
    trimHistory: prepare(
      `DELETE FROM outbox_history WHERE rowid IN (SELECT rowid FROM outbox_history
        WHERE id = ? ORDER BY rowid DESC LIMIT -1 OFFSET ${HISTORY_ROWS})`,
    ),

    /* What is aside. */
    countAside: prepare(
      `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE state = 'published') AS published
        FROM outbox_state INDEXED BY outbox_aside_episode WHERE ${ASIDE}`,
    ),
    isEpisodeAside: prepare(`SELECT 1 FROM outbox_state WHERE ${ASIDE_OF} LIMIT 1`),
    /* The only question that reads all of them: asked for keys that nobody was given. */
    findAside: prepare(
      `SELECT episode_key FROM outbox_state INDEXED BY outbox_aside_episode WHERE ${ASIDE} AND event_key = ?`,
    ),
    insertAside: prepare(
      `INSERT INTO outbox_state (id, event_key, episode_key, sequence, priority, wait_until, ended, untold, held, aside)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    ),
    /* What another event of the episode behind it changes for what is pending. */
    follow: prepare(
      `UPDATE outbox_state SET priority = min(priority, ?2), wait_until = min(wait_until, ?3), ended = ?4
        WHERE ${ASIDE_OF} AND state = 'pending'`,
    ),
    selectAsideNew: prepare(
      `SELECT id, priority, ended, retry_at, episode_key FROM outbox_state INDEXED BY outbox_aside_new
        WHERE ${ASIDE_READY} AND retry_at = 0 AND priority <= ? AND wait_until <= ? ORDER BY priority, ended, id LIMIT ?`,
    ),
    countAsideWaits: prepare(
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM outbox_state INDEXED BY outbox_aside_wait
        WHERE ${ASIDE_READY} AND retry_at = 0 AND wait_until > ? AND wait_until > 0 LIMIT ?)`,
    ),
    releaseAside: prepare(
      `UPDATE outbox_state INDEXED BY outbox_aside_wait SET wait_until = 0
        WHERE ${ASIDE_READY} AND retry_at = 0 AND wait_until > 0`,
    ),
    selectAsideWaiting: prepare(
      `SELECT episode_key, signal ->> 'detectedAt' AS detected_at
        FROM outbox_state INDEXED BY outbox_aside_new CROSS JOIN outbox_signal USING (id)
        WHERE ${ASIDE_READY} AND retry_at = 0 AND priority = ?1 AND ended = ?2 AND tried = 0 AND untold >= ?2
        ORDER BY priority, ended, id LIMIT ?3`,
    ),
    selectAsideAgain: prepare(
      `SELECT id, priority, ended, retry_at, episode_key FROM outbox_state INDEXED BY outbox_aside_again
        WHERE ${ASIDE_READY} AND retry_at > 0 AND retry_at <= ? AND priority <= ? ORDER BY retry_at LIMIT ?`,
    ),
    selectAsidePublished: prepare(
      `SELECT event_key, episode_key, published_at, publishes, refusals, signal ->> 'detectedAt' AS detected_at,
          signal ->> 'severity' AS severity, signal ->> 'latencyClass' AS latency_class
        FROM outbox_state CROSS JOIN outbox_signal USING (id)
        WHERE ${ASIDE} AND state = 'published' ORDER BY published_at, id LIMIT ? OFFSET ?`,
    ),
    /* Both from their index alone. */
    countAsideNew: prepare(
      `SELECT priority, COUNT(*) AS n FROM outbox_state INDEXED BY outbox_aside_new
        WHERE ${ASIDE_READY} AND retry_at = 0 AND wait_until <= ? GROUP BY priority`,
    ),
    countAsideAgain: prepare(
      `SELECT priority, COUNT(*) AS n FROM outbox_state INDEXED BY outbox_aside_ranks
        WHERE ${ASIDE_READY} AND retry_at > 0 AND retry_at <= ? GROUP BY priority`,
    ),
    countAsidePublished: prepare(
      `SELECT COUNT(*) AS n FROM outbox_state WHERE ${ASIDE} AND state = 'published' AND published_at >= ?`,
    ),
    takeAside: prepare(`UPDATE outbox_state SET aside = 0 WHERE ${ASIDE_OF} RETURNING id`),

    countFailed: prepare(
      "SELECT COUNT(*) AS n FROM outbox_state WHERE state = 'failed' AND receipt IS NULL",
    ),
    countCoalesced: prepare("SELECT COUNT(*) AS n FROM outbox_state WHERE state = 'coalesced'"),
    countSuppressed: prepare(
      `SELECT COUNT(*) AS n FROM outbox_state INDEXED BY outbox_suppressed
        WHERE state IN ('coalesced', 'suppressed') AND state = 'suppressed'`,
    ),
    deleteEnded: prepare(
      `DELETE FROM outbox_state WHERE id IN
        (SELECT id FROM outbox_state WHERE receipt IS NOT NULL AND receipt_at < ? LIMIT ${PRUNE_ROWS}) RETURNING id`,
    ),
    deleteSignals: prepare(
      'DELETE FROM outbox_signal WHERE id IN (SELECT value FROM json_each(?))',
    ),
    deleteHistory: prepare(
      'DELETE FROM outbox_history WHERE id IN (SELECT value FROM json_each(?))',
    ),
    dataVersion: prepare('PRAGMA data_version'),

    /* Of what was never published. */
    selectReasons: prepare(
      `SELECT COALESCE(why, state) AS why, signal ->> 'severity' AS severity
        FROM outbox_state INDEXED BY outbox_suppressed CROSS JOIN outbox_signal USING (id)
        WHERE state IN ('coalesced', 'suppressed')`,
    ),
    selectSuppressed: prepare(
      `SELECT signal ->> 'eventKey' AS event_key, signal ->> 'device' AS device_key, signal ->> 'policyKey' AS policy_key,
          signal ->> 'phase' AS phase, signal ->> 'severity' AS severity, recorded_at AS created_at, receipt_at AS at,
          COALESCE(why, state) AS why, receipt_reason AS reason, overtaken_by, signal
        FROM outbox_state INDEXED BY outbox_suppressed CROSS JOIN outbox_signal USING (id)
        WHERE state IN ('coalesced', 'suppressed') AND substr(signal ->> 'eventKey', 1, length(?2)) = ?2
        ORDER BY id DESC LIMIT ?1`,
    ),

    /* Of the dead letters. */
    selectDead: prepare(
      `SELECT id, signal ->> 'eventKey' AS event_key, signal ->> 'device' AS device_key,
          signal ->> 'policyKey' AS policy_key, signal ->> 'phase' AS phase, recorded_at AS created_at, published_at,
          attempts, publishes, COALESCE(last_error, receipt_reason, '') AS reason, signal
        FROM (SELECT id FROM outbox_state WHERE state = 'failed' AND receipt IS NULL
            UNION ALL SELECT id FROM outbox_state WHERE receipt = 'Missing')
          CROSS JOIN outbox_signal USING (id) CROSS JOIN outbox_state USING (id)
        WHERE substr(signal ->> 'eventKey', 1, length(?1)) = ?1`,
    ),
    selectHistory: prepare(
      'SELECT at, what, reason FROM outbox_history WHERE id = ? ORDER BY rowid',
    ),
    redrive: prepare(
      `UPDATE outbox_state SET state = 'pending', tried = 1, attempts = 0, publishes = 0, refusals = 0, retry_at = 0,
          receipt = NULL, receipt_reason = NULL, receipt_at = NULL, aside = 2
        WHERE id = ? AND ${DEAD}`,
    ),
    discard: prepare(
      `UPDATE outbox_state SET state = 'failed', receipt = 'Discarded', receipt_reason = ?1, receipt_at = ?2
        WHERE id = ?3 AND ${DEAD}`,
    ),
  };
}

export type OutboxStatements = ReturnType<typeof prepareOutbox>;
