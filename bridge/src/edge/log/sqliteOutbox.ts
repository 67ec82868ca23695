import type { DatabaseSync } from 'node:sqlite';
import { err, ok } from '../../model/result.ts';
import { toEpochMs } from '../../model/brand.ts';
import type { EpisodeKey, EventKey } from '../../model/brand.ts';
import type { Outbox, Receipt, Settlement } from '../../ports/outbox.ts';
import { inTransaction, inUnflushedTransaction, toStorageFailure } from './database.ts';
import type { OpenEvent } from './openEvents.ts';
import { makeOpenStore } from './openStore.ts';
import { makeOutboxShedding } from './outboxShedding.ts';
import { rankOf, save, toEntry, toNew, toSignal, toUnreceipted } from './outboxRows.ts';
import type { WaitsUntil } from './outboxRows.ts';
import { makePruning } from './pruneOutbox.ts';
import { prepareOutbox } from './statements.ts';
import { insertEnds, insertSignals } from './writeRows.ts';
import type { EndRow, SignalRow } from './writeRows.ts';

export interface SqliteOutboxOptions {
  /** Open events in memory, some 600 bytes each and their signals; more are read from the file when they are due. */
  readonly maxOpen?: number;
  /** Absent: no signal waits for others. */
  readonly waitsUntil?: WaitsUntil;
  /** Milliseconds that only ever rise. */
  readonly elapsedMs?: () => number;
}

/** An outbox that writes the rest of what it knows when it is disposed of. */
export type SqliteOutbox = Outbox & Disposable;

const MAX_OPEN = 10_000;
/** Receipts after which the org does not know what the event said. */
const unknownToOrg = new Set<Receipt['disposition']>(['Missing', 'Failed']);

