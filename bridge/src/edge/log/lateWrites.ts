import type { OpenEvent } from './openEvents.ts';
import { save } from './outboxRows.ts';
import type { OutboxStatements } from './statements.ts';

/** How long an event is open before it is written how it stands; most have ended by then. */
const AFTER_MS = 5_000;
const EVERY_MS = 1_000;
/** At once: a few milliseconds. */
const ROWS = 500;

/**
 * Events that are not in the file as they stand. A crash makes them pending, and those that had their turn are
 * published once more under their keys; so what stays open is written after some seconds, and everything at a stop.
 */
export interface LateWrites {
  changed(event: OpenEvent): void;
  /** It is in the file, or needs not be. */
  done(event: OpenEvent): void;
  /** Writes what has waited long enough; cheap where there is nothing. */
  writeOld(): void;
  writeAll(): void;
}

/**
 * @param lastId of what is recorded
 * @param transact runs in a transaction
 */
export function makeLateWrites(
  sql: OutboxStatements,
  lastId: () => number,
  transact: (work: () => void) => void,
  elapsedMs: () => number,
): LateWrites {
  /** Since when; in this order. */
  const waiting = new Map<OpenEvent, number>();
  let writtenAt = elapsedMs();
  let mark = Number(sql.getMark.get('state')?.['value']);

  function write(events: readonly OpenEvent[]): void {
    const written = new Set(events);
    const isNew = (event: OpenEvent): boolean => !event.written && !written.has(event);
    const firstNew = waiting.keys().find(isNew);
    const upTo = firstNew === undefined ? lastId() : firstNew.id - 1;
    if (events.length === 0 && upTo === mark) return;
    transact(() => {
      for (const event of events) save(sql, event, false);
      sql.setMark.run('state', upTo);
    });
    mark = upTo;
    for (const event of events) {
      event.written = true;
      waiting.delete(event);
    }
  }

  return {
    changed(event) {
      if (!waiting.has(event)) waiting.set(event, elapsedMs());
    },
    done: (event) => void waiting.delete(event),
    writeOld() {
      const now = elapsedMs();
      if (now - writtenAt < EVERY_MS) return;
      const old: OpenEvent[] = [];
      for (const [event, since] of waiting) {
        if (now - since < AFTER_MS || old.length === ROWS) break;
        old.push(event);
      }
      try {
        write(old);
        if (old.length === ROWS) return;
      } catch {
        // A full disk: told by who records, and nothing is lost when this comes later.
      }
      writtenAt = now;
    },
    writeAll: () => write([...waiting.keys()]),
  };
}
