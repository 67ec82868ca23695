import { z } from 'zod';
import type { EventKey } from '../../model/brand.ts';
import type { OrgRecord, Receipts } from '../../ports/receipts.ts';
import { asResult, OrgError } from './orgError.ts';
import { quoteSoql } from './rest.ts';
import type { Rest } from './rest.ts';
import { makeRowReader } from './rowReader.ts';
import type { Row } from './rowReader.ts';

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

/** Stage of a failure where no `Asset_Signal__c` could be made; others are about one that exists. */
const INGEST = 'Ingest';

/**
 * Asks the org for `Asset_Signal__c` and `Signal_Failure__c` by event key; one API call for every
 * 200 keys. An event that has both counts as what the signal row says, except where the row still
 * waits for its end and a failure of the router says that it will get none.
 */
export function makeOrgReceipts(options: OrgReceiptsOptions): Receipts {
  const { rest, apiVersion } = options;
  const prefix = options.namespace === '' ? '' : `${options.namespace}__`;
  const name = (field: string): string => prefix + field;
  const keyField = name('Event_Key__c');
  // Empty disposition: where a copy of the field has lost its default, stored, not routed yet.
  const [dispositionField, dispositionReason] = [
    name('Disposition__c'),
    name('Disposition_Reason__c'),
  ];
  const [stageField, failureReason] = [name('Stage__c'), name('Reason__c')];
  const readSignals = makeRowReader(keyField, [dispositionField, dispositionReason]);
  const readFailures = makeRowReader(keyField, [stageField, failureReason]);

  const url = (soql: string): string =>
    `/services/data/v${apiVersion}/query?q=${encodeURIComponent(soql)}`;
  const signalsOf = url(
    `SELECT ${keyField}, ${dispositionField}, ${dispositionReason} ` +
      `FROM ${name('Asset_Signal__c')} WHERE ${keyField} IN `,
  );
  const failuresOf = url(
    `SELECT ${keyField}, ${stageField}, ${failureReason} ` +
      `FROM ${name('Signal_Failure__c')} WHERE ${keyField} IN `,
  );
  const oldestFirst = encodeURIComponent(' ORDER BY CreatedDate');

  function toRequests(keys: readonly EventKey[], pair: number) {
    const list = toList(keys);
    return [
      { method: 'GET', url: signalsOf + list, referenceId: `signals${pair}` },
      { method: 'GET', url: failuresOf + list + oldestFirst, referenceId: `failures${pair}` },
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
    // Failures first: what a signal row says replaces what they say.
    const ordered = compositeResponse.toSorted((a, b) =>
      a.referenceId.localeCompare(b.referenceId),
    );
    for (const { body, httpStatusCode, referenceId } of ordered) {
      if (httpStatusCode >= 300) throw refused(body, referenceId);
      if (referenceId.startsWith('failures')) {
        for (const row of readFailures(body)) addFailure(records, row);
      } else {
        for (const row of readSignals(body)) addSignal(records, row);
      }
    }
    return [...records.values()];
  }

  /** Rows come oldest first: each is one refusal more, the last has the reason. */
  function addFailure(records: Map<EventKey, OrgRecord>, row: Row): void {
    const eventKey = row[keyField] as EventKey;
    const reason = textOf(row[failureReason]) ?? 'see Signal_Failure__c';
    const known = records.get(eventKey);
    if (known?.disposition === 'Failed') return;
    if (row[stageField] !== INGEST) {
      records.set(eventKey, { eventKey, disposition: 'Failed', reason });
      return;
    }
    const refusals = known?.disposition === 'Refused' ? known.refusals + 1 : 1;
    records.set(eventKey, { eventKey, disposition: 'Refused', reason, refusals });
  }

  function addSignal(records: Map<EventKey, OrgRecord>, row: Row): void {
    const eventKey = row[keyField] as EventKey;
    // A value the org's people have added is no end we know: the event goes on waiting.
    const said = row[dispositionField];
    const disposition = dispositions.find((known) => known === said) ?? 'Received';
    if (disposition === 'Received' && records.get(eventKey)?.disposition === 'Failed') return;
    const reason = textOf(row[dispositionReason]) ?? '';
    records.set(eventKey, { eventKey, disposition, reason });
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

const isPlain = /^[0-9a-f]*$/;

/** Keys as a list of SOQL, encoded for a URL; ours are hexadecimal and stay as they are. */
function toList(keys: readonly EventKey[]): string {
  const texts = keys.map((key) =>
    isPlain.test(key) ? key : encodeURIComponent(quoteSoql(key).slice(1, -1)),
  );
  return `('${texts.join("'%2C'")}')`;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

function refused(body: unknown, referenceId: string): OrgError {
  const [first] = errorBody.safeParse(body).data ?? [];
  return new OrgError({
    kind: 'configuration',
    reason: `The org refused to say what became of events (${referenceId}: ${first?.errorCode ?? 'no code'}, ${first?.message ?? 'no message'}).`,
    action: 'Give the bridge user the permission set Signal_Bridge; check salesforce.namespace.',
  });
}
