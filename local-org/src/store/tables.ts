import type { DatabaseSync } from 'node:sqlite';

import type { FieldDef, ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import { storedFields } from './formulas.ts';

/** The source and the stored rows don't fit together; thrown when the file is opened. */
export class StoreMismatch extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`${problem} Start once with --fresh to begin with an empty org.`, options);
    this.name = 'StoreMismatch';
  }
}

/**
 * Brings the file's tables in line with the metadata: one table per object, named like it, one
 * column per field. New objects, fields and keys are added; columns of removed fields stay and are
 * never read. Throws `StoreMismatch` when old rows cannot satisfy the new source.
 */
export function createTables(sql: DatabaseSync, metadata: OrgMetadata): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS org_objects (name TEXT PRIMARY KEY, key_prefix TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS org_counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
  `);
  for (const object of metadata.objects.values()) {
    if (object.kind === 'event') continue;
    checkPrefix(sql, object);
    createTable(sql, object);
    for (const field of storedFields(object)) createIndex(sql, object, field);
  }
}

function checkPrefix(sql: DatabaseSync, object: ObjectDef): void {
  const row = sql.prepare('SELECT key_prefix FROM org_objects WHERE name = ?').get(object.name);
  const known = row?.['key_prefix'];
  if (known === undefined) {
    sql
      .prepare('INSERT INTO org_objects (name, key_prefix) VALUES (?, ?)')
      .run(object.name, object.keyPrefix);
  } else if (known !== object.keyPrefix) {
    throw new StoreMismatch(
      `The stored ids of ${object.name} begin with ${String(known)}, the new source gives ${object.keyPrefix}.`,
    );
  }
}

function createTable(sql: DatabaseSync, object: ObjectDef): void {
  const columns = storedFields(object).map(columnOf);
  const table = quote(object.name);
  sql.exec(`CREATE TABLE IF NOT EXISTS ${table} (${columns.join(', ')})`);
  const present = new Set(
    sql
      .prepare(`SELECT name FROM pragma_table_info(?)`)
      .all(object.name)
      .map((row) => row['name']),
  );
  for (const field of storedFields(object)) {
    if (!present.has(field.name)) sql.exec(`ALTER TABLE ${table} ADD COLUMN ${columnOf(field)}`);
  }
}

function columnOf(field: FieldDef): string {
  const name = quote(field.name);
  if (field.type === 'Id') return `${name} TEXT PRIMARY KEY`;
  if (field.type === 'Checkbox')
    return `${name} INTEGER NOT NULL DEFAULT ${field.defaultValue === true ? 1 : 0}`;
  if (field.type === 'Number') return `${name} REAL`;
  return `${name} TEXT COLLATE ${collationOf(field)}`;
}

function createIndex(sql: DatabaseSync, object: ObjectDef, field: FieldDef): void {
  const name = quote(`${object.name}.${field.name}${field.unique ? '.unique' : ''}`);
  const on = `${quote(object.name)} (${quote(field.name)} COLLATE ${collationOf(field)})`;
  try {
    if (field.unique) {
      // Rows in the recycle bin free their keys.
      sql.exec(`CREATE UNIQUE INDEX IF NOT EXISTS ${name} ON ${on} WHERE "IsDeleted" = 0`);
    } else if (field.externalId || field.type === 'Lookup' || field.name === 'SystemModstamp') {
      sql.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${on}`);
    }
  } catch (cause) {
    throw new StoreMismatch(
      `${object.name}.${field.name} became unique, but stored rows share values.`,
      { cause },
    );
  }
}

/** Text compares without case unless the field says otherwise; ids and dates byte by byte. */
export function collationOf(field: FieldDef): 'NOCASE' | 'BINARY' {
  const exact = ['Id', 'Lookup', 'DateTime', 'Date', 'Number', 'Checkbox'].includes(field.type);
  return exact || field.caseSensitive ? 'BINARY' : 'NOCASE';
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
