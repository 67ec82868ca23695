import type { Clock } from '../clock.ts';
import type { Edition } from '../store/editions.ts';
import type { RecordStore } from '../store/records.ts';

/** What an org may publish and deliver: a part of its edition. */
export type Allocations = Pick<Edition, 'hourlyPublished' | 'dailyDelivered'>;

type Kind = 'published' | 'delivered';
const WINDOW_MINUTES: Readonly<Record<Kind, number>> = { published: 60, delivered: 24 * 60 };

/** Rolling counters, kept by the minute in the org's file. */
export interface Usage {
  add(kind: Kind, amount: number): void;
  /** In the last hour (published) or the last 24 hours (delivered to API subscribers). */
  used(kind: Kind): number;
}

export function makeUsage(store: Pick<RecordStore, 'sql'>, clock: Clock): Usage {
  const minute = (): number => Math.floor(clock.now() / 60_000);
  const insert = store.sql.prepare(
    'INSERT INTO bus_usage (kind, minute, amount) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount',
  );
  const forget = store.sql.prepare('DELETE FROM bus_usage WHERE minute < ?');
  const sum = store.sql.prepare(
    'SELECT coalesce(sum(amount), 0) AS used FROM bus_usage WHERE kind = ? AND minute > ?',
  );
  return {
    add(kind, amount) {
      insert.run(kind, minute(), amount);
      forget.run(minute() - WINDOW_MINUTES.delivered);
    },
    used: (kind) => Number(sum.get(kind, minute() - WINDOW_MINUTES[kind])?.['used'] ?? 0),
  };
}
