import type { SQLInputValue } from 'node:sqlite';

import { toDeviceKey } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import type { DeviceRecord } from '../../model/identity.ts';
import type { IdentityChange } from '../../ports/identity.ts';
import { RECORD_TABLES } from './identityTables.ts';
import type { prepareIdentity, RecordTable, Row } from './identityTables.ts';

type RecordChange = Exclude<IdentityChange, { readonly kind: 'deleted' }>;

/** Records in the tables of the copy, and which devices a change of one has to do with. */
export interface Records {
  /** Answers whether that changed anything; names of devices, before and after, join `learnt`. */
  put(change: RecordChange, learnt: Set<DeviceKey>): boolean;
  /** The same, for a record of which only the id is known. */
  drop(id: string, learnt: Set<DeviceKey>): boolean;
}

/** To be called in a transaction. */
export function makeRecords(sql: ReturnType<typeof prepareIdentity>): Records {
  /* Names are found through the devices as they stand: before a change for what it takes away, after it for the rest. */
  function learn(table: RecordTable, row: Row, learnt: Set<DeviceKey>): void {
    for (const { name } of namesAbout(table, row)) learnt.add(toDeviceKey(String(name)));
  }
  function namesAbout(table: RecordTable, row: Row): readonly Row[] {
    switch (table) {
      case 'device':
        return sql.namesOfDevice.all(row['id'] ?? null);
      case 'installation':
        return sql.namesOfDevice.all(row['device_id'] ?? null);
      case 'ownership':
        return sql.namesOnAsset.all(row['asset_id'] ?? null);
      case 'asset':
        return sql.namesOnAsset.all(row['id'] ?? null);
    }
  }
  function write(change: RecordChange, values: readonly SQLInputValue[]): void {
    sql.put[change.kind].run(...values);
    if (change.kind === 'device') putNames(change.record);
  }
  function putNames({ id, key, aliases }: DeviceRecord): void {
    sql.dropNames.run(id);
    for (const name of [key, ...aliases]) sql.putName.run(name, id);
  }

  return {
    put(change, learnt) {
      const { kind, record } = change;
      const before = sql.find[kind].get(record.id);
      const values = toValues(change);
      if (before !== undefined && isSame(before, values)) return false;
      if (before !== undefined) learn(kind, before, learnt);
      write(change, values);
      const after = sql.find[kind].get(record.id);
      if (after !== undefined) learn(kind, after, learnt);
      return true;
    },
    drop(id, learnt) {
      let isNew = false;
      // Ids are unique in an org, whatever the object.
      for (const table of RECORD_TABLES) {
        const row = sql.find[table].get(id);
        if (row === undefined) continue;
        learn(table, row, learnt);
        sql.drop[table].run(id);
        if (table === 'device') sql.dropNames.run(id);
        isNew = true;
      }
      return isNew;
    },
  };
}

/** In the order of the columns. */
function toValues(change: RecordChange): readonly SQLInputValue[] {
  switch (change.kind) {
    case 'device': {
      const { id, key, aliases, assetId = null } = change.record;
      return [id, key, assetId, aliases.join('\n')];
    }
    case 'installation': {
      const { id, deviceId, assetId = null, from, to = null } = change.record;
      return [id, deviceId, assetId, from, to];
    }
    case 'ownership': {
      const { id, assetId, accountId = null, from, to = null } = change.record;
      return [id, assetId, accountId, from, to];
    }
    case 'asset':
      return [change.record.id, change.record.accountId ?? null];
  }
}

const isSame = (row: Row, values: readonly SQLInputValue[]): boolean =>
  Object.values(row).every((value, index) => value === values[index]);
