import { z } from 'zod';

import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import type { LateAttribution, UnmatchedSignals } from '../../ports/identity.ts';
import { asResult } from './orgError.ts';
import { quoteSoql } from './rest.ts';
import type { Rest } from './rest.ts';

export interface UnmatchedSignalsOptions {
  readonly rest: Rest;
  readonly namespace: string;
}

/** Rows of one page of a query answer at most. Source: REST API guide, "Query". */
const ROWS = 2_000;
/** Records of one collections call at most. Source: REST API guide, "sObject Collections". */
const RECORDS = 200;

const saveResults = z.array(z.object({ success: z.boolean() }));

/** Signals of the org that lack their Asset or Account, over REST. */
export function makeUnmatchedSignals({
  rest,
  namespace,
}: UnmatchedSignalsOptions): UnmatchedSignals {
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const name = (field: string): string => prefix + field;
  const object = name('Asset_Signal__c');
  const [asset, account, key, at] = [
    'Asset__c',
    'Account__c',
    'Device_Key__c',
    'Occurred_At_Ms__c',
  ].map(name) as [string, string, string, string];
  const id = z.string().length(18).transform(toRecordId);
  const rows = z.object({
    records: z.array(
      z
        .looseObject({
          Id: id,
          [key]: z.string(),
          [at]: z.number(),
          [asset]: id.nullish(),
          [account]: id.nullish(),
        })
        .transform((row) => ({
          id: id.parse(row['Id']),
          device: toDeviceKey(String(row[key])),
          occurredAt: toEpochMs(Number(row[at])),
          ...(typeof row[asset] === 'string' && { assetId: toRecordId(row[asset]) }),
          ...(typeof row[account] === 'string' && { accountId: toRecordId(row[account]) }),
        })),
    ),
  });

  const toRecord = ({ id: Id, deviceId, installationId, assetId, accountId }: LateAttribution) => ({
    attributes: { type: object },
    Id,
    ...(deviceId !== undefined && { [name('Device__c')]: deviceId }),
    ...(installationId !== undefined && { [name('Installation__c')]: installationId }),
    ...(assetId !== undefined && { [asset]: assetId }),
    ...(accountId !== undefined && { [account]: accountId }),
  });

  return {
    find: (before, devices) =>
      asResult(async () => {
        const older = before === undefined ? '' : ` AND Id < '${before}'`;
        const of = devices === 'all' ? '' : ` AND ${key} IN (${devices.map(quoteSoql).join(', ')})`;
        const { records } = await rest.query(
          `SELECT Id, ${key}, ${at}, ${asset}, ${account} FROM ${object} ` +
            `WHERE (${asset} = null OR ${account} = null)${older}${of} ORDER BY Id DESC LIMIT ${ROWS}`,
          rows,
        );
        return records;
      }),
    write: (attributions) =>
      asResult(async () => {
        let taken = 0;
        for (let from = 0; from < attributions.length; from += RECORDS) {
          const records = attributions.slice(from, from + RECORDS).map(toRecord);
          const body = { allOrNone: false, records };
          const results = await rest.patch('/composite/sobjects', body, saveResults);
          taken += results.filter(({ success }) => success).length;
        }
        return taken;
      }),
  };
}
