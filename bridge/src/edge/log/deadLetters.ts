import { inTransaction } from './database.ts';
import { openBeside } from './openBeside.ts';
import { prepareOutbox } from './statements.ts';

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

/**
 * Opens the dead letters of a data folder, also while a bridge runs on it.
 * @throws StorageError where there is no such file
 */
export function openDeadLetters(file: string): DeadLetters {
  const database = openBeside(file);
  const sql = prepareOutbox(database);
  const idsOf = (eventKeys: readonly string[]): number[] =>
    eventKeys.flatMap((key) => sql.selectDead.all(key).map(({ id }) => Number(id)));
  const redriveOne = (id: number, at: number): boolean => {
    // A running bridge takes it into its episode, before anything later.
    const { changes } = sql.redrive.run(id);
    if (changes > 0) sql.addHistory.run(id, at, 'redriven', 'by an operator');
    return changes > 0;
  };
  const discardOne = (id: number, reason: string, at: number): boolean => {
    const { changes } = sql.discard.run(reason, at, id);
    if (changes > 0) sql.addHistory.run(id, at, 'discarded', reason);
    return changes > 0;
  };
  const each = (keys: readonly string[], run: (id: number) => boolean): number =>
    inTransaction(database, () => idsOf(keys).filter(run).length);
  const historyOf = (id: unknown): HistoryEntry[] =>
    sql.selectHistory.all(Number(id)).map(({ at, what, reason }) => ({
      at: Number(at),
      what: String(what),
      reason: String(reason),
    }));
  const find = (prefix: string): DeadLetter[] =>
    sql.selectDead
      .all(prefix)
      .sort((a, b) => Number(a['id']) - Number(b['id']))
      .map((row) => toDeadLetter(row, historyOf(row['id'])));
  return {
    list: () => find(''),
    find,
    redrive: (keys, at) => each(keys, (id) => redriveOne(id, at)),
    discard: (keys, reason, at) => each(keys, (id) => discardOne(id, reason, at)),
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
