import type { z } from 'zod';

import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { makeIdentitySource } from '../edge/salesforce/identitySource.ts';
import type { Rest } from '../edge/salesforce/rest.ts';
import { toEpochMs } from '../model/brand.ts';
import { makeIdentitySync } from '../pipeline/identitySync.ts';

const idOf = (prefix: string, index: number): string => prefix + String(index).padStart(15, '0');

/** An org that has so many devices, each installed on an Asset of its own, and nothing else. */
function makeManyDevices(count: number): Pick<Rest, 'post' | 'calls'> {
  let calls = 0;
  function rowsOf(soql: string): object[] {
    if (!soql.includes('Device_Key__c') && !soql.includes('From__c')) return [];
    if (soql.includes('Signal_Ownership__c')) return [];
    const prefix = soql.includes('FROM Signal_Device__c') ? 'a0D' : 'a0I';
    const [, after] = /Id > '\w{3}(\d{15})'/.exec(soql) ?? [];
    const from = after === undefined ? 0 : Number(after) + 1;
    return Array.from({ length: Math.min(2_000, count - from) }, (_, offset) => {
      const index = from + offset;
      const stamp = new Date(1_790_000_000_000 + index).toISOString().replace('Z', '+0000');
      return {
        Id: idOf(prefix, index),
        IsDeleted: false,
        SystemModstamp: stamp,
        Asset__c: idOf('02i', index),
        Asset__r: { AccountId: idOf('001', index % 1_000), SystemModstamp: stamp },
        Device_Key__c: `device-${index}`,
        Aliases__c: `SN-${index}`,
        Device__c: idOf('a0D', index),
        From__c: '2026-01-01T00:00:00.000+0000',
        To__c: null,
      };
    });
  }
  return {
    calls: () => calls,
    async post<T extends z.ZodType>(_path: string, body: unknown, shape: T) {
      calls += 1;
      const { compositeRequest } = body as {
        compositeRequest: { url: string; referenceId: string }[];
      };
      const compositeResponse = compositeRequest.map(({ url, referenceId }) => {
        const soql = new URL(url, 'http://org').searchParams.get('q') ?? '';
        return { body: { records: rowsOf(soql) }, httpStatusCode: 200, referenceId };
      });
      return shape.parse({ compositeResponse });
    },
  };
}

/** Reads them all into a copy in this file, and prints how many there are and how many calls that took. */
if (import.meta.main) {
  const [file = '', count = ''] = process.argv.slice(2);
  const rest = makeManyDevices(Number(count));
  using copy = openIdentityCopy(file);
  const source = makeIdentitySource({ rest: rest as Rest, namespace: '', apiVersion: '66.0' });
  const sync = makeIdentitySync({ source, copy, clock: () => toEpochMs(Date.now()) });
  const synced = await sync('all news', new AbortController().signal);
  if (!synced.ok) throw new Error(synced.error.reason);
  process.stdout.write(JSON.stringify({ ...copy.counts(), calls: rest.calls() }));
}
