import type { DatabaseSync } from 'node:sqlite';

import { payloadOf, topicOf } from '../../model/message.ts';
import { err, ok } from '../../model/result.ts';
import type { DurableLog } from '../../ports/log.ts';
import { inTransaction, toStorageFailure } from './database.ts';

/** The quarantine in the bridge's SQLite file; one commit for all messages of a batch. */
export function makeSqliteQuarantine(
  database: DatabaseSync,
  file: string,
): Pick<DurableLog, 'quarantine'> {
  const insert = database.prepare(
    'INSERT INTO quarantine (received_at, topic, payload, kind, reason) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    async quarantine(rejected) {
      try {
        inTransaction(database, () => {
          for (const { message, rejection } of rejected) {
            const { kind, reason } = rejection;
            insert.run(message.receivedAt, topicOf(message), payloadOf(message), kind, reason);
          }
        });
        return ok(undefined);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
  };
}
