import { callOrg } from '../data/fetchResponse.ts';
import type { ObjectView } from '../data/pageContext.ts';
import { isRecord } from '../data/record.ts';
import type { UiField } from '../data/record.ts';
import { recordAddress } from './address.ts';
import { make } from './dom.ts';
import { show } from './format.ts';
import { labelOf, objectInfo, parentPath, readable } from './objectInfo.ts';
import type { FieldInfo } from './objectInfo.ts';

/** A page of rows; more is a query away. */
const MOST_ROWS = 50;

/** Records of an object that the viewer sees, and how many there are in all. */
export interface Rows {
  readonly fields: readonly FieldInfo[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly total: number;
}

/** Which rows to read, and what of them. */
export interface Wanted {
  readonly columns: readonly string[];
  /** A filter as GraphQL writes it. */
  readonly where: string | null;
  readonly orderBy?: ObjectView['orderBy'];
}

/** Reads rows through the GraphQL API. */
export async function readRows(view: ObjectView, wanted: Wanted): Promise<Rows> {
  const fields = readable(await objectInfo(view.name), wanted.columns);
  const { field, descending } = wanted.orderBy ?? view.orderBy;
  const order = `{ ${field}: { order: ${descending ? 'DESC' : 'ASC'} } }`;
  const where = wanted.where === null ? '' : `, where: ${wanted.where}`;
  const query = `query page { uiapi { query { ${view.name}(first: ${MOST_ROWS}, orderBy: ${order}${where}) {
    totalCount edges { node { Id ${fields.map(selection).join(' ')} } } } } } }`;
  const answer = await callOrg('POST', '/graphql', { query });
  const errors = at(answer, 'errors');
  if (Array.isArray(errors) && errors.length > 0) {
    const message = at(errors, '0', 'message');
    throw new Error(typeof message === 'string' ? message : 'The query failed.');
  }
  const found = at(answer, 'data', 'uiapi', 'query', view.name);
  const edges = at(found, 'edges');
  return {
    fields,
    total: Number(at(found, 'totalCount') ?? 0),
    rows: (Array.isArray(edges) ? edges : []).map((edge: unknown) => asObject(at(edge, 'node'))),
  };
}

function selection(field: FieldInfo): string {
  const value = `${field.apiName} { value displayValue }`;
  const name = parentPath(field)?.split('.')[1];
  if (name === undefined || field.referenceToInfos.length !== 1) return value;
  return `${value} ${field.relationshipName ?? ''} { ${name} { value } }`;
}

/** A table of rows; each row's name is a link to its page. */
export function rowTable(view: ObjectView, { fields, rows }: Rows): HTMLElement {
  const head = make(
    'tr',
    {},
    ...fields.map((field) => make('th', { scope: 'col' }, labelOf(field))),
  );
  const body = rows.map((row) => make('tr', {}, ...fields.map((field) => cell(view, field, row))));
  return make(
    'table',
    { class: 'host-table' },
    make('thead', {}, head),
    make('tbody', {}, ...body),
  );
}

function cell(view: ObjectView, field: FieldInfo, row: Readonly<Record<string, unknown>>): Node {
  const value = asField(row[field.apiName]);
  const label = { 'data-label': labelOf(field) };
  if (field.apiName !== view.nameField) {
    const parent = field.relationshipName === null ? undefined : row[field.relationshipName];
    return make('td', label, show(field, value, parentField(field, parent)));
  }
  const link = make(
    'a',
    { href: recordAddress(view.name, String(row['Id'])) },
    String(value.value ?? row['Id']),
  );
  return make('th', { scope: 'row', ...label }, link);
}

/** A parent of a GraphQL answer in the shape of the UI API's records. */
function parentField(field: FieldInfo, parent: unknown): UiField | undefined {
  const target = field.referenceToInfos[0]?.apiName;
  if (typeof parent !== 'object' || parent === null || target === undefined) return undefined;
  const fields = Object.fromEntries(
    Object.entries(parent).map(([name, value]) => [name, asField(value)]),
  );
  const record = { apiName: target, id: '', fields };
  return isRecord(record) ? { displayValue: null, value: record } : undefined;
}

function asField(value: unknown): UiField {
  const display = at(value, 'displayValue');
  return {
    value: at(value, 'value') ?? null,
    displayValue: typeof display === 'string' ? display : null,
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The value at a path of unknown JSON, or undefined. */
export function at(json: unknown, ...path: readonly string[]): unknown {
  let value = json;
  for (const step of path) value = asObject(value)[step];
  return value;
}
