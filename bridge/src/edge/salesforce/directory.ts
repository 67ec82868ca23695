import { z } from 'zod';
import { toDeviceKey } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Directory, Identity } from '../../ports/directory.ts';
import { asResult } from './orgError.ts';
import { quoteSoql } from './rest.ts';
import type { Rest } from './rest.ts';

export interface DirectoryOptions {
  readonly rest: Rest;
  readonly namespace: string;
  readonly clock: Clock;
  /** How long an answer is believed. */
  readonly ttlMs: number;
  /** How long "the org does not know this device" is believed; shorter, for people fix it. */
  readonly unknownTtlMs: number;
}

/** Device keys per query: 120 characters each stay below the 16 KB of a request line. */
const KEYS_PER_QUERY = 50;
/** Devices remembered; beyond it the oldest answers go. */
const MAX_CACHED = 50_000;

/** Devices of the org (`Signal_Device__c` → Asset → Account) over REST, with a cache. */
export function makeOrgDirectory(options: DirectoryOptions): Directory {
  const { rest, namespace, clock, ttlMs, unknownTtlMs } = options;
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const keyField = `${prefix}Device_Key__c`;
  const assetField = `${prefix}Asset__c`;
  const assetRelation = `${prefix}Asset__r`;
  const cache = new Map<DeviceKey, { readonly identity: Identity; readonly until: number }>();
  const reply = z.object({
    records: z.array(
      z.looseObject({
        [keyField]: z.string(),
        [assetField]: z.string().nullish(),
        [assetRelation]: z.looseObject({ AccountId: z.string().nullish() }).nullish(),
      }),
    ),
  });
  const related = z.looseObject({ AccountId: z.string().nullish() }).nullish();

  async function ask(devices: readonly DeviceKey[]): Promise<void> {
    const soql =
      `SELECT ${keyField}, ${assetField}, ${assetRelation}.AccountId FROM ${prefix}Signal_Device__c ` +
      `WHERE ${keyField} IN (${devices.map(quoteSoql).join(', ')})`;
    const { records } = await rest.query(soql, reply);
    const now = clock();
    for (const device of devices) remember(device, {}, now + unknownTtlMs);
    for (const record of records) {
      const assetId = record[assetField];
      const accountId = related.parse(record[assetRelation])?.AccountId;
      const identity = {
        ...(typeof assetId === 'string' && { assetId }),
        ...(typeof accountId === 'string' && { accountId }),
      };
      const known = typeof assetId === 'string';
      remember(
        toDeviceKey(z.string().parse(record[keyField])),
        identity,
        now + (known ? ttlMs : unknownTtlMs),
      );
    }
  }

  function remember(device: DeviceKey, identity: Identity, until: number): void {
    cache.delete(device);
    cache.set(device, { identity, until });
    const oldest = cache.keys().next();
    if (cache.size > MAX_CACHED && oldest.done === false) cache.delete(oldest.value);
  }

  return {
    lookup: (devices) =>
      asResult(async () => {
        const now = clock();
        const unknown = devices.filter((device) => (cache.get(device)?.until ?? 0) <= now);
        for (let from = 0; from < unknown.length; from += KEYS_PER_QUERY) {
          await ask(unknown.slice(from, from + KEYS_PER_QUERY));
        }
        return new Map(devices.map((device) => [device, cache.get(device)?.identity ?? {}]));
      }),
  };
}
