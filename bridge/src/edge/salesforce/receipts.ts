import { z } from 'zod';
import type { EventKey } from '../../model/brand.ts';
import type { OrgRecord, Receipts } from '../../ports/receipts.ts';
import { asResult, OrgError } from './orgError.ts';
import { quoteSoql } from './rest.ts';
import type { Rest } from './rest.ts';

export interface OrgReceiptsOptions {
  readonly rest: Rest;
  readonly namespace: string;
  readonly apiVersion: string;
}

/** Keys per query: 64 characters each stay below the 16 KB of a request line. */
const KEYS_PER_QUERY = 100;
/** A composite call may carry five queries; ours come in pairs. Source: REST API guide. */
const PAIRS_PER_CALL = 2;

const dispositions = ['Received', 'Acted', 'Suppressed', 'Failed'] as const;
const compositeReply = z.object({
  compositeResponse: z.array(
    z.object({ body: z.unknown(), httpStatusCode: z.number(), referenceId: z.string() }),
  ),
});
const errorBody = z.array(z.looseObject({ errorCode: z.string(), message: z.string() }));

/**
 * Asks the org for `Asset_Signal__c` and `Signal_Failure__c` by event key; one API call for every
 * 200 keys. An event that has both counts as what the signal row says.
 */
export function makeOrgReceipts(options: OrgReceiptsOptions): Receipts {
  const { rest, apiVersion } = options;
  const prefix = options.namespace === '' ? '' : `${options.namespace}__`;
  const name = (field: string): string => prefix + field;
  const signalRows = z.object({
    records: z.array(
      z.looseObject({
        [name('Event_Key__c')]: z.string(),
        // Empty where a copy of the field has lost its default: stored, not routed yet.
        [name('Disposition__c')]: z.enum(dispositions).nullish(),
        [name('Disposition_Reason__c')]: z.string().nullish(),
      }),
    ),
  });
  const failureRows = z.object({
    records: z.array(
      z.looseObject({
        [name('Event_Key__c')]: z.string(),
        [name('Reason__c')]: z.string().nullish(),
      }),
    ),
  });

  function toRequests(keys: readonly EventKey[], pair: number) {
    const list = keys.map(quoteSoql).join(',');
    const query = (kind: string, soql: string) => ({
      method: 'GET',
      url: `/services/data/v${apiVersion}/query?q=${encodeURIComponent(soql)}`,
      referenceId: `${kind}${pair}`,
    });
    const key = name('Event_Key__c');
    return [
      query(
        'signals',
        `SELECT ${key}, ${name('Disposition__c')}, ${name('Disposition_Reason__c')} ` +
          `FROM ${name('Asset_Signal__c')} WHERE ${key} IN (${list})`,
      ),
      query(
        'failures',
        `SELECT ${key}, ${name('Reason__c')} FROM ${name('Signal_Failure__c')} WHERE ${key} IN (${list})`,
      ),
    ];
  }

  async function ask(chunks: readonly (readonly EventKey[])[]): Promise<readonly OrgRecord[]> {
    const compositeRequest = chunks.flatMap(toRequests);
    const { compositeResponse } = await rest.post(
      '/composite',
      { allOrNone: false, compositeRequest },
      compositeReply,
    );
    const records = new Map<EventKey, OrgRecord>();
    // Failures first, so that a signal row of the same event wins.
    const ordered = compositeResponse.toSorted((a, b) =>
      a.referenceId.localeCompare(b.referenceId),
    );
    for (const { body, httpStatusCode, referenceId } of ordered) {
      if (httpStatusCode >= 300) throw refused(body, referenceId);
      for (const record of referenceId.startsWith('failures')
        ? failureRows.parse(body).records.map((row): OrgRecord => ({
            eventKey: String(row[name('Event_Key__c')]) as EventKey,
            disposition: 'Failed',
            reason: row[name('Reason__c')] ?? 'see Signal_Failure__c',
          }))
        : signalRows.parse(body).records.map((row): OrgRecord => ({
            eventKey: String(row[name('Event_Key__c')]) as EventKey,
            disposition: z.enum(dispositions).parse(row[name('Disposition__c')] ?? 'Received'),
            reason: row[name('Disposition_Reason__c')] ?? '',
          }))) {
        records.set(record.eventKey, record);
      }
    }
    return [...records.values()];
  }

  return {
    find: (eventKeys) =>
      asResult(async () => {
        const chunks: EventKey[][] = [];
        for (let from = 0; from < eventKeys.length; from += KEYS_PER_QUERY) {
          chunks.push(eventKeys.slice(from, from + KEYS_PER_QUERY));
        }
        const records: OrgRecord[] = [];
        for (let from = 0; from < chunks.length; from += PAIRS_PER_CALL) {
          records.push(...(await ask(chunks.slice(from, from + PAIRS_PER_CALL))));
        }
        return records;
      }),
  };
}

function refused(body: unknown, referenceId: string): OrgError {
  const [first] = errorBody.safeParse(body).data ?? [];
  return new OrgError({
    kind: 'configuration',
    reason: `The org refused to say what became of events (${referenceId}: ${first?.errorCode ?? 'no code'}, ${first?.message ?? 'no message'}).`,
    action: 'Give the bridge user the permission set Signal_Bridge; check salesforce.namespace.',
  });
}
