import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import type {
  AssetRecord,
  DeviceRecord,
  Installation,
  Ownership,
  RecordId,
} from '../../model/identity.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Raised when the tables below change: an older copy is thrown away and read from the org again. */
const LAYOUT = 2;

const TABLES = `
  CREATE TABLE device (id TEXT PRIMARY KEY, key TEXT NOT NULL, asset_id TEXT, aliases TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE name (name TEXT NOT NULL, device_id TEXT NOT NULL, PRIMARY KEY (name, device_id)) WITHOUT ROWID;
  CREATE INDEX name_by_device ON name (device_id);
  CREATE INDEX device_by_asset ON device (asset_id);
  CREATE TABLE installation (
    id TEXT PRIMARY KEY, device_id TEXT NOT NULL, asset_id TEXT, from_ms INTEGER NOT NULL, to_ms INTEGER) WITHOUT ROWID;
  CREATE INDEX installation_by_device ON installation (device_id);
  CREATE INDEX installation_by_asset ON installation (asset_id);
  CREATE TABLE ownership (
    id TEXT PRIMARY KEY, asset_id TEXT NOT NULL, account_id TEXT, from_ms INTEGER NOT NULL, to_ms INTEGER) WITHOUT ROWID;
  CREATE INDEX ownership_by_asset ON ownership (asset_id);
  CREATE TABLE asset (id TEXT PRIMARY KEY, account_id TEXT) WITHOUT ROWID;
  CREATE TABLE read_up_to (kind TEXT PRIMARY KEY, stamp TEXT NOT NULL, id TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE milestone (name TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${LAYOUT};`;

/** Those whose rows are records of the org, by their ids. */
export const RECORD_TABLES = ['device', 'installation', 'ownership', 'asset'] as const;
export type RecordTable = (typeof RECORD_TABLES)[number];
const NAMES = [...RECORD_TABLES, 'name', 'read_up_to', 'milestone'] as const;

/** Makes the tables, where they are missing or of another layout. */
export function makeIdentityTables(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get();
  if (row?.['user_version'] === LAYOUT) return;
  for (const name of NAMES) database.exec(`DROP TABLE IF EXISTS ${name}`);
  database.exec(TABLES);
}

/** Empties the tables. */
export function emptyIdentityTables(database: DatabaseSync): void {
  for (const name of NAMES) database.exec(`DELETE FROM ${name}`);
}

/** The statements on the tables, prepared once. */
export function prepareIdentity(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    put: {
      device: prepare('INSERT OR REPLACE INTO device VALUES (?, ?, ?, ?)'),
      installation: prepare('INSERT OR REPLACE INTO installation VALUES (?, ?, ?, ?, ?)'),
      ownership: prepare('INSERT OR REPLACE INTO ownership VALUES (?, ?, ?, ?, ?)'),
      asset: prepare('INSERT OR REPLACE INTO asset VALUES (?, ?)'),
    },
    putName: prepare('INSERT OR IGNORE INTO name VALUES (?, ?)'),
    dropNames: prepare('DELETE FROM name WHERE device_id = ?'),
    find: perTable((table) => prepare(`SELECT * FROM ${table} WHERE id = ?`)),
    drop: perTable((table) => prepare(`DELETE FROM ${table} WHERE id = ?`)),
    putMilestone: prepare('INSERT OR REPLACE INTO milestone VALUES (?, ?)'),
    milestones: prepare('SELECT name, at_ms FROM milestone'),
    putUpTo: prepare('INSERT OR REPLACE INTO read_up_to VALUES (?, ?, ?)'),
    upTo: prepare('SELECT kind, stamp, id FROM read_up_to'),
    devices: prepare(
      'SELECT device.* FROM name JOIN device ON device.id = name.device_id WHERE name.name = ? ORDER BY device.id',
    ),
    installations: prepare('SELECT * FROM installation WHERE device_id = ? ORDER BY from_ms, id'),
    ownerships: prepare('SELECT * FROM ownership WHERE asset_id = ? ORDER BY from_ms, id'),
    asset: prepare('SELECT * FROM asset WHERE id = ?'),
    namesOfDevice: prepare('SELECT name FROM name WHERE device_id = ?'),
    namesOnAsset: prepare(
      `SELECT DISTINCT name FROM name WHERE device_id IN (
        SELECT id FROM device WHERE asset_id = ?1
        UNION SELECT device_id FROM installation WHERE asset_id = ?1)`,
    ),
    assetsOfAccount: prepare(
      `SELECT id FROM asset WHERE account_id = ?1
        UNION SELECT asset_id AS id FROM ownership WHERE account_id = ?1`,
    ),
    countDevices: prepare('SELECT COUNT(*) AS n FROM device'),
    countInstallations: prepare('SELECT COUNT(*) AS n FROM installation'),
  };
}

function perTable<T>(make: (table: RecordTable) => T): Readonly<Record<RecordTable, T>> {
  const [device, installation, ownership, asset] = RECORD_TABLES;
  return {
    device: make(device),
    installation: make(installation),
    ownership: make(ownership),
    asset: make(asset),
  };
}

/** What is applied during a comparison; in memory, and gone with the connection. */
export function prepareComparison(database: DatabaseSync) {
  database.exec('PRAGMA temp_store = MEMORY');
  database.exec('CREATE TEMP TABLE applied (id TEXT PRIMARY KEY) WITHOUT ROWID');
  return {
    note: database.prepare('INSERT OR IGNORE INTO applied VALUES (?)'),
    forget: database.prepare('DELETE FROM applied'),
    unseen: perTable((table) =>
      database.prepare(`SELECT id FROM ${table} WHERE id NOT IN (SELECT id FROM applied)`),
    ),
  };
}

export function toDevice(row: Row): DeviceRecord {
  const aliases = String(row['aliases']);
  const assetId = idIn(row, 'asset_id');
  return {
    id: toRecordId(String(row['id'])),
    key: toDeviceKey(String(row['key'])),
    aliases: aliases === '' ? [] : aliases.split('\n'),
    ...(assetId !== undefined && { assetId }),
  };
}

export function toInstallation(row: Row): Installation {
  const assetId = idIn(row, 'asset_id');
  return {
    id: toRecordId(String(row['id'])),
    deviceId: toRecordId(String(row['device_id'])),
    ...(assetId !== undefined && { assetId }),
    ...spanOf(row),
  };
}

export function toOwnership(row: Row): Ownership {
  const accountId = idIn(row, 'account_id');
  return {
    id: toRecordId(String(row['id'])),
    assetId: toRecordId(String(row['asset_id'])),
    ...(accountId !== undefined && { accountId }),
    ...spanOf(row),
  };
}

export function toAsset(row: Row): AssetRecord {
  const accountId = idIn(row, 'account_id');
  return { id: toRecordId(String(row['id'])), ...(accountId !== undefined && { accountId }) };
}

function spanOf(row: Row) {
  const to = row['to_ms'];
  return {
    from: toEpochMs(Number(row['from_ms'])),
    ...(to === null ? {} : { to: toEpochMs(Number(to)) }),
  };
}

/** The id in a column, or undefined where it is empty. */
function idIn(row: Row, column: string): RecordId | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : toRecordId(String(value));
}
