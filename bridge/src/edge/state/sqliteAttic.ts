import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toDeviceKey } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import type { Aside, Attic } from '../../ports/attic.ts';
import { inTransaction } from '../log/database.ts';
import { makeLayeredAttic } from './layeredAttic.ts';
import { toFailure } from './toFailure.ts';

/** Rows to a transaction: about 2 ms, so that nothing is kept waiting. */
const STEP = 200;
/** Further than any clock goes; SQLite has no Infinity. */
const NEVER = Number.MAX_SAFE_INTEGER;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS aside (
    device     TEXT NOT NULL,
    since      INTEGER NOT NULL, -- sequence of the first state of detection it belongs to
    until      INTEGER, -- that of the first it no longer belongs to; null: it is there
    due_at     REAL NOT NULL, -- listening clock
    state      TEXT NOT NULL,
    PRIMARY KEY (device, since)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS aside_there ON aside (device) WHERE until IS NULL;
  CREATE INDEX IF NOT EXISTS aside_due ON aside (due_at) WHERE until IS NULL;
  CREATE INDEX IF NOT EXISTS aside_ended ON aside (until) WHERE until IS NOT NULL;`;

/** An attic in an SQLite file of its own. Throws, saying what to do, where the file cannot be used. */
export function openSqliteAttic(file: string): Attic & Disposable {
  try {
    return openAttic(file);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `the attic ${file} cannot be used (${text}): check the disk. Without the file the bridge starts, and ` +
        'what is known of the devices in it is lost',
      { cause },
    );
  }
}

function openAttic(file: string): Attic & Disposable {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL');
  // One flush for all of a stage, at its end, and not one for each step.
  database.exec('PRAGMA synchronous = NORMAL');
  database.exec(SCHEMA);
  const prepare = (sql: string) => database.prepare(sql);
  const sql = {
    get: prepare('SELECT due_at, state FROM aside WHERE device = ? AND until IS NULL'),
    due: prepare('SELECT device FROM aside WHERE until IS NULL AND due_at <= ?'),
    count: prepare('SELECT COUNT(*) AS n FROM aside WHERE until IS NULL'),
    end: prepare('UPDATE aside SET until = ? WHERE device = ? AND until IS NULL'),
    begin: prepare(
      `INSERT INTO aside (device, since, until, due_at, state) VALUES (?, ?, NULL, ?, ?)
        ON CONFLICT (device, since) DO UPDATE
          SET until = NULL, due_at = excluded.due_at, state = excluded.state`,
    ),
    prune: prepare(
      `DELETE FROM aside WHERE (device, since) IN
        (SELECT device, since FROM aside WHERE until <= ? LIMIT ${STEP})`,
    ),
    dropNewer: prepare('DELETE FROM aside WHERE since > ?'),
    revive: prepare('UPDATE aside SET until = NULL WHERE until > ?'),
  };

  const get = (device: DeviceKey): Aside | undefined => {
    const row = sql.get.get(device);
    if (row === undefined) return undefined;
    const dueAt = Number(row['due_at']);
    return { dueAt: dueAt === NEVER ? Infinity : dueAt, state: String(row['state']) };
  };

  const attic = makeLayeredAttic(
    {
      get,
      has: (device) => get(device) !== undefined,
      due: (listenedAt) => sql.due.all(listenedAt).map((row) => toDeviceKey(String(row['device']))),
      count: () => Number(sql.count.get()?.['n'] ?? 0),
      async change(sequence, changes) {
        const all = [...changes];
        for (let from = 0; from < all.length; from += STEP) {
          const isLast = from + STEP >= all.length;
          if (isLast) database.exec('PRAGMA synchronous = FULL');
          try {
            inTransaction(database, () => {
              for (const [device, aside] of all.slice(from, from + STEP)) {
                sql.end.run(sequence, device);
                if (aside === undefined) continue;
                sql.begin.run(device, sequence, Math.min(aside.dueAt, NEVER), aside.state);
              }
            });
          } finally {
            if (isLast) database.exec('PRAGMA synchronous = NORMAL');
          }
          await nextTurn();
        }
      },
      async prune(oldest) {
        while (Number(sql.prune.run(oldest).changes) === STEP) await nextTurn();
      },
      restore(sequence = -1) {
        inTransaction(database, () => {
          sql.dropNewer.run(sequence);
          sql.revive.run(sequence);
        });
      },
    },
    (error) => toFailure(error, dirname(file)),
  );
  return Object.defineProperty(attic as Attic & Disposable, Symbol.dispose, {
    value: () => database.close(),
  });
}
