import type { EventKey } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import type { EndedRecord, FailedRow, OrgRecord } from '../../ports/receipts.ts';
import type { RowPlace } from './receiptPlace.ts';
import { quoteSoql } from './rest.ts';
import { makeRowReader } from './rowReader.ts';
import type { Row } from './rowReader.ts';

/** Rows of one page of a query answer at most. Source: REST API guide, "Query". */
export const ROWS = 2_000;

/** Rows of one page, for where the next begins. */
export interface Page {
  readonly rows: readonly RowPlace[];
  readonly more: boolean;
}

const ends = ['Acted', 'Suppressed', 'Failed'] as const;
/** Stage of a failure where no `Asset_Signal__c` could be made; others are about one that exists. */
const INGEST = 'Ingest';

/** The queries for receipts in an org with this namespace, and what their rows say. */
export function makeReceiptQueries(namespace: string) {
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const name = (field: string): string => prefix + field;
  const keyField = name('Event_Key__c');
  const [disposition, dispositionReason] = [name('Disposition__c'), name('Disposition_Reason__c')];
  const [stage, failureReason] = [name('Stage__c'), name('Reason__c')];
  const place = ['Id', 'SystemModstamp'] as const;
  const ended = [keyField, disposition, dispositionReason];
  const readEnded = makeRowReader(keyField, [...place, disposition, dispositionReason]);
  const readFailed = makeRowReader(keyField, place);
  const readSignals = makeRowReader(keyField, ['Id', disposition, dispositionReason]);
  const readFailures = makeRowReader(keyField, [stage, failureReason]);

  const encode = encodeURIComponent;
  const signalsOf = encode(
    `SELECT Id, ${ended.join(', ')} FROM ${name('Asset_Signal__c')} WHERE ${keyField} IN `,
  );
  const failuresOf = encode(
    `SELECT ${keyField}, ${stage}, ${failureReason} FROM ${name('Signal_Failure__c')} WHERE ${keyField} IN `,
  );
  const oldestFirst = encode(' ORDER BY CreatedDate');

  function behind(from: RowPlace | undefined): string {
    if (from === undefined) return ' ORDER BY SystemModstamp DESC, Id DESC LIMIT 1';
    const { stamp, id } = from;
    const same = id === '' ? '' : ` OR (SystemModstamp = ${stamp} AND Id > ${quoteSoql(id)})`;
    return ` AND (SystemModstamp > ${stamp}${same}) ORDER BY SystemModstamp, Id LIMIT ${ROWS}`;
  }
  const page = (rows: readonly Row[], body: unknown): Page => ({
    rows: rows.map((row) => ({ stamp: String(row['SystemModstamp']), id: String(row['Id']) })),
    more: rows.length === ROWS || (body as Row)['done'] === false,
  });

  /** Rows come oldest first: each is one refusal more, the last has the reason. */
  function addFailure(records: Map<EventKey, OrgRecord>, row: Row): void {
    const eventKey = row[keyField] as EventKey;
    const reason = textOf(row[failureReason]) ?? 'see Signal_Failure__c';
    const known = records.get(eventKey);
    if (known?.disposition === 'Failed') return;
    if (row[stage] !== INGEST) {
      records.set(eventKey, { eventKey, disposition: 'Failed', reason });
      return;
    }
    const refusals = known?.disposition === 'Refused' ? known.refusals + 1 : 1;
    records.set(eventKey, { eventKey, disposition: 'Refused', reason, refusals });
  }
  function addSignal(records: Map<EventKey, OrgRecord>, row: Row): void {
    const eventKey = row[keyField] as EventKey;
    const end = toEnded(row);
    if (end !== undefined) {
      records.set(eventKey, end);
      return;
    }
    // Empty: where a copy of the field has lost its default. A value the org's people have added is no end we know.
    if (records.get(eventKey)?.disposition === 'Failed') return;
    const reason = textOf(row[dispositionReason]) ?? '';
    const id = toRecordId(String(row['Id']));
    records.set(eventKey, { eventKey, disposition: 'Received', reason, id });
  }
  function toEnded(row: Row): EndedRecord | undefined {
    const known = ends.find((one) => one === row[disposition]);
    if (known === undefined) return undefined;
    const reason = textOf(row[dispositionReason]) ?? '';
    return { eventKey: row[keyField] as EventKey, disposition: known, reason };
  }

  return {
    /** Of the signals the org is done with, those modified behind this place; without one the newest. Encoded for a URL. */
    ended: (from: RowPlace | undefined): string =>
      encode(
        `SELECT ${[...place, ...ended].join(', ')} FROM ${name('Asset_Signal__c')} ` +
          `WHERE ${disposition} IN ('${ends.join("', '")}')${behind(from)}`,
      ),
    /** Of failures that are about an event. */
    failed: (from: RowPlace | undefined): string =>
      encode(
        `SELECT ${[...place, keyField].join(', ')} FROM ${name('Signal_Failure__c')} ` +
          `WHERE ${keyField} != null${behind(from)}`,
      ),
    signalsOf: (keys: readonly EventKey[]): string => signalsOf + toList(keys),
    failuresOf: (keys: readonly EventKey[]): string => failuresOf + toList(keys) + oldestFirst,
    /** @throws ZodError where the body is no such answer */
    readEnded(body: unknown): Page & { readonly ended: readonly EndedRecord[] } {
      const rows = readEnded(body);
      return { ended: rows.flatMap((row) => toEnded(row) ?? []), ...page(rows, body) };
    },
    /** @throws ZodError where the body is no such answer */
    readFailed(body: unknown): Page & { readonly failed: readonly FailedRow[] } {
      const rows = readFailed(body);
      const failed = rows.map((row) => {
        return { id: toRecordId(String(row['Id'])), eventKey: row[keyField] as EventKey };
      });
      return { failed, ...page(rows, body) };
    },
    /**
     * What both answers say of the events asked for: what the signal row does, except where it still waits for its end and
     * a failure of the router says that it will get none.
     *
     * @throws ZodError where a body is no such answer
     */
    readAsked(signals: unknown, failures: unknown): readonly OrgRecord[] {
      const records = new Map<EventKey, OrgRecord>();
      for (const row of readFailures(failures)) addFailure(records, row);
      for (const row of readSignals(signals)) addSignal(records, row);
      return [...records.values()];
    },
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
