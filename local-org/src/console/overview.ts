import type { OrgMetadata } from '../metadata/schema.ts';
import type { FieldValue, Query, RecordData, RecordStore } from '../store/records.ts';
import type { Cell } from './html.ts';

/** A row of the page: cells by column, in order; the first leads to the record. */
export type Row = readonly Cell[];

export interface Overview {
  readonly openCases: number;
  readonly allCases: number;
  /** Signals by disposition. */
  readonly signals: Readonly<Record<'Received' | 'Acted' | 'Suppressed' | 'Failed', number>>;
  readonly failureCount: number;
  readonly cases: readonly Row[];
  readonly recentSignals: readonly Row[];
  readonly failures: readonly Row[];
}

export const caseColumns = ['Case', 'Priority', 'Status', 'Subject', 'Asset', 'Account', 'Owner'];
export const signalColumns = [
  'Occurred (UTC)',
  'Phase',
  'Severity',
  'Type',
  'Device',
  'End',
  'Why',
];
export const failureColumns = ['Failure', 'Stage', 'Device', 'Reason'];

/** Rows on the page, newest first; the rest is a query away. */
const MOST_ROWS = 25;

/**
 * What the package has made of the events so far, read with the rights of the org itself. Objects
 * of the package that this org has not loaded count as empty.
 */
export function readOverview(store: RecordStore, { objects }: OrgMetadata): Overview {
  const named = makeNames(store);
  const countOf = (query: Query): number => (objects.has(query.object) ? store.count(query) : 0);
  const count = (disposition: string): number =>
    countOf({
      object: 'Asset_Signal__c',
      where: { kind: 'compare', field: 'Disposition__c', op: '=', value: disposition },
    });
  const newest = (object: string, by: string): RecordData[] =>
    objects.has(object)
      ? store.select({
          object,
          orderBy: [{ field: by, descending: true, nullsLast: true }],
          limit: MOST_ROWS,
        })
      : [];
  const allCases = store.count({ object: 'Case' });
  return {
    allCases,
    openCases: store.count({
      object: 'Case',
      where: { kind: 'compare', field: 'IsClosed', op: '=', value: false },
    }),
    signals: {
      Received: count('Received'),
      Acted: count('Acted'),
      Suppressed: count('Suppressed'),
      Failed: count('Failed'),
    },
    failureCount: countOf({ object: 'Signal_Failure__c' }),
    cases: newest('Case', 'CaseNumber').map((row) => [
      toRecord(row, row['CaseNumber']),
      text(row['Priority']),
      text(row['Status']),
      text(row['Subject']),
      named('Asset', row['AssetId']),
      named('Account', row['AccountId']),
      named('Group', row['OwnerId']) || named('User', row['OwnerId']),
    ]),
    recentSignals: newest('Asset_Signal__c', 'Name').map((row) => [
      toRecord(row, text(row['Occurred_At__c']).slice(11, 19)),
      text(row['Phase__c']),
      text(row['Severity__c']),
      text(row['Signal_Type__c']),
      text(row['Device_Key__c']),
      text(row['Disposition__c']),
      text(row['Disposition_Reason__c']) || text(row['Explanation__c']),
    ]),
    failures: newest('Signal_Failure__c', 'Name').map((row) => [
      toRecord(row, row['Name']),
      text(row['Stage__c']),
      text(row['Device_Key__c']),
      text(row['Reason__c']),
    ]),
  };
}

const text = (value: FieldValue | undefined): string => String(value ?? '');

/** A cell that leads to its record. */
const toRecord = (row: RecordData, label: FieldValue | undefined): Cell => ({
  text: text(label) || text(row['Id']),
  href: `/console/records/${text(row['Id'])}`,
});

/** Names by record id, each read once a page. */
function makeNames(store: RecordStore) {
  const known = new Map<string, string>();
  return (object: string, id: FieldValue | undefined): string => {
    if (typeof id !== 'string') return '';
    const key = `${object} ${id}`;
    const name = known.get(key) ?? text(store.read(object, id)?.['Name']);
    known.set(key, name);
    return name;
  };
}
