import { DatabaseSync } from 'node:sqlite';

import { inTransaction, requireLayout, StorageError } from './database.ts';
import { keyIs, prepareOutbox } from './statements.ts';

/** An event that was given up, with what became of it. */
export interface DeadLetter {
  readonly eventKey: string;
  readonly device: string;
  readonly policy: string;
  readonly phase: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly publishedAt: number | undefined;
  /** Tries to publish it, and how often the event bus took it. */
  readonly attempts: number;
  readonly publishes: number;
  /** Why it was given up, in the words of the org. */
  readonly reason: string;
  /** The whole signal, as JSON. */
  readonly signal: string;
  /** What happened to it, oldest first; the newest 100. */
  readonly history: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly at: number;
  readonly what: string;
  readonly reason: string;
}

/** What an operator can do with them; a running bridge goes by it within a second. */
export interface DeadLetters extends Disposable {
  /** Oldest first. */
  list(): readonly DeadLetter[];
  /** Those whose event key begins like this. */
  find(prefix: string): readonly DeadLetter[];
  /** Publishes them once more; answers how many. */
  redrive(eventKeys: readonly string[], at: number): number;
  /** Gives them up for good; they leave with the outbox's retention. Answers how many. */
  discard(eventKeys: readonly string[], reason: string, at: number): number;
}

/* The org would not take it, or never showed what became of it. */
const DEAD = `((state = 'failed' AND receipt IS NULL) OR receipt = 'Missing')`;

/**
 * Opens the dead letters of a data folder, also while a bridge runs on it.
 * @throws StorageError where there is no such file
 */
export function openDeadLetters(file: string): DeadLetters {
  let database: DatabaseSync;
  try {
    // Not made here: a typing error in the configuration would look like an empty list.
    database = new DatabaseSync(file, { timeout: 5_000, readOnly: true });
    database.close();
    database = new DatabaseSync(file, { timeout: 5_000 });
    requireLayout(database, file);
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(
      `${file} cannot be opened (${error instanceof Error ? error.message : String(error)}): ` +
        'has a bridge ever run with this dataDir?',
      { cause: error },
    );
  }
  const columns =
    'o.id, event_key, device_key, policy_key, phase, created_at, published_at, attempts, publishes, ' +
    "COALESCE(last_error, receipt_reason, '') AS reason, signal";
  const select = database.prepare(
    `SELECT ${columns} FROM outbox AS o CROSS JOIN outbox_signal AS s ON s.id = o.id
      WHERE o.id IN (SELECT id FROM outbox WHERE state = 'failed' AND receipt IS NULL
          UNION ALL SELECT id FROM outbox WHERE receipt = 'Missing')
        AND substr(event_key, 1, length(?1)) = ?1 ORDER BY created_at, sequence`,
  );
  const selectHistory = database.prepare(
    'SELECT at, what, reason FROM outbox_history WHERE id = ? ORDER BY rowid',
  );
  const { hold, release, addHistory } = prepareOutbox(database);
  const markRedriven = database.prepare(
    `UPDATE outbox SET state = 'pending', held = 1, tried = 1, attempts = 0, publishes = 0, refusals = 0,
        retry_at = 0, receipt = NULL, receipt_reason = NULL, receipt_at = NULL
      WHERE ${keyIs('event_key', '?1')} AND ${DEAD} RETURNING id, episode_key`,
  );
  const markDiscarded = database.prepare(
    `UPDATE outbox SET state = 'failed', receipt = 'Discarded', receipt_reason = ?1, receipt_at = ?2
      WHERE ${keyIs('event_key', '?3')} AND ${DEAD} RETURNING id`,
  );
  const redriveOne = (key: string, at: number): boolean => {
    const row = markRedriven.get(key);
    if (row === undefined) return false;
    // It is earlier than what waits of its episode, and goes before it.
    hold.run(String(row['episode_key']));
    release.run(String(row['episode_key']));
    addHistory.run(Number(row['id']), at, 'redriven', 'by an operator');
    return true;
  };
  const discardOne = (key: string, reason: string, at: number): boolean => {
    const row = markDiscarded.get(reason, at, key);
    if (row !== undefined) addHistory.run(Number(row['id']), at, 'discarded', reason);
    return row !== undefined;
  };
  const each = (keys: readonly string[], run: (key: string) => boolean): number =>
    inTransaction(database, () => keys.filter(run).length);
  const historyOf = (id: unknown): HistoryEntry[] =>
    selectHistory.all(Number(id)).map(({ at, what, reason }) => ({
      at: Number(at),
      what: String(what),
      reason: String(reason),
    }));
  const find = (prefix: string): DeadLetter[] =>
    select.all(prefix).map((row) => toDeadLetter(row, historyOf(row['id'])));
  return {
    list: () => find(''),
    find,
    redrive: (keys, at) => each(keys, (key) => redriveOne(key, at)),
    discard: (keys, reason, at) => each(keys, (key) => discardOne(key, reason, at)),
    [Symbol.dispose]: () => database.close(),
  };
}

function toDeadLetter(row: Record<string, unknown>, history: readonly HistoryEntry[]): DeadLetter {
  const publishedAt = row['published_at'];
  return {
    eventKey: String(row['event_key']),
    device: String(row['device_key']),
    policy: String(row['policy_key']),
    phase: String(row['phase']),
    createdAt: Number(row['created_at']),
    publishedAt: typeof publishedAt === 'number' ? publishedAt : undefined,
    attempts: Number(row['attempts']),
    publishes: Number(row['publishes']),
    reason: String(row['reason']),
    signal: String(row['signal']),
    history,
  };
}
