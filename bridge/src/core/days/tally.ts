import type { EpochMs } from '../../model/brand.ts';

/** Counts of one day of Greenwich Mean Time. */
export interface Day {
  /** `2026-11-23`. */
  readonly day: string;
  readings: number;
  quarantined: number;
  duplicates: number;
  signals: number;
  errors: number;
  readonly suppressed: Record<string, number>;
}

export type DayCount = 'readings' | 'quarantined' | 'duplicates' | 'signals' | 'errors';

/** Counts by day what a bridge did; goes on where it left off. */
export interface Tally {
  add(what: DayCount, count: number): void;
  suppress(reason: string, count: number): void;
  /** Whether anything was counted or forgotten since this was asked last. */
  hasChanged(): boolean;
  /** The newest first; the day of now is always one of them. */
  days(): readonly Day[];
  /** Forgets these, but for the newest. */
  forget(days: readonly Pick<Day, 'day'>[]): void;
}

const DAY_MS = 86_400_000;

/**
 * A clock that goes back does not reopen an earlier day: its record in the org would be written over.
 *
 * @param known counts of earlier runs, in any order
 */
export function makeTally(
  known: readonly Readonly<Omit<Day, 'suppressed'> & { suppressed: Readonly<Day['suppressed']> }>[],
  clock: () => EpochMs,
): Tally {
  const days = new Map(
    known.map((one) => [one.day, { ...one, suppressed: { ...one.suppressed } }]),
  );
  const newest = [...days.keys()].toSorted().at(-1);
  let today = openDay(newest === undefined ? clock() : Math.max(clock(), Date.parse(newest)));
  let changed = false;

  function openDay(at: number) {
    const start = Math.floor(at / DAY_MS) * DAY_MS;
    const day = new Date(start).toISOString().slice(0, 10);
    const counts = days.get(day) ?? {
      ...{ day, readings: 0, quarantined: 0, duplicates: 0, signals: 0, errors: 0 },
      suppressed: {},
    };
    days.set(day, counts);
    return { counts, end: start + DAY_MS };
  }
  function current(): Day {
    const now = clock();
    if (now >= today.end) today = openDay(now);
    return today.counts;
  }

  return {
    add(what, count) {
      current()[what] += count;
      changed = true;
    },
    suppress(reason, count) {
      const { suppressed } = current();
      suppressed[reason] = (suppressed[reason] ?? 0) + count;
      changed = true;
    },
    hasChanged() {
      const was = changed;
      changed = false;
      return was;
    },
    days() {
      current();
      return [...days.values()].toSorted((a, b) => (a.day < b.day ? 1 : -1));
    },
    forget(done) {
      for (const { day } of done) {
        if (day !== today.counts.day && days.delete(day)) changed = true;
      }
    },
  };
}
