import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import type { DeviceKey, EpochMs } from '../../model/brand.ts';
import type { RecordId } from '../../model/identity.ts';
import { IDENTITY_KINDS } from '../../ports/identity.ts';
import type { IdentityChange, IdentityCopy, ReadUpTo } from '../../ports/identity.ts';
import { inTransaction } from '../log/database.ts';
import { makeRecords } from './identityRecords.ts';
import {
  emptyIdentityTables,
  makeIdentityTables,
  prepareComparison,
  prepareIdentity,
  RECORD_TABLES,
  toAsset,
  toDevice,
  toInstallation,
  toOwnership,
} from './identityTables.ts';

/**
 * The copy in a SQLite file of its own; a file that cannot be read is made anew, for the org has all of it. Where only a part is
 * damaged that shows when it is come to: what was asked then fails, and from then on the copy is empty.
 *
 * A commit is not forced to the disk: after a power failure the copy may be a little older, never half a page, and what
 * is missing is read again.
 */
export function openIdentityCopy(file: string): IdentityCopy & Disposable {
  let { database, sql, records, comparison, milestones } = open(file);
  let isComparing = false;
  let version = 0;
  let counts: ReturnType<IdentityCopy['counts']> | undefined;

  /** Has the file made anew where it cannot be read. */
  function tried<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isUnreadable(error)) {
        database.close();
        remove(file);
        ({ database, sql, records, comparison, milestones } = openFile(file));
        isComparing = false;
        version += 1;
        counts = undefined;
      }
      throw error;
    }
  }
  /** Runs `work` in one transaction; it is given a set for the names that something was learnt of. */
  function change(work: (learnt: Set<DeviceKey>) => boolean): ReadonlySet<DeviceKey> {
    const learnt = new Set<DeviceKey>();
    if (tried(() => inTransaction(database, () => work(learnt)))) {
      version += 1;
      counts = undefined;
    }
    return learnt;
  }
  function put(one: IdentityChange, learnt: Set<DeviceKey>): boolean {
    if (one.kind === 'deleted') return records.drop(one.id, learnt);
    if (isComparing) comparison.note.run(one.record.id);
    return records.put(one, learnt);
  }
  function mark(name: 'complete' | 'compared', at: ReturnType<typeof toEpochMs>): void {
    sql.putMilestone.run(name, at);
    milestones.set(name, at);
  }

  return {
    apply: (kind, { changes, upTo }) =>
      change((learnt) => {
        let isNew = false;
        for (const one of changes) isNew = put(one, learnt) || isNew;
        if (upTo !== undefined) sql.putUpTo.run(kind, upTo.stamp, upTo.id);
        return isNew;
      }),
    upTo: () =>
      tried(() => {
        const rows = new Map(sql.upTo.all().map((row) => [String(row['kind']), row]));
        return new Map(
          IDENTITY_KINDS.flatMap((kind): [typeof kind, ReadUpTo][] => {
            const row = rows.get(kind);
            if (row === undefined) return [];
            return [[kind, { stamp: String(row['stamp']), id: String(row['id']) }]];
          }),
        );
      }),
    facts: (name) =>
      tried(() => {
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
      }),
    namesOn: (assets, accounts) =>
      tried(() => {
        const on = new Set<string>(assets);
        for (const account of accounts) {
          for (const row of sql.assetsOfAccount.all(account)) on.add(String(row['id']));
        }
        const names = [...on].flatMap((asset) => sql.namesOnAsset.all(asset));
        return new Set(names.map((row) => toDeviceKey(String(row['name']))));
      }),
    version: () => version,
    counts: () =>
      (counts ??= tried(() => ({
        devices: Number(sql.countDevices.get()?.['n'] ?? 0),
        installations: Number(sql.countInstallations.get()?.['n'] ?? 0),
      }))),
    completeAt: () => milestones.get('complete'),
    markComplete(at) {
      tried(() => mark('complete', at));
      if (!milestones.has('compared')) tried(() => mark('compared', at));
    },
    comparedAt: () => milestones.get('compared'),
    beginComparison() {
      comparison.forget.run();
      isComparing = true;
    },
    endComparison: (at) =>
      change((learnt) => {
        let isNew = false;
        for (const table of RECORD_TABLES) {
          for (const { id } of comparison.unseen[table].all()) {
            isNew = records.drop(String(id), learnt) || isNew;
          }
        }
        comparison.forget.run();
        isComparing = false;
        mark('compared', at);
        return isNew;
      }),
    clear() {
      change(() => {
        emptyIdentityTables(database);
        milestones.clear();
        return true;
      });
    },
    [Symbol.dispose]: () => database.close(),
  };
}

function open(file: string): ReturnType<typeof openFile> {
  try {
    return openFile(file);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    remove(file);
    return openFile(file);
  }
}

function remove(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. Source: sqlite.org/rescode.html */
function isUnreadable(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === 11 || code === 26;
}

function openFile(file: string) {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    makeIdentityTables(database);
    const sql = prepareIdentity(database);
    const marks = sql.milestones
      .all()
      .map((row): [string, EpochMs] => [String(row['name']), toEpochMs(Number(row['at_ms']))]);
    return {
      database,
      sql,
      records: makeRecords(sql),
      comparison: prepareComparison(database),
      milestones: new Map(marks),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
