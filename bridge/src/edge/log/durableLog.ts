import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { toEpochMs } from '../../model/brand.ts';
import type { LogPosition } from '../../model/brand.ts';
import { makeMessage } from '../../model/message.ts';
import type { Message, OnceKey } from '../../model/message.ts';
import { err } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { DurableLog, StorageFailure } from '../../ports/log.ts';
import type { PacketIds } from '../../ports/packetIds.ts';
import type { Logger } from '../../ports/telemetry.ts';
import { toStorageFailure } from './database.ts';
import { makePacketLedger } from './packetLedger.ts';
import { keysAmong } from './segments/keys.ts';
import { openSegmentLog } from './segments/segmentLog.ts';
import type { SegmentLog } from './segments/segmentLog.ts';
import { makeSqliteQuarantine } from './sqliteQuarantine.ts';

export interface DurableLogOptions {
  readonly database: DatabaseSync;
  /** The SQLite file; the segments are in the folder `log` beside it. */
  readonly file: string;
  /** Up to here the log is processed: no position up to it is given again. */
  readonly processed: LogPosition;
  readonly logger: Logger;
  readonly segmentBytes?: number;
  /** What the quarantine may hold; beyond it the oldest messages in it go. */
  readonly quarantineMaxBytes?: number;
}

/** 64 MB: a second's worth at the highest rate measured, and laid out in a tenth of that. */
const SEGMENT = 64 * 1024 * 1024;
/** Messages of the old table moved at a time. */
const MOVE = 2_000;

/** The durable log of a data folder: messages in segments, the quarantine in SQLite. */
export async function openDurableLog(
  options: DurableLogOptions,
): Promise<DurableLog & AsyncDisposable & { readonly packetIds: PacketIds }> {
  const { database, file, processed, logger, segmentBytes = SEGMENT } = options;
  const { quarantineMaxBytes = Infinity } = options;
  const folder = join(dirname(file), 'log');
  const told = new Set<number>();
  const segments = await openSegmentLog({
    folder,
    segmentBytes,
    startAfter: processed,
    onDamage({ path, at, firstLost, lastLost }) {
      if (told.has(firstLost)) return;
      told.add(firstLost);
      logger.error(
        { stage: 'log', path, at, messages: lastLost - firstLost + 1 },
        `the log is damaged: ${lastLost - firstLost + 1} messages at positions ${firstLost} to ${lastLost} ` +
          `cannot be read and are left out; check the disk. Everything else is there`,
      );
    },
    toFailure: (error) => toStorageFailure(error, folder),
    onKeys: (keys) => ledger.logged(keys),
  });
  const ledger = makePacketLedger(database, file, () => segments.end());
  const unread = ledger.unread();
  if (unread !== undefined) ledger.logged(await segments.keysAfter(unread));
  await moveOldTable(database, segments, processed);
  const quarantine = makeSqliteQuarantine(database, file, quarantineMaxBytes, logger, ledger);
  return {
    ...quarantine,
    packetIds: ledger,
    append(messages) {
      const keys = keysAmong(messages);
      return keys.length === 0 ? segments.append(messages) : appendOnce(messages, keys);
    },
    tick: (tick) => segments.tick(tick),
    changeRules: (change) => segments.changeRules(change),
    read: (after, limit) => segments.read(after, limit),
    end: async () => segments.end(),
    async prune(retention, upTo) {
      // Keys that stand in the log only would go with it.
      ledger.settle();
      return segments.prune(retention, upTo);
    },
    [Symbol.asyncDispose]: () => segments[Symbol.asyncDispose](),
  };

  async function appendOnce(
    messages: readonly Message[],
    keys: readonly OnceKey[],
  ): Promise<Result<LogPosition, StorageFailure>> {
    try {
      ledger.begin();
    } catch (error) {
      return err(toStorageFailure(error, file));
    }
    try {
      return await segments.append(messages, keys);
    } finally {
      ledger.end();
    }
  }
}

/**
 * Bridges up to 0.1 kept messages in a table. What they had not processed goes into the segments; what a crash moves
 * twice is judged once.
 */
async function moveOldTable(
  database: DatabaseSync,
  segments: SegmentLog,
  processed: LogPosition,
): Promise<void> {
  const select = database.prepare(
    'SELECT position, received_at, topic, payload FROM log WHERE position > ? ORDER BY position LIMIT ?',
  );
  for (let after: number = processed; ;) {
    const rows = select.all(after, MOVE);
    const last = rows.at(-1);
    if (last === undefined) break;
    const moved = await segments.append(rows.map(toMessage));
    if (!moved.ok) throw new Error(moved.error.reason);
    after = Number(last['position']);
  }
  database.exec('DELETE FROM log');
}

function toMessage(row: Record<string, unknown>): Message {
  const payload = row['payload'];
  if (!(payload instanceof Uint8Array)) throw new TypeError('log.payload is not a BLOB');
  return makeMessage(String(row['topic']), payload, toEpochMs(Number(row['received_at'])));
}