/** The outbox in the bridge's SQLite file. */
export function makeSqliteOutbox(
  database: DatabaseSync,
  file: string,
  options: SqliteOutboxOptions = {},
): SqliteOutbox {
  const { maxOpen = MAX_OPEN, elapsedMs = () => performance.now() } = options;
  const { waitsUntil = () => toEpochMs(0) } = options;
  const sql = prepareOutbox(database);
  // What the power takes away of these is come by again: an event is published once more under its key,
  // or the org is asked once more.
  const unflushed = <T>(work: () => T): T => inUnflushedTransaction(database, work);
  const { open, aside, late, known, ...store } = makeOpenStore(database, sql, {
    ...{ maxOpen, waitsUntil, elapsedMs, unflushed },
  });
  const { find, tell } = store;
  const prune = makePruning(database, sql);
  const shedding = makeOutboxShedding(database, sql, { open, aside, late, ...store });

  /** What this event had replaced is due after all: ids, to be brought into memory. */
  function revive({ eventKey }: OpenEvent, at: number): number[] {
    const ids = sql.revive.all(eventKey).map(({ id }) => Number(id));
    for (const id of ids) tell(id, at, 'revived', `${eventKey} never got to the org`);
    return ids;
  }
  function write(event: OpenEvent, settlement: Settlement): number[] {
    if (settlement.kind === 'published') return [];
    const { at, reason } = settlement;
    if (settlement.kind === 'retry') {
      save(sql, { ...event, ...changesOf(event, settlement) }, false);
      tell(event.id, at, 'not published', reason);
      return [];
    }
    const { id, tried, attempts, publishes, refusals, publishedAt = null } = event;
    sql.insertFailed.run(id, tried ? 1 : 0, attempts + 1, publishes, refusals, reason, publishedAt);
    tell(id, at, 'given up', reason);
    return revive(event, at);
  }

  return {
    async record({ signals, recordedAt }) {
      const rows: (SignalRow & { readonly isAside: boolean; readonly waitUntil: number })[] = [];
      const inMemory = new Set<EpisodeKey>();
      const seen = new Set<EventKey>();
      const goesAside = (key: EpisodeKey): boolean =>
        !inMemory.has(key) &&
        open.episode(key) === undefined &&
        (open.size + rows.length >= maxOpen || aside.has(key));
      let indexed: () => void;
      try {
        indexed = inTransaction(database, () => {
          for (const signal of signals) {
            if (seen.has(signal.eventKey) || known.has(signal)) continue;
            seen.add(signal.eventKey);
            const id = store.lastId() + rows.length + 1;
            const isAside = goesAside(signal.episodeKey);
            const waitUntil = waitsUntil(signal);
            if (isAside) aside.add(signal, id, waitUntil);
            else inMemory.add(signal.episodeKey);
            rows.push({ id, signal, json: JSON.stringify(signal), isAside, waitUntil });
          }
          insertSignals(sql, rows, recordedAt);
          return known.index(rows.length);
        });
      } catch (error) {
        if (rows.some(({ isAside }) => isAside)) aside.count();
        return err(toStorageFailure(error, file));
      }
      indexed();
      store.recorded(rows.length);
      for (const { signal, id, json, isAside, waitUntil } of rows) {
        known.add(signal, id);
        if (isAside) continue;
        late.changed(open.add(signal.episodeKey, toNew(signal, id, json.length, waitUntil)));
      }
      store.makeRoom(inMemory);
      return ok(rows.length);
    },
    async due(now, limit, atLeast = 'Low') {
      store.lookAtFile();
      late.writeOld();
      shedding.release(now);
      aside.bringDue(now, limit, rankOf(atLeast));
      return open.due(now, limit, rankOf(atLeast)).map((event) => {
        const untold = event.phase === 'Cleared' && store.isUntold(event.episode);
        event.handed = true;
        const signal = event.signal ?? toSignal(sql.selectSignal.get(event.id));
        return toEntry(event, signal, untold);
      });
    },
    async ready(now) {
      store.lookAtFile();
      shedding.release(now);
      const [inMemory, inFile] = [open.ready(now), aside.ready(now)];
      const count = (rank: number): number => (inMemory[rank] ?? 0) + (inFile[rank] ?? 0);
      return { Critical: count(0), High: count(1), Medium: count(2), Low: count(3) };
    },
    async story(eventKey) {
      const event = find(eventKey);
      if (event === undefined) return { before: undefined, waiting: [] };
      return store.tellStory(event);
    },
    async coalesce(overtaken) {
      const ended = overtaken.flatMap((one) => {
        const event = find(one.eventKey);
        return event?.state === 'pending' && !event.tried ? [{ ...one, event }] : [];
      });
      inTransaction(database, () => {
        for (const { event, by, reason, at } of ended) {
          sql.insertCoalesced.run(event.id, reason, at, by);
          tell(event.id, at, 'coalesced', reason);
        }
      });
      for (const { event } of ended) {
        open.drop(event);
        late.done(event);
      }
      return ended.length;
    },
    ...shedding.operations,
    async settle(settlements) {
      store.lookAtFile();
      const found = settlements.flatMap((settlement) => {
        const event = find(settlement.eventKey);
        return event?.state === 'pending' ? [{ event, settlement }] : [];
      });
      const revived: number[] = [];
      if (found.some(({ settlement }) => settlement.kind !== 'published')) {
        unflushed(() => {
          for (const { event, settlement } of found) revived.push(...write(event, settlement));
        });
      }
      for (const { event, settlement } of found) {
        if (event.state !== 'pending') continue;
        if (settlement.kind === 'failed') open.end(event, { acted: false });
        else open.change(event, changesOf(event, settlement));
        if (settlement.kind === 'published') late.changed(event);
        else late.done(event);
      }
      store.bring(revived);
      // Where the org ends nothing, those that wait longest make room.
      while (open.size > maxOpen * 1.5) {
        const longest = open.published.at(0);
        if (longest === undefined) break;
        store.makeRoom([longest.episode.key]);
      }
      late.writeOld();
    },
    async unreceipted(limit, skip = 0) {
      late.writeOld();
      const waiting = aside.unreceipted(limit, skip);
      for (let index = Math.max(0, skip - aside.published); waiting.length < limit; index += 1) {
        const event = open.published.at(index);
        if (event === undefined) break;
        waiting.push(toUnreceipted(event));
      }
      return waiting;
    },
    async awaiting(eventKeys) {
      return eventKeys.flatMap((key) => {
        const event = open.find(key);
        return event?.state === 'published' ? [toUnreceipted(event)] : [];
      });
    },
    async inFlight(since) {
      let count = aside.published === 0 ? 0 : Number(sql.countAsidePublished.get(since)?.['n']);
      for (let index = open.published.size - 1; index >= 0; index -= 1) {
        if ((open.published.at(index)?.publishedAt ?? 0) < since) break;
        count += 1;
      }
      return count;
    },
    async receive(receipts) {
      const ended = new Map<OpenEvent, Receipt>();
      for (const receipt of receipts) {
        const event = find(receipt.eventKey);
        if (event?.state === 'published' && !ended.has(event)) ended.set(event, receipt);
      }
      const revived: number[] = [];
      unflushed(() => {
        insertEnds(
          sql,
          [...ended].map(([event, receipt]): EndRow => ({ event, receipt })),
        );
        for (const [event, { disposition, reason, at }] of ended) {
          if (!unknownToOrg.has(disposition)) continue;
          tell(event.id, at, disposition, reason);
          revived.push(...revive(event, at));
        }
      });
      for (const [event, { disposition }] of ended) {
        open.end(event, { acted: disposition === 'Acted' });
        late.done(event);
      }
      store.bring(revived);
    },
    async republish(events) {
      const found = events.flatMap((one) => {
        const event = find(one.eventKey);
        return event?.state === 'published' ? [{ ...one, event }] : [];
      });
      inTransaction(database, () => {
        for (const { event, reason, at, retryAt, refusals } of found) {
          const changes = { tried: true, retryAt, refusals, lastError: reason } as const;
          save(sql, { ...event, ...changes, state: 'pending' }, false);
          tell(event.id, at, 'published again', reason);
        }
      });
      for (const { event, reason, retryAt, refusals } of found) {
        const changes = {
          tried: true,
          retryAt,
          refusals,
          lastError: reason,
          written: true,
        } as const;
        open.change(event, { ...changes, state: 'pending' });
        late.done(event);
      }
    },
    async counts() {
      store.lookAtFile();
      const unreceipted = open.published.size + aside.published;
      return {
        pending: open.size + aside.size - unreceipted,
        unreceipted,
        failed: Number(sql.countFailed.get()?.['n']),
        coalesced: Number(sql.countCoalesced.get()?.['n']),
        suppressed: Number(sql.countSuppressed.get()?.['n']),
      };
    },
    prune,
    [Symbol.dispose]: () => store.close(),
  };
}

function changesOf(
  { attempts, publishes }: OpenEvent,
  settlement: Extract<Settlement, { readonly kind: 'published' | 'retry' }>,
): Partial<OpenEvent> {
  if (settlement.kind === 'published') {
    const counts = { attempts: attempts + 1, publishes: publishes + 1 };
    const publishedAt = settlement.at;
    return { state: 'published', ...counts, publishedAt, lastError: undefined, handed: false };
  }
  const { counted, retryAt, reason } = settlement;
  const counts = { attempts: attempts + (counted ? 1 : 0) };
  return { ...counts, tried: true, retryAt, lastError: reason, handed: false, written: true };
}
