import { DatabaseSync } from 'node:sqlite';

import type { Clock } from '../clock.ts';
import { findObject } from '../metadata/find.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import { toRecord } from './columns.ts';
import { noFormulas } from './formulas.ts';
import type { Formulas } from './formulas.ts';
import { toId18 } from './ids.ts';
import type { Query, RecordData, RecordStore } from './records.ts';
import { makeStatementCache } from './statements.ts';
import { makeDataStorage } from './storage.ts';
import type { StorageAllocation } from './storage.ts';
import { createTables, quote, StoreMismatch } from './tables.ts';
import { makeTransactions } from './transactions.ts';
import { compileQuery } from './where.ts';
import { makeWriter } from './writer.ts';

/** An open store; `close` ends the connection, after which nothing may be called. */
export interface OpenStore extends RecordStore {
  /** Megabytes of data storage that the org's rows take. */
  usedStorage(): number;
  close(): void;
}

/**
 * Opens (or creates) the org's file; `:memory:` keeps it in memory.
 *
 * What a finished transaction wrote is on disk: WAL with `synchronous = FULL` syncs the log at
 * every commit, so an answered write survives `kill -9` and a power cut.
 * Throws `StoreMismatch` when the stored rows don't fit the metadata.
 * @param formulas computes formula fields; without it no object may have one
 * @param allocation what may be stored, `STORAGE_LIMIT_EXCEEDED` past it; without it any amount
 * @param image what `sql.serialize()` of another store of the same metadata gave, to begin with instead of an
 *   empty file; tests make hundreds of orgs that begin alike
 */
export function openStore(
  path: string,
  metadata: OrgMetadata,
  clock: Clock,
  formulas: Formulas = noFormulas,
  allocation?: StorageAllocation,
  image?: Uint8Array,
): OpenStore {
  const sql = openFile(path);
  const transactions = makeTransactions(sql);
  if (image === undefined) transactions.transaction(() => createTables(sql, metadata));
  else sql.deserialize(image);
  const prepare = makeStatementCache(sql);
  const storage = transactions.transaction(() => makeDataStorage(prepare, metadata, allocation));

  function tableOf(name: string): ObjectDef {
    const object = findObject(metadata, name);
    if (object === undefined || object.kind === 'event')
      throw new Error(`no rows of ${name} are stored`);
    return object;
  }

  function read(object: string, id: string): RecordData | undefined {
    return readRow(tableOf(object), id, false);
  }

  function compute(object: ObjectDef, row: RecordData): RecordData {
    return formulas.compute(object, row, read);
  }

  function readRow(object: ObjectDef, id: string, deleted: boolean): RecordData | undefined {
    const id18 = toId18(id);
    if (id18 === undefined) return undefined;
    const filter = deleted ? '' : ' AND "IsDeleted" = 0';
    const row = prepare(`SELECT * FROM ${quote(object.name)} WHERE "Id" = ?${filter}`).get(id18);
    return row === undefined ? undefined : compute(object, toRecord(object, row));
  }

  function select(query: Query): RecordData[] {
    const object = tableOf(query.object);
    const { text, params } = compileQuery(metadata, query);
    return prepare(`SELECT t0.* ${text}`)
      .all(...params)
      .map((row) => compute(object, toRecord(object, row)));
  }

  const writer = makeWriter({ metadata, clock, storage, prepare, tableOf, readRow, select });

  return {
    sql,
    ...transactions,
    writeInsert: (object, values, actor) =>
      transactions.transaction(() => writer.insert(tableOf(object), values, actor)),
    writeUpdate: (object, id, changes, actor) =>
      transactions.transaction(() => writer.update(tableOf(object), id, changes, actor)),
    writeDelete: (object, id, actor) =>
      transactions.transaction(() => writer.remove(tableOf(object), id, actor)),
    read,
    withFormulas: (object, row) => compute(tableOf(object), row),
    select,
    count(query) {
      const { text, params } = compileQuery(metadata, query);
      const inner = `SELECT t0."Id" ${text}`;
      return Number(
        prepare(`SELECT count(*) AS rows FROM (${inner})`).get(...params)?.['rows'] ?? 0,
      );
    },
    usedStorage: () => storage.used(),
    close: () => sql.close(),
  };
}

/** https://www.sqlite.org/rescode.html#notadb */
const SQLITE_NOTADB = 26;

function openFile(path: string): DatabaseSync {
  const sql = new DatabaseSync(path);
  try {
    // Another reader (a person with sqlite3) may hold the file for a moment.
    sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
    return sql;
  } catch (cause) {
    sql.close();
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_NOTADB) {
      throw new StoreMismatch(`${path} is not an SQLite database.`, { cause });
    }
    throw cause;
  }
}
