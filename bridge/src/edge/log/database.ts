import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StorageFailure } from '../../ports/log.ts';

const migrations = join(import.meta.dirname, 'sql');

/**
 * Keys are hashes, so every event writes other pages of their indexes: the longer the checkpoint waits, the more
 * often one page stands for many writes. At most 32 MB are read back at a start.
 */
const CHECKPOINT_PAGES = 8_000;
/** The indexes of about 100,000 events, so that a burst reads nothing back. */
const CACHE_KB = 16_000;

/** The data directory cannot be used; the text says why and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/**
 * Opens the one file that holds the log, the quarantine, the outbox and the detector state.
 *
 * Every commit is on disk when it returns (WAL, synchronous FULL). Other processes may read the
 * file at any time; a second bridge on the same file is refused, for it would publish twice.
 * @throws StorageError
 */
export function openDatabase(file: string): Disposable & { readonly database: DatabaseSync } {
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    lock = takeLock(`${file}.lock`);
    const database = new DatabaseSync(file, { timeout: 5_000 });
    // auto_vacuum has no effect once journal_mode=WAL has written the first page.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.exec(`PRAGMA cache_size = -${CACHE_KB}`);
    migrate(database, file);
    const held = lock;
    return {
      database,
      [Symbol.dispose]() {
        database.close();
        held.close();
      },
    };
  } catch (error) {
    lock?.close();
    if (error instanceof StorageError) throw error;
    throw new StorageError(toStorageFailure(error, file).reason, { cause: error });
  }
}

/** A lock the operating system lets go of when the process dies, however it dies. */
function takeLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (errcodeOf(error) !== SQLITE_BUSY) throw error;
    throw new StorageError(
      `another bridge is using ${dirname(file)}: stop it, or give this one its own dataDir`,
      { cause: error },
    );
  }
}

const layoutOf = (database: DatabaseSync): number =>
  Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
const listMigrations = (): readonly string[] =>
  readdirSync(migrations)
    .filter((name) => name.endsWith('.sql'))
    .sort();

/**
 * For programs beside the bridge, which change nothing about the layout.
 * @throws StorageError where the file was written by another version
 */
export function requireLayout(database: DatabaseSync, file: string): void {
  const [current, known] = [layoutOf(database), listMigrations().length];
  if (current === known) return;
  throw new StorageError(
    `${file} was written by another version (layout ${current}, this one knows ${known}): ` +
      (current < known ? 'start this bridge once' : 'use the version that runs on it'),
  );
}

function migrate(database: DatabaseSync, file: string): void {
  const current = layoutOf(database);
  const steps = listMigrations();
  if (current > steps.length) {
    throw new StorageError(
      `${file} was written by a newer bridge (layout ${current}, this one knows ${steps.length}): ` +
        'start the newer bridge, or give this one another dataDir',
    );
  }
  for (const [index, name] of steps.entries()) {
    if (index < current) continue;
    const sql = readFileSync(join(migrations, name), 'utf8');
    inTransaction(database, () => database.exec(`${sql}\nPRAGMA user_version = ${index + 1};`));
  }
}

/**
 * Runs `work` in one transaction that a crash of the process cannot undo and the power can: for what
 * is asked again when it is not there. What is written before and after stays in order.
 * Source: sqlite.org/pragma.html#pragma_synchronous, WAL with NORMAL.
 */
export function inUnflushedTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('PRAGMA synchronous = NORMAL');
  try {
    return inTransaction(database, work);
  } finally {
    database.exec('PRAGMA synchronous = FULL');
  }
}

/** Runs `work` in one transaction: all of it is on disk when this returns, or none of it. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // A full disk has SQLite roll back by itself; a second ROLLBACK would hide the first error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_FULL = 13;

function errcodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  // The low byte is the primary result code. Source: sqlite.org/rescode.html
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** The file system's own words for it: no space, or no quota. */
function isOutOfSpace(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** What a refused write means for an operator. */
export function toStorageFailure(error: unknown, file: string): StorageFailure {
  const text = error instanceof Error ? error.message : String(error);
  const code = errcodeOf(error);
  if (code === SQLITE_FULL || isOutOfSpace(error)) {
    return {
      kind: 'full',
      reason:
        `no space left for ${file}: free disk space or lower log.retention; ` +
        'nothing is lost, messages stay with the broker until there is room',
    };
  }
  const action =
    code === SQLITE_READONLY
      ? 'give the bridge write permission on the file and its folder'
      : 'check that the folder exists, is writable and its disk is healthy';
  return { kind: 'unavailable', reason: `cannot write ${file} (${text}): ${action}` };
}
