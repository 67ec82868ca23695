import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { toDeviceKey } from '../../model/brand.ts';
import type { DeviceRecord, RecordId } from '../../model/identity.ts';
import { IDENTITY_KINDS } from '../../ports/identity.ts';
import type { IdentityChange, IdentityCopy, ReadUpTo } from '../../ports/identity.ts';
import { inTransaction } from '../log/database.ts';
import {
  emptyIdentityTables,
  makeIdentityTables,
  prepareIdentity,
  toAsset,
  toDevice,
  toInstallation,
  toOwnership,
} from './identityTables.ts';

/**
 * The copy in a SQLite file of its own; a file that cannot be read is made anew, for the org has all of it.
 *
 * A commit is not forced to the disk: after a power failure the copy may be a little older, never half a page, and what
 * is missing is read again.
 */
export function openIdentityCopy(file: string): IdentityCopy & Disposable {
  const database = open(file);
  const sql = prepareIdentity(database);

  function put(change: IdentityChange): void {
    switch (change.kind) {
      case 'device':
        putDevice(change.record);
        return;
      case 'installation': {
        const { id, deviceId, assetId = null, from, to = null } = change.record;
        sql.putInstallation.run(id, deviceId, assetId, from, to);
        return;
      }
      case 'ownership': {
        const { id, assetId, accountId = null, from, to = null } = change.record;
        sql.putOwnership.run(id, assetId, accountId, from, to);
        return;
      }
      case 'asset':
        sql.putAsset.run(change.record.id, change.record.accountId ?? null);
        return;
      case 'deleted':
        // Ids are unique in an org, whatever the object.
        for (const statement of sql.drop) statement.run(change.id);
        sql.dropNames.run(change.id);
    }
  }

  function putDevice({ id, key, aliases, assetId }: DeviceRecord): void {
    sql.putDevice.run(id, key, assetId ?? null, aliases.join('\n'));
    sql.dropNames.run(id);
    for (const name of [key, ...aliases]) sql.putName.run(name, id);
  }

  function namesAbout(change: IdentityChange) {
    switch (change.kind) {
      case 'device':
        return sql.namesOfDevice.all(change.record.id);
      case 'installation':
        return sql.namesOfDevice.all(change.record.deviceId);
      case 'ownership':
        return sql.namesOnAsset.all(change.record.assetId);
      case 'asset':
        return sql.namesOnAsset.all(change.record.id);
      case 'deleted':
        // What it was about is no longer known, and less knowledge matches nothing anew.
        return [];
    }
  }

  return {
    apply(kind, { changes, upTo }) {
      inTransaction(database, () => {
        for (const change of changes) put(change);
        if (upTo !== undefined) sql.putUpTo.run(kind, upTo.stamp, upTo.id);
      });
    },
    upTo() {
      const rows = new Map(sql.upTo.all().map((row) => [String(row['kind']), row]));
      return new Map(
        IDENTITY_KINDS.flatMap((kind): [typeof kind, ReadUpTo][] => {
          const row = rows.get(kind);
          if (row === undefined) return [];
          return [[kind, { stamp: String(row['stamp']), id: String(row['id']) }]];
        }),
      );
    },
    facts(name) {
      const devices = sql.devices.all(name).map(toDevice);
      const installations = devices.flatMap(({ id }) =>
        sql.installations.all(id).map(toInstallation),
      );
      const assetIds = new Set<RecordId>(
        [...devices, ...installations].flatMap(({ assetId }) => assetId ?? []),
      );
      return {
        devices,
        installations,
        ownerships: [...assetIds].flatMap((id) => sql.ownerships.all(id).map(toOwnership)),
        assets: [...assetIds].flatMap((id) => sql.asset.all(id).map(toAsset)),
      };
    },
    namesAbout(change) {
      const rows = namesAbout(change);
      return rows.map((row) => toDeviceKey(String(row['name'])));
    },
    counts: () => ({
      devices: Number(sql.countDevices.get()?.['n'] ?? 0),
      installations: Number(sql.countInstallations.get()?.['n'] ?? 0),
    }),
    clear: () => inTransaction(database, () => emptyIdentityTables(database)),
    [Symbol.dispose]: () => database.close(),
  };
}

function open(file: string): DatabaseSync {
  try {
    return openFile(file);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    return openFile(file);
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. Source: sqlite.org/rescode.html */
function isUnreadable(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === 11 || code === 26;
}

function openFile(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = NORMAL');
  makeIdentityTables(database);
  return database;
}
