import { z } from 'zod';

import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import type { EpochMs } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import type { RecordId } from '../../model/identity.ts';
import type { IdentityChange, IdentityKind, ReadUpTo } from '../../ports/identity.ts';

/** How the changes of one kind are asked for, and what a row of the answer comes to. */
export interface IdentityQuery {
  /** Of at most `limit` rows behind `from`, in the order of modification stamp and id. */
  soql(from: ReadUpTo | undefined, limit: number): string;
  /** @throws z.ZodError where the row is not what was asked for */
  read(row: unknown): {
    readonly changes: readonly IdentityChange[];
    readonly upTo: ReadUpTo;
  };
}

type Row = Readonly<Record<string, unknown>>;

const time = z.string().transform((text, { issues }): EpochMs => {
  // The API writes +0000, which RFC 3339 does not know.
  const ms = Date.parse(text.replace(/\+0000$/, 'Z'));
  if (Number.isFinite(ms)) return toEpochMs(ms);
  issues.push({ code: 'custom', input: text, message: 'it is no time' });
  return z.NEVER;
});
const recordId = z.string().length(18).transform(toRecordId);
// Made once: to make a schema takes longer than to use it.
const [recordIdOrNone, timeOrNone] = [recordId.nullish(), time.nullish()];
const [deviceKey, aliasLines] = [z.string().min(1).transform(toDeviceKey), z.string().nullish()];
const related = z.looseObject({
  AccountId: recordId.nullish(),
  SystemModstamp: z.string().nullish(),
});
const relatedOrNone = related.nullish();

/** The query of each kind in an org with this namespace; '' is none. */
export function makeIdentityQueries(
  namespace: string,
): Readonly<Record<IdentityKind, IdentityQuery>> {
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const name = (field: string): string => prefix + field;
  const [asset, assetRow] = [name('Asset__c'), name('Asset__r')];
  const account = `${assetRow}.AccountId`;

  const own = (object: string, fields: readonly string[], toChanges: (row: Row) => Changes) =>
    makeQuery(name(object), '', fields, toChanges);
  const assetsOf = (object: string) =>
    makeQuery(name(object), `${assetRow}.`, [asset, account], (row) =>
      toAssets(row, asset, assetRow),
    );

  return {
    device: own(
      'Signal_Device__c',
      ['Device_Key__c', 'Aliases__c'].map(name).concat(asset, account),
      (row) => {
        const id = recordId.parse(row['Id']);
        const key = deviceKey.parse(row[name('Device_Key__c')]);
        const aliases = aliasesIn(aliasLines.parse(row[name('Aliases__c')]));
        const record = { id, key, aliases, ...named('assetId', row[asset]) };
        return [{ kind: 'device', record }, ...toAssets(row, asset, assetRow)];
      },
    ),
    installation: own(
      'Signal_Installation__c',
      ['Device__c', 'From__c', 'To__c'].map(name).concat(asset, account),
      (row) => {
        const id = recordId.parse(row['Id']);
        const deviceId = recordId.parse(row[name('Device__c')]);
        const record = { id, deviceId, ...named('assetId', row[asset]), ...spanOf(row, name) };
        return [{ kind: 'installation', record }, ...toAssets(row, asset, assetRow)];
      },
    ),
    ownership: own(
      'Signal_Ownership__c',
      ['From__c', 'To__c', 'Account__c'].map(name).concat(asset),
      (row) => {
        const id = recordId.parse(row['Id']);
        // An ownership whose Asset was deleted says nothing any more.
        if (row[asset] === null) return [{ kind: 'deleted', id }];
        const assetId = recordId.parse(row[asset]);
        const record = {
          id,
          assetId,
          ...named('accountId', row[name('Account__c')]),
          ...spanOf(row, name),
        };
        return [{ kind: 'ownership', record }];
      },
    ),
    'device-asset': assetsOf('Signal_Device__c'),
    'installation-asset': assetsOf('Signal_Installation__c'),
  };
}

type Changes = readonly IdentityChange[];

/** @param of whose modification stamp is followed: '' the record's own, or a relation with its dot */
function makeQuery(
  object: string,
  of: string,
  fields: readonly string[],
  toChanges: (row: Row) => Changes,
): IdentityQuery {
  const stamp = `${of}SystemModstamp`;
  const base = z.looseObject({ Id: recordId, IsDeleted: z.boolean() });
  const stampOf = (row: Row): unknown =>
    of === '' ? row['SystemModstamp'] : related.parse(row[of.slice(0, -1)]).SystemModstamp;
  return {
    soql(from, limit) {
      const behind =
        from === undefined
          ? `${stamp} != null`
          : `(${stamp} > ${from.stamp} OR (${stamp} = ${from.stamp} AND Id > '${from.id}'))`;
      return (
        `SELECT Id, IsDeleted, ${stamp}, ${fields.join(', ')} FROM ${object} ` +
        `WHERE ${behind} ORDER BY ${stamp}, Id LIMIT ${limit}`
      );
    },
    read(raw) {
      const row = base.parse(raw);
      const at = new Date(time.parse(stampOf(row))).toISOString();
      const upTo = { stamp: at, id: row.Id };
      if (!row.IsDeleted) return { changes: toChanges(row), upTo };
      // A device that is gone says nothing of its Asset.
      return { changes: of === '' ? [{ kind: 'deleted', id: row.Id }] : [], upTo };
    },
  };
}

function toAssets(row: Row, asset: string, assetRow: string): Changes {
  const id = recordIdOrNone.parse(row[asset]);
  const found = relatedOrNone.parse(row[assetRow]);
  if (id === null || id === undefined || found === null || found === undefined) return [];
  return [{ kind: 'asset', record: { id, ...named('accountId', found.AccountId) } }];
}

function named<Name extends 'assetId' | 'accountId'>(
  name: Name,
  value: unknown,
): Partial<Record<Name, RecordId>> {
  const id = recordIdOrNone.parse(value);
  return id === null || id === undefined ? {} : ({ [name]: id } as Record<Name, RecordId>);
}

function spanOf(row: Row, name: (field: string) => string) {
  const to = timeOrNone.parse(row[name('To__c')]);
  const from = time.parse(row[name('From__c')]);
  return { from, ...(to !== null && to !== undefined && { to }) };
}

/** One on a line; people leave spaces and empty lines. */
function aliasesIn(text: string | null | undefined): readonly string[] {
  const lines = (text ?? '').split(/\r\n|\r|\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
