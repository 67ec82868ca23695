import type { FieldDef, OrgMetadata } from '../../metadata/schema.ts';
import { objectOfPrefix } from '../../metadata/find.ts';
import { geolocationOf } from '../geolocation.ts';
import type { Geolocation } from '../geolocation.ts';
import type { FieldValue, RecordData, RecordStore } from '../records.ts';
import { nameColumns } from './aggregates.ts';
import type { FieldPath } from './paths.ts';
import type { Plan } from './plan.ts';

/** A row of a result: field values, parents as rows of their own (or null). */
export interface ResultRow {
  /** The object's name; `AggregateResult` for groups. */
  readonly type: string;
  readonly id?: string;
  readonly values: ReadonlyMap<string, FieldValue | Geolocation | ResultRow>;
}

export interface Result {
  readonly totalSize: number;
  readonly rows: readonly ResultRow[];
}

/** Runs a judged query. Parents are read once each, however many rows share them. */
export function runPlan(store: RecordStore, metadata: OrgMetadata, plan: Plan): Result {
  if (plan.kind === 'count') return { totalSize: store.count(plan.query), rows: [] };
  const parents = makeParentReader(store, metadata, plan);
  if (plan.kind === 'rows') {
    const rows = store
      .select(plan.query)
      .map((row) => project(parents, plan.object.name, row, plan.fields, 0));
    return { totalSize: rows.length, rows };
  }
  const { limit, offset, orderBy, ...unlimited } = plan.query;
  const groups = new Map<string, RecordData[]>();
  const all = store.select({ ...unlimited, ...(orderBy === undefined ? {} : { orderBy }) });
  for (const row of all) {
    const key = JSON.stringify(plan.groupBy.map((path) => valueAt(parents, row, path)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  if (groups.size === 0 && plan.groupBy.length === 0) groups.set('', []);
  const columns = nameColumns(plan.columns);
  const rows = [...groups.values()].map((group): ResultRow => {
    const values = columns.map(({ name, path, compute }): [string, FieldValue] => [
      name,
      compute(path === undefined ? [] : group.map((row) => valueAt(parents, row, path)), group),
    ]);
    return { type: 'AggregateResult', values: new Map(values) };
  });
  const from = offset ?? 0;
  const shown = rows.slice(from, limit === undefined ? undefined : from + limit);
  return { totalSize: shown.length, rows: shown };
}

/** The values of the only field of an inner query. */
export function firstColumn(store: RecordStore, metadata: OrgMetadata, plan: Plan): FieldValue[] {
  const path = plan.kind === 'rows' ? plan.fields[0] : undefined;
  if (path === undefined) return [];
  const parents = makeParentReader(store, metadata, plan);
  return store
    .select(plan.query)
    .map((row) => valueAt(parents, row, path))
    .filter((value) => value !== null);
}

type ParentReader = (id: FieldValue | undefined) => { type: string; row: RecordData } | undefined;

function makeParentReader(
  store: RecordStore,
  metadata: OrgMetadata,
  { sees }: Pick<Plan, 'sees'>,
): ParentReader {
  const read = new Map<string, ReturnType<ParentReader>>();
  return (id) => {
    if (typeof id !== 'string') return undefined;
    if (read.has(id)) return read.get(id);
    const object = objectOfPrefix(metadata, id.slice(0, 3));
    const row = object === undefined ? undefined : store.read(object.name, id);
    const isSeen = object !== undefined && row !== undefined && sees(object, row);
    const parent = isSeen ? { type: object.name, row } : undefined;
    read.set(id, parent);
    return parent;
  };
}

function project(
  parents: ParentReader,
  type: string,
  row: RecordData,
  paths: readonly FieldPath[],
  depth: number,
): ResultRow {
  const values = new Map<string, FieldValue | Geolocation | ResultRow>();
  for (const path of paths) {
    const lookup = path.lookups[depth];
    if (lookup === undefined) {
      const { field } = path;
      values.set(
        field.name,
        field.type === 'Location' ? geolocationOf(field, row) : (row[field.name] ?? null),
      );
      continue;
    }
    const name = relationOf(lookup);
    if (values.has(name)) continue;
    const parent = parents(row[lookup.name]);
    const inner = paths.filter((other) => other.lookups[depth] === lookup);
    values.set(
      name,
      parent === undefined ? null : project(parents, parent.type, parent.row, inner, depth + 1),
    );
  }
  return { type, id: String(row['Id']), values };
}

function relationOf(lookup: FieldDef): string {
  return lookup.relationshipName ?? lookup.name;
}

function valueAt(parents: ParentReader, row: RecordData, path: FieldPath): FieldValue {
  let current: RecordData | undefined = row;
  for (const lookup of path.lookups) current = parents(current?.[lookup.name])?.row;
  return current?.[path.field.name] ?? null;
}
