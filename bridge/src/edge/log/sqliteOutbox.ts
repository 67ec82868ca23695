import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { toDeviceKey, toEpochMs, toLogPosition } from '../../model/brand.ts';
import type { EpisodeKey, EventKey } from '../../model/brand.ts';
import { err, ok } from '../../model/result.ts';
import type { Signal } from '../../model/signal.ts';
import type { Outbox, Settlement, Unreceipted } from '../../ports/outbox.ts';
import { inTransaction, toStorageFailure } from './database.ts';
import { PRUNE_ROWS, prepareOutbox } from './statements.ts';

/** The outbox, the detector state and the cursor in the bridge's SQLite file. */
export function makeSqliteOutbox(database: DatabaseSync, file: string): Outbox {
  const sql = prepareOutbox(database);
  const settleOne = (settlement: Settlement): void => {
    switch (settlement.kind) {
      case 'published':
        sql.markPublished.run(settlement.at, settlement.eventKey);
        return;
      case 'retry':
        sql.markRetry.run(
          settlement.counted ? 1 : 0,
          settlement.retryAt,
          settlement.reason,
          settlement.eventKey,
        );
        return;
      case 'failed':
        sql.markFailed.run(settlement.reason, settlement.eventKey);
    }
  };
  const count = (row: Record<string, unknown> | undefined): number => Number(row?.['n'] ?? 0);

  return {
    async record({ signals, recordedAt, snapshot }) {
      try {
        inTransaction(database, () => {
          for (const signal of signals) {
            sql.insertEvent.run(
              signal.eventKey,
              signal.episodeKey,
              signal.phase,
              signal.sequence,
              signal.policyKey,
              signal.device,
              recordedAt,
              JSON.stringify(signal),
            );
          }
          if (snapshot === undefined) return;
          for (const [device, state] of snapshot.states) sql.upsertState.run(device, state);
          sql.moveCursor.run(snapshot.cursor, snapshot.listenedAt ?? null);
        });
        return ok(undefined);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
    async restore() {
      const row = sql.selectCursor.get();
      const listenedAt = row?.['listened_at'];
      return {
        cursor: toLogPosition(Number(row?.['position'] ?? 0)),
        states: new Map(
          sql.selectStates
            .all()
            .map((state) => [toDeviceKey(String(state['device'])), String(state['state'])]),
        ),
        ...(typeof listenedAt === 'number' && { listenedAt: toEpochMs(listenedAt) }),
      };
    },
    async cursor() {
      return toLogPosition(Number(sql.selectCursor.get()?.['position'] ?? 0));
    },
    async due(now, limit) {
      return sql.selectDue.all(now, limit).map((row) => ({
        // Written by `record` from a Signal; nobody else writes this column.
        signal: JSON.parse(String(row['signal'])) as Signal,
        attempts: Number(row['attempts']),
        alone: Number(row['refusals']) > 0,
      }));
    },
    async settle(settlements) {
      inTransaction(database, () => settlements.forEach(settleOne));
    },
    async unreceipted(limit) {
      return sql.selectUnreceipted.all(limit).map(toUnreceipted);
    },
    async receive(receipts) {
      inTransaction(database, () => {
        for (const { eventKey, disposition, reason, at } of receipts) {
          sql.markReceipt.run(disposition, reason, at, eventKey);
        }
      });
    },
    async republish(events) {
      inTransaction(database, () => {
        for (const { eventKey, reason, retryAt, refusals } of events) {
          sql.markRepublish.run(retryAt, reason, refusals, eventKey);
        }
      });
    },
    async counts() {
      return {
        pending: count(sql.countPending.get()),
        unreceipted: count(sql.countUnreceipted.get()),
        failed: count(sql.countFailed.get()),
      };
    },
    async prune(before) {
      let dropped = 0;
      for (let full = true; full; await setImmediate()) {
        const changes = Number(sql.deleteEnded.run(before).changes);
        dropped += changes;
        full = changes === PRUNE_ROWS;
      }
      return dropped;
    },
  };
}

function toUnreceipted(row: Record<string, unknown>): Unreceipted {
  return {
    eventKey: String(row['event_key']) as EventKey,
    episodeKey: String(row['episode_key']) as EpisodeKey,
    publishedAt: toEpochMs(Number(row['published_at'])),
    publishes: Number(row['publishes']),
    refusals: Number(row['refusals']),
  };
}
