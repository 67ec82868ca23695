import type { DatabaseSync } from 'node:sqlite';

import { toLogPosition } from '../../model/brand.ts';
import type { LogPosition } from '../../model/brand.ts';
import type { OnceKey } from '../../model/message.ts';
import { err, ok } from '../../model/result.ts';
import type { PacketIds } from '../../ports/packetIds.ts';
import { inTransaction, toStorageFailure } from './database.ts';

/**
 * The packet ids of QoS 2 messages, on both sides of the durable log.
 *
 * The ids of messages in the log stand in the log, in the batch of their messages, for nothing else is one
 * commit with them. They are copied into SQLite when ids are forgotten, which needs a commit anyway; SQLite knows
 * from which position on the log may hold ids that were not copied, and after a crash that stretch is read.
 */
export interface PacketLedger extends PacketIds {
  /** Messages with keys are about to be appended. @throws when the disk refuses */
  begin(): void;
  /** Told in the moment in which the end of the log moves behind messages with these keys. */
  logged(keys: readonly OnceKey[]): void;
  /** The append that was announced has ended, well or not. */
  end(): void;
  /** Keeps the keys of messages that go into SQLite themselves; in the caller's transaction. */
  insert(keys: readonly OnceKey[]): void;
  /** Copies everything, so that nothing before the end of the log need be read. @throws when the disk refuses */
  settle(): void;
  /** Behind this the log may hold keys that are not copied; undefined: it holds none. */
  unread(): LogPosition | undefined;
}

/** @param logEnd position of the newest entry of the log */
export function makePacketLedger(
  database: DatabaseSync,
  file: string,
  logEnd: () => LogPosition,
): PacketLedger {
  const prepare = (sql: string) => database.prepare(sql);
  const selectUnread = prepare('SELECT position FROM mqtt_unread');
  const updateUnread = prepare('UPDATE mqtt_unread SET position = ?');
  const selectGeneration = prepare('SELECT generation FROM mqtt_session WHERE name = ?');
  const upsertGeneration = prepare(
    `INSERT INTO mqtt_session (name, generation) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET generation = excluded.generation`,
  );
  const selectIds = prepare('SELECT packet_id FROM mqtt_packet WHERE session = ?');
  const insertId = prepare('INSERT OR IGNORE INTO mqtt_packet (session, packet_id) VALUES (?, ?)');
  const deleteId = prepare('DELETE FROM mqtt_packet WHERE session = ? AND packet_id = ?');
  const deleteIds = prepare('DELETE FROM mqtt_packet WHERE session = ?');

  const found = selectUnread.get()?.['position'];
  let unread = typeof found === 'number' ? toLogPosition(found) : undefined;
  /* In the log and not in SQLite, in the order of the log. */
  let uncopied: OnceKey[] = [];
  let appending = 0;

  const generationOf = (session: string): number =>
    Number(selectGeneration.get(session)?.['generation'] ?? 0);

  function insert(keys: readonly OnceKey[]): void {
    for (const { session, generation, packetId } of keys) {
      if (generation === generationOf(session)) insertId.run(session, packetId);
    }
  }

  /** Copies what stands in the log only and does `change` in the same commit. */
  function copy(from: LogPosition | undefined, change?: () => void): void {
    inTransaction(database, () => {
      insert(uncopied);
      change?.();
      updateUnread.run(from ?? null);
    });
    uncopied = [];
    unread = from;
  }

  return {
    open(session) {
      const generation = generationOf(session);
      const ids = new Set(selectIds.all(session).map((row) => Number(row['packet_id'])));
      for (const key of uncopied) {
        if (key.session === session && key.generation === generation) ids.add(key.packetId);
      }
      return { generation, packetIds: [...ids] };
    },
    renew(session) {
      const generation = generationOf(session) + 1;
      try {
        inTransaction(database, () => {
          upsertGeneration.run(session, generation);
          deleteIds.run(session);
        });
        return ok(generation);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
    forget(session, packetIds) {
      try {
        // What is appended right now ends behind the end of the log as it is.
        copy(unread === undefined ? undefined : logEnd(), () => {
          for (const packetId of packetIds) deleteId.run(session, packetId);
        });
        return ok(undefined);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
    begin() {
      if (unread === undefined) {
        const from = logEnd();
        updateUnread.run(from);
        unread = from;
      }
      appending += 1;
    },
    logged(keys) {
      uncopied.push(...keys);
    },
    end() {
      appending -= 1;
    },
    insert,
    settle() {
      if (unread !== undefined) copy(appending > 0 ? logEnd() : undefined);
    },
    unread: () => unread,
  };
}
