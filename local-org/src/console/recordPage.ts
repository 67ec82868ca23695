import { objectOfPrefix } from '../metadata/find.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import { describe } from '../runs/describe.ts';
import type { FlowRuns } from '../runs/flowRuns.ts';
import type { RecordStore } from '../store/records.ts';
import { escapeHtml, facts, page, table } from './html.ts';
import { runColumns, runRows, type NameOf } from './runPages.ts';

/** Runs on the page of a record; the list of runs shows more. */
const MOST_RUNS = 50;

/** One record with every field that is not empty, and the runs that touched it; undefined when there is none. */
export function recordPage(
  parts: {
    readonly store: RecordStore;
    readonly metadata: OrgMetadata;
    readonly runs: FlowRuns;
    readonly nameOf: NameOf;
  },
  recordId: string,
): string | undefined {
  const object = objectOfPrefix(parts.metadata, recordId.slice(0, 3));
  if (object === undefined || object.kind === 'event') return undefined;
  const record = parts.store.read(object.name, recordId);
  if (record === undefined) return undefined;
  const id = String(record['Id']);
  const fields = Object.entries(record).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, escapeHtml(describe(name, value))] as const],
  );
  const runs = parts.runs.list({ touched: id }, MOST_RUNS);
  return page({
    title: `${object.label} ${String(record['Name'] ?? record['CaseNumber'] ?? id)}`,
    intro: '<p>As it is now. Empty fields are left out; long values are shortened.</p>',
    main: `<section><h2>Fields</h2>${facts(fields)}</section>
${table('Flow runs that touched it', runColumns, runRows(runs, parts.nameOf), 'No run is kept that was set off by this record or names it.')}`,
  });
}
