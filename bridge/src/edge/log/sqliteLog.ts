import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { toEpochMs, toLogPosition } from '../../model/brand.ts';
import { err, ok } from '../../model/result.ts';
import type { DurableLog, LogEntry } from '../../ports/log.ts';
import { inTransaction, toStorageFailure } from './database.ts';

/** Rows dropped per transaction: about 5 ms, so that messages are not kept waiting. */
const PRUNE_ROWS = 1000;

/** The durable log in the bridge's SQLite file; one commit for all messages of a batch. */
export function makeSqliteLog(database: DatabaseSync, file: string): DurableLog {
  const insertEntry = database.prepare(
    'INSERT INTO log (received_at, topic, payload) VALUES (?, ?, ?)',
  );
  const insertQuarantine = database.prepare(
    'INSERT INTO quarantine (received_at, topic, payload, kind, reason) VALUES (?, ?, ?, ?, ?)',
  );
  const selectEntries = database.prepare(
    'SELECT position, received_at, topic, payload FROM log WHERE position > ? ORDER BY position LIMIT ?',
  );
  const selectEnd = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'log'");
  const deleteOlder = database.prepare(
    `DELETE FROM log WHERE received_at < ?2 AND position IN
      (SELECT position FROM log WHERE position <= ?1 ORDER BY position LIMIT ${PRUNE_ROWS})`,
  );
  const deleteOldest = database.prepare(
    `DELETE FROM log WHERE position IN
      (SELECT position FROM log WHERE position <= ? ORDER BY position LIMIT ${PRUNE_ROWS})`,
  );
  const usedBytes = (): number =>
    (pragma(database, 'page_count') - pragma(database, 'freelist_count')) *
    pragma(database, 'page_size');

  return {
    async append(messages) {
      try {
        return ok(
          inTransaction(database, () => {
            let last = toLogPosition(0);
            for (const { receivedAt, topic, payload } of messages) {
              const { lastInsertRowid } = insertEntry.run(receivedAt, topic, payload);
              last = toLogPosition(Number(lastInsertRowid));
            }
            return last;
          }),
        );
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
    async quarantine(rejected) {
      try {
        inTransaction(database, () => {
          for (const { message, rejection } of rejected) {
            const { receivedAt, topic, payload } = message;
            insertQuarantine.run(receivedAt, topic, payload, rejection.kind, rejection.reason);
          }
        });
        return ok(undefined);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
    async read(after, limit) {
      return selectEntries.all(after, limit).map(toEntry);
    },
    async end() {
      return toLogPosition(Number(selectEnd.get()?.['seq'] ?? 0));
    },
    async prune({ before, maxBytes }, processed) {
      let dropped = 0;
      for (let full = true; full; await setImmediate()) {
        const changes = Number(deleteOlder.run(processed, before).changes);
        dropped += changes;
        full = changes === PRUNE_ROWS;
      }
      while (usedBytes() > maxBytes) {
        const changes = Number(deleteOldest.run(processed).changes);
        if (changes === 0) break;
        dropped += changes;
        await setImmediate();
      }
      if (dropped > 0) database.exec('PRAGMA incremental_vacuum(2000)');
      return dropped;
    },
  };
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

function toEntry(row: Record<string, unknown>): LogEntry {
  const payload = row['payload'];
  if (!(payload instanceof Uint8Array)) throw new TypeError('log.payload is not a BLOB');
  return {
    position: toLogPosition(Number(row['position'])),
    receivedAt: toEpochMs(Number(row['received_at'])),
    topic: String(row['topic']),
    payload,
  };
}
