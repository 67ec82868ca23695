import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { payloadOf, topicOf } from '../../model/message.ts';
import { err, ok } from '../../model/result.ts';
import type { DurableLog } from '../../ports/log.ts';
import type { Logger } from '../../ports/telemetry.ts';
import { inTransaction, toStorageFailure } from './database.ts';
import type { PacketLedger } from './packetLedger.ts';
import { keysAmong } from './segments/keys.ts';

/** Rows dropped per transaction: a few milliseconds. */
const DROP_ROWS = 500;

/**
 * The quarantine in the bridge's SQLite file; one commit for all messages of a batch. What it may hold at most is kept to in
 * the same commit, the oldest going first, so that a flood of bad messages cannot fill the disk in front of the good ones.
 */
export function makeSqliteQuarantine(
  database: DatabaseSync,
  file: string,
  maxBytes: number,
  logger: Logger,
  ledger?: Pick<PacketLedger, 'insert'>,
): Pick<DurableLog, 'quarantine' | 'pruneQuarantine' | 'quarantineStatus'> {
  const insert = database.prepare(
    'INSERT INTO quarantine (received_at, topic, payload, kind, reason) VALUES (?, ?, ?, ?, ?)',
  );
  const size = 'octet_length(topic) + octet_length(payload)';
  const selectOldest = database.prepare(
    `SELECT id, ${size} AS bytes, received_at < ? AS old FROM quarantine ORDER BY id LIMIT ${DROP_ROWS}`,
  );
  const deleteUpTo = database.prepare('DELETE FROM quarantine WHERE id <= ?');
  const total = database.prepare(`SELECT COALESCE(SUM(${size}), 0) AS bytes FROM quarantine`).get();
  let bytes = Number(total?.['bytes']);
  let dropped = 0;
  let told = false;

  /* Goes through the oldest messages as long as they may go; answers how many went, and their bytes. */
  function dropOldest(before: number, excess: number): { count: number; bytes: number } {
    const gone = { count: 0, bytes: 0 };
    let last: number | undefined;
    for (const row of selectOldest.all(before)) {
      if (row['old'] !== 1 && gone.bytes >= excess) break;
      last = Number(row['id']);
      gone.count += 1;
      gone.bytes += Number(row['bytes']);
    }
    if (last !== undefined) deleteUpTo.run(last);
    return gone;
  }

  function dropExcess(added: number): { count: number; bytes: number } {
    const gone = { count: 0, bytes: 0 };
    while (bytes + added - gone.bytes > maxBytes) {
      const part = dropOldest(-Infinity, bytes + added - gone.bytes - maxBytes);
      if (part.count === 0) break;
      gone.count += part.count;
      gone.bytes += part.bytes;
    }
    return gone;
  }

  return {
    async quarantine(rejected) {
      try {
        const change = inTransaction(database, () => {
          let added = 0;
          for (const { message, rejection } of rejected) {
            const { kind, reason } = rejection;
            const topic = topicOf(message);
            insert.run(message.receivedAt, topic, payloadOf(message), kind, reason);
            added += Buffer.byteLength(topic) + message.payloadEnd - message.payloadStart;
          }
          ledger?.insert(keysAmong(rejected.map(({ message }) => message)));
          return { added, gone: dropExcess(added) };
        });
        bytes += change.added - change.gone.bytes;
        dropped += change.gone.count;
        if (change.gone.count > 0 && !told) {
          told = true;
          logger.warn(
            { stage: 'log', maxBytes },
            'the quarantine is full and its oldest messages are dropped for new ones: see what the devices send, or raise ' +
              'quarantine.maxBytes; asset_signals_quarantine_dropped counts them',
          );
        }
        return ok(undefined);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
    async pruneQuarantine(before) {
      let count = 0;
      for (;;) {
        const gone = inTransaction(database, () => dropOldest(before, 0));
        bytes -= gone.bytes;
        dropped += gone.count;
        count += gone.count;
        if (gone.count < DROP_ROWS) return count;
        await nextTurn();
      }
    },
    quarantineStatus: () => ({ bytes, dropped }),
  };
}
