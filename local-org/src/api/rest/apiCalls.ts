import type { Clock } from '../../clock.ts';

/** How many API requests the org answered in the last 24 hours. */
export interface ApiCalls {
  count(): void;
  used(): number;
  readonly max: number;
}

const HOUR = 3_600_000;

/**
 * Counts requests by the hour over a rolling day, in memory: a restart forgets them. Logins, the
 * list of versions and the Pub/Sub API do not count; a composite request counts once.
 */
export function makeApiCalls(clock: Clock, max: number): ApiCalls {
  const hours = new Map<number, number>();
  const thisHour = (): number => Math.floor(clock.now() / HOUR);
  return {
    max,
    count() {
      const hour = thisHour();
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
      for (const old of hours.keys()) if (old <= hour - 24) hours.delete(old);
    },
    used() {
      const oldest = thisHour() - 24;
      return hours.entries().reduce((sum, [hour, calls]) => (hour > oldest ? sum + calls : sum), 0);
    },
  };
}
