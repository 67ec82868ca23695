import { DatabaseSync } from 'node:sqlite';

import { inTransaction, StorageError } from './database.ts';

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
}

/** What an operator can do with them; a running bridge goes by it within a second. */
export interface DeadLetters extends Disposable {
  /** Oldest first. */
  list(): readonly DeadLetter[];
  /** Those whose event key begins like this. */
  find(prefix: string): readonly DeadLetter[];
  /** Publishes them once more; answers how many. */
  redrive(eventKeys: readonly string[]): number;
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
  } catch (error) {
    throw new StorageError(
      `${file} cannot be opened (${error instanceof Error ? error.message : String(error)}): ` +
        'has a bridge ever run with this dataDir?',
      { cause: error },
    );
  }
  const columns =
    'event_key, device_key, policy_key, phase, created_at, published_at, attempts, publishes, ' +
    "COALESCE(last_error, receipt_reason, '') AS reason, signal";
  const select = database.prepare(
    `SELECT ${columns} FROM outbox WHERE ${DEAD} AND substr(event_key, 1, length(?1)) = ?1
      ORDER BY created_at, sequence`,
  );
  const redrive = database.prepare(
    `UPDATE outbox SET state = 'pending', attempts = 0, publishes = 0, refusals = 0, retry_at = 0,
      receipt = NULL, receipt_reason = NULL, receipt_at = NULL WHERE event_key = ? AND ${DEAD}`,
  );
  const discard = database.prepare(
    `UPDATE outbox SET state = 'failed', receipt = 'Discarded', receipt_reason = ?, receipt_at = ?
      WHERE event_key = ? AND ${DEAD}`,
  );
  const each = (keys: readonly string[], run: (key: string) => unknown): number =>
    inTransaction(database, () => keys.reduce((sum, key) => sum + Number(run(key)), 0));
  const find = (prefix: string): DeadLetter[] => select.all(prefix).map(toDeadLetter);
  return {
    list: () => find(''),
    find,
    redrive: (keys) => each(keys, (key) => redrive.run(key).changes),
    discard: (keys, reason, at) => each(keys, (key) => discard.run(reason, at, key).changes),
    [Symbol.dispose]: () => database.close(),
  };
}

function toDeadLetter(row: Record<string, unknown>): DeadLetter {
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
  };
}
