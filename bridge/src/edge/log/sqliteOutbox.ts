import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { err, ok } from '../../model/result.ts';
import type { Signal } from '../../model/signal.ts';
import type { Outbox, Receipt, Settlement } from '../../ports/outbox.ts';
import { inTransaction, inUnflushedTransaction, toStorageFailure } from './database.ts';
import { rankOf, toEnd, toOrderedEntry, toUnreceipted, toWaiting } from './outboxRows.ts';
import { PRUNE_ROWS, prepareOutbox } from './statements.ts';

/** Receipts after which the org does not know what the event said. */
const unknownToOrg = new Set<Receipt['disposition']>(['Missing', 'Failed']);

/** The outbox in the bridge's SQLite file. */
export function makeSqliteOutbox(database: DatabaseSync, file: string): Outbox {
  const sql = prepareOutbox(database);
  sql.markMayBeOut.run();

  /** Ids of what was asked for last: results and receipts are about them. */
  let dueIds = new Map<string, number>();
  let waitingIds = new Map<string, number>();
  const idOf = (known: ReadonlyMap<string, number>, eventKey: string): number =>
    known.get(eventKey) ?? Number(sql.findEvent.get(eventKey)?.['id'] ?? -1);

  const tell = (id: unknown, at: number, what: string, reason: string): void => {
    sql.addHistory.run(Number(id), at, what, reason);
    sql.trimHistory.run(Number(id));
  };
  /** What the event had replaced is due after all; then the first that waits has its turn. */
  function reviveAndRelease(eventKey: string, episodeKey: unknown, at: number): void {
    const revived = sql.revive.all(eventKey);
    for (const { id } of revived) tell(id, at, 'revived', `${eventKey} never got to the org`);
    if (revived.length > 0) sql.hold.run(String(episodeKey));
    sql.release.run(String(episodeKey));
  }
  function settleOne(settlement: Settlement): void {
    const { eventKey, at } = settlement;
    if (settlement.kind === 'published') {
      sql.markPublished.run(at, idOf(dueIds, eventKey));
      return;
    }
    const { reason } = settlement;
    if (settlement.kind === 'retry') {
      const row = sql.markRetry.get(
        settlement.counted ? 1 : 0,
        settlement.retryAt,
        reason,
        eventKey,
      );
      if (row !== undefined) tell(row['id'], at, 'not published', reason);
      return;
    }
    const row = sql.markFailed.get(reason, eventKey);
    if (row === undefined) return;
    tell(row['id'], at, 'given up', reason);
    reviveAndRelease(eventKey, row['episode_key'], at);
  }
  function recordOne(signal: Signal, recordedAt: number): void {
    const { eventKey, episodeKey, phase, sequence, severity, policyKey, device } = signal;
    const { changes, lastInsertRowid } = sql.insertEvent.run(
      eventKey,
      episodeKey,
      phase,
      sequence,
      rankOf(severity),
      policyKey,
      device,
      recordedAt,
    );
    if (changes === 0) return;
    sql.insertSignal.run(lastInsertRowid, JSON.stringify(signal));
    if (sequence > 0) sql.raisePriority.run(rankOf(severity), episodeKey);
  }
  const count = (row: Record<string, unknown> | undefined): number => Number(row?.['n'] ?? 0);

  return {
    async record({ signals, recordedAt }) {
      try {
        inTransaction(database, () => {
          for (const signal of signals) recordOne(signal, recordedAt);
        });
        return ok(undefined);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
    async due(now, limit, atLeast = 'Low') {
      const rows = sql.selectNew.all(rankOf(atLeast), limit);
      const again = sql.selectAgain.all(now, rankOf(atLeast), limit);
      if (again.length > 0) {
        rows.push(...again);
        // A stable sort: the new ones of a severity stay before those that were tried.
        rows.sort((a, b) => Number(a['priority']) - Number(b['priority']));
      }
      dueIds = new Map();
      return rows.slice(0, limit).map((row) => {
        const entry = toOrderedEntry(row);
        dueIds.set(entry.signal.eventKey, Number(row['id']));
        return entry;
      });
    },
    async story(eventKey) {
      const before = sql.selectBefore.get(eventKey);
      return {
        before: before === undefined ? undefined : toEnd(before),
        waiting: sql.selectWaitingOf.all(eventKey).map(toWaiting),
      };
    },
    async coalesce(overtaken) {
      let ended = 0;
      inTransaction(database, () => {
        for (const { eventKey, by, reason, at } of overtaken) {
          const row = sql.markCoalesced.get(eventKey, reason, at, by);
          if (row === undefined) continue;
          ended += 1;
          tell(row['id'], at, 'coalesced', reason);
          sql.release.run(String(row['episode_key']));
        }
      });
      return ended;
    },
    // Results and receipts that the power takes away are come by again: the events are published once
    // more under their keys, and the org is asked once more.
    async settle(settlements) {
      inUnflushedTransaction(database, () => settlements.forEach(settleOne));
    },
    async unreceipted(limit, skip = 0) {
      waitingIds = new Map();
      return sql.selectUnreceipted.all(limit, skip).map((row) => {
        const waiting = toUnreceipted(row);
        waitingIds.set(waiting.eventKey, Number(row['id']));
        return waiting;
      });
    },
    async inFlight(since) {
      return count(sql.countInFlight.get(since));
    },
    async receive(receipts) {
      inUnflushedTransaction(database, () => {
        for (const { eventKey, disposition, reason, at } of receipts) {
          const id = idOf(waitingIds, eventKey);
          const row = sql.markReceipt.get(disposition, reason, at, id);
          if (row === undefined) continue;
          if (unknownToOrg.has(disposition)) {
            tell(id, at, disposition, reason);
            reviveAndRelease(eventKey, row['episode_key'], at);
          } else sql.release.run(String(row['episode_key']));
        }
      });
    },
    async republish(events) {
      inTransaction(database, () => {
        for (const { eventKey, reason, at, retryAt, refusals } of events) {
          const row = sql.markRepublish.get(retryAt, reason, refusals, eventKey);
          if (row !== undefined) tell(row['id'], at, 'published again', reason);
        }
      });
    },
    async counts() {
      return {
        pending: count(sql.countPending.get()),
        unreceipted: count(sql.countUnreceipted.get()),
        failed: count(sql.countFailed.get()),
        coalesced: count(sql.countCoalesced.get()),
      };
    },
    async prune(before) {
      let dropped = 0;
      for (let full = true; full; await setImmediate()) {
        const ended = inTransaction(database, () => {
          const rows = sql.deleteEnded.all(before);
          for (const { id } of rows) {
            sql.deleteSignal.run(Number(id));
            sql.deleteHistory.run(Number(id));
          }
          return rows.length;
        });
        dropped += ended;
        full = ended === PRUNE_ROWS;
      }
      return dropped;
    },
  };
}
