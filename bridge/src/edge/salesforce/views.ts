import { z } from 'zod';
import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import type { Clock } from '../../ports/clock.ts';
import { MOST_LIVE } from '../../ports/views.ts';
import type { TelemetryView, ViewOutcome, Views, ViewUpdate } from '../../ports/views.ts';
import { asResult } from './orgError.ts';
import { quoteSoql } from './rest.ts';
import type { Rest } from './rest.ts';

export interface OrgViewsOptions {
  /** Of its own, so that its calls can be counted. */
  readonly rest: Rest;
  readonly namespace: string;
  readonly clock: Clock;
  /** How long the devices of an asset are believed. */
  readonly ttlMs: number;
  /** How long "no device is on this asset" is believed; shorter, for people fix it. */
  readonly unknownTtlMs: number;
}

/** Ids per query: 24 characters each as they travel stay below the 16 KB of a request line. */
const IDS_PER_QUERY = 300;
/** Assets remembered; beyond it the oldest answers go. */
const MAX_CACHED = 20_000;
const HOUR_MINUTES = 60;

const saveResults = z.array(
  z.object({
    success: z.boolean(),
    errors: z.array(z.object({ statusCode: z.string(), message: z.string() })).default([]),
  }),
);
/** Source: SOAP API Developer Guide, "Status Codes": what an update of a deleted record answers. */
const goneCodes = new Set([
  'ENTITY_IS_DELETED',
  'INVALID_CROSS_REFERENCE_KEY',
  'NOT_FOUND',
  'MALFORMED_ID',
]);

/** Views over REST: queries, and collections of updates with an outcome for each. */
export function makeOrgViews(options: OrgViewsOptions): Views {
  const { rest, clock, ttlMs, unknownTtlMs } = options;
  const prefix = options.namespace === '' ? '' : `${options.namespace}__`;
  const name = (field: string): string => prefix + field;
  const object = name('Telemetry_View__c');
  const rows = z.object({ records: z.array(z.looseObject({ Id: z.string() })) });
  const deviceRows = z.object({
    records: z.array(
      z.looseObject({ [name('Device_Key__c')]: z.string(), [name('Asset__c')]: z.string() }),
    ),
  });
  const select =
    `SELECT Id, ${['Asset__c', 'Metrics__c', 'Range_Minutes__c', 'Live_Until__c'].map(name).join(', ')} ` +
    `FROM ${object}`;
  const cache = new Map<
    string,
    { readonly devices: readonly DeviceKey[]; readonly until: number }
  >();

  function toView(row: Readonly<Record<string, unknown>>): TelemetryView {
    const [asset, metrics, minutes, lease] = [
      row[name('Asset__c')],
      row[name('Metrics__c')],
      row[name('Range_Minutes__c')],
      row[name('Live_Until__c')],
    ];
    const range = typeof minutes === 'number' ? minutes : HOUR_MINUTES;
    return {
      id: String(row['Id']),
      assetId: typeof asset === 'string' ? asset : undefined,
      metrics: splitNames(metrics),
      rangeMs: Math.min(Math.max(Math.round(range), 1), HOUR_MINUTES) * 60_000,
      liveUntil: typeof lease === 'string' ? toEpochMs(Date.parse(lease)) : undefined,
    };
  }

  async function queryViews(soql: string): Promise<readonly TelemetryView[]> {
    return (await rest.query(soql, rows)).records.map(toView);
  }

  async function askDevices(assetIds: readonly string[]): Promise<void> {
    const [key, asset] = [name('Device_Key__c'), name('Asset__c')];
    const { records } = await rest.query(
      `SELECT ${key}, ${asset} FROM ${name('Signal_Device__c')} ` +
        `WHERE ${asset} IN (${assetIds.map(quoteSoql).join(',')}) ORDER BY ${key}`,
      deviceRows,
    );
    for (const assetId of assetIds) {
      const devices = records
        .filter((record) => record[asset] === assetId)
        .map((record) => toDeviceKey(String(record[key])));
      const until = clock() + (devices.length > 0 ? ttlMs : unknownTtlMs);
      cache.delete(assetId);
      cache.set(assetId, { devices, until });
    }
    for (const oldest of cache.keys()) {
      if (cache.size <= MAX_CACHED) break;
      cache.delete(oldest);
    }
  }

  function toRecord({ id, answeredAt, answer }: ViewUpdate) {
    return {
      attributes: { type: object },
      Id: id,
      [name('Answered_At__c')]: new Date(answeredAt).toISOString(),
      ...(answer !== undefined && {
        [name('Series__c')]: answer.series ?? null,
        [name('Bridge_Message__c')]: answer.message === '' ? null : answer.message,
        [name('Last_Reading_At__c')]:
          answer.lastReadingAt === undefined ? null : new Date(answer.lastReadingAt).toISOString(),
      }),
    };
  }

  return {
    byIds: (ids) =>
      asResult(async () => {
        const found: TelemetryView[] = [];
        for (const part of chunks(ids, IDS_PER_QUERY)) {
          found.push(
            ...(await queryViews(`${select} WHERE Id IN (${part.map(quoteSoql).join(',')})`)),
          );
        }
        return found;
      }),
    live: (now) =>
      asResult(() => {
        const time = new Date(now).toISOString();
        const lease = name('Live_Until__c');
        return queryViews(
          `${select} WHERE ${lease} > ${time} ORDER BY ${lease} DESC LIMIT ${MOST_LIVE}`,
        );
      }),
    devices: (assetIds) =>
      asResult(async () => {
        const now = clock();
        const unknown = [...new Set(assetIds)].filter((id) => (cache.get(id)?.until ?? 0) <= now);
        for (const part of chunks(unknown, IDS_PER_QUERY)) await askDevices(part);
        return new Map(assetIds.map((id) => [id, cache.get(id)?.devices ?? []]));
      }),
    write: (updates) =>
      asResult(async () => {
        const body = { allOrNone: false, records: updates.map(toRecord) };
        const results = await rest.patch('/composite/sobjects', body, saveResults);
        return updates.map(({ id }, index) => toOutcome(id, results[index]));
      }),
    calls: () => rest.calls(),
    usage: () => rest.usage(),
  };
}

/** Results come in the order of the records; one that is missing counts as refused. */
function toOutcome(
  id: string,
  result: z.infer<typeof saveResults>[number] | undefined,
): ViewOutcome {
  if (result?.success === true) return { kind: 'written', id };
  const [error] = result?.errors ?? [];
  if (error !== undefined && goneCodes.has(error.statusCode)) return { kind: 'gone', id };
  const reason = error === undefined ? 'no result' : `${error.statusCode}: ${error.message}`;
  return { kind: 'refused', id, reason };
}

function splitNames(value: unknown): readonly string[] {
  if (typeof value !== 'string') return [];
  return [...new Set(value.split(',').map((part) => part.trim()))].filter((part) => part !== '');
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
