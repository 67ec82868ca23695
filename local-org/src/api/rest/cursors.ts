import { randomBytes } from 'node:crypto';

/** A result larger than one page, kept until its pages are fetched. */
export interface Cursor {
  readonly records: readonly unknown[];
  readonly totalSize: number;
  readonly size: number;
  readonly userId: string;
}

export interface Cursors {
  open(cursor: Cursor): string;
  /** Only the user who asked finds it. */
  find(locator: string, userId: string): Cursor | undefined;
}

/**
 * "A user can have up to 10 query cursors open at a time. Otherwise, the oldest of the 10 cursors is
 * released" (Integration Patterns and Practices, "API query cursor limits").
 */
const MOST_PER_USER = 10;

/** Cursors live in memory: a restart of the org ends them, as two days do on the platform. */
export function makeCursors(): Cursors {
  const cursors = new Map<string, Cursor>();
  return {
    open(cursor) {
      const own = [...cursors].filter(([, other]) => other.userId === cursor.userId);
      for (const [locator] of own.slice(0, Math.max(0, own.length - MOST_PER_USER + 1)))
        cursors.delete(locator);
      const locator = `0r8Lo0${randomBytes(9).toString('hex')}`;
      cursors.set(locator, cursor);
      return locator;
    },
    find(locator, userId) {
      const cursor = cursors.get(locator);
      return cursor?.userId === userId ? cursor : undefined;
    },
  };
}
