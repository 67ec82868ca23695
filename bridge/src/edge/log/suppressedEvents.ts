import type { DatabaseSync } from 'node:sqlite';
import { openBeside } from './openBeside.ts';
import { prepareOutbox } from './statements.ts';

/** An event that is never published, and why. */
export interface SuppressedEvent {
  readonly eventKey: string;
  readonly device: string;
  readonly policy: string;
  readonly phase: string;
  readonly severity: string;
  /** When the bridge recorded it, and when it was suppressed; milliseconds since 1970. */
  readonly createdAt: number;
  readonly at: number;
  /** In one word, as in the metrics; `coalesced`: a later event of its episode says as much. */
  readonly why: string;
  /** In words. */
  readonly reason: string;
  /** Of a coalesced event: the key of the later one. */
  readonly overtakenBy: string | undefined;
  /** The whole signal, as JSON. */
  readonly signal: string;
}

/** How many were suppressed for one reason. */
export interface SuppressedCount {
  readonly why: string;
  readonly severity: string;
  readonly events: number;
}

export interface SuppressedEvents extends Disposable {
  /** By reason and severity, the most frequent first. */
  counts(): readonly SuppressedCount[];
  /** The newest first, at most `limit`. */
  newest(limit: number): readonly SuppressedEvent[];
  /** Those whose event key begins like this. */
  find(prefix: string): readonly SuppressedEvent[];
}

/**
 * Opens the suppressed events of a data folder, also while a bridge runs on it. They are kept as long as other events that
 * have ended (`outbox.retention`).
 * @throws StorageError where there is no such file
 */
export function openSuppressedEvents(file: string): SuppressedEvents {
  const database: DatabaseSync = openBeside(file);
  const sql = prepareOutbox(database);
  return {
    counts() {
      const counts = new Map<string, SuppressedCount>();
      for (const row of sql.selectReasons.iterate()) {
        const [why, severity] = [String(row['why']), String(row['severity'])];
        const events = (counts.get(`${why} ${severity}`)?.events ?? 0) + 1;
        counts.set(`${why} ${severity}`, { why, severity, events });
      }
      return [...counts.values()].sort((a, b) => b.events - a.events);
    },
    newest: (limit) => sql.selectSuppressed.all(limit, '').map(toEvent),
    find: (prefix) => sql.selectSuppressed.all(-1, prefix).map(toEvent),
    [Symbol.dispose]: () => database.close(),
  };
}

function toEvent(row: Record<string, unknown>): SuppressedEvent {
  const by = row['overtaken_by'];
  return {
    eventKey: String(row['event_key']),
    device: String(row['device_key']),
    policy: String(row['policy_key']),
    phase: String(row['phase']),
    severity: String(row['severity']),
    createdAt: Number(row['created_at']),
    at: Number(row['at']),
    why: String(row['why']),
    reason: String(row['reason']),
    overtakenBy: typeof by === 'string' ? by : undefined,
    signal: String(row['signal']),
  };
}
