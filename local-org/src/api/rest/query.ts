import type { FieldDef, ObjectDef } from '../../metadata/schema.ts';
import { makePlan } from '../../store/soql/plan.ts';
import type { Asker } from '../../store/soql/plan.ts';
import { firstColumn, runPlan } from '../../store/soql/run.ts';
import { describeColumns } from './columns.ts';
import { baseOf } from './context.ts';
import type { ApiRequest, ApiResponse, RestParts } from './context.ts';
import { RestError } from './errors.ts';
import { rowJson } from './format.ts';
import type { Handler, Route } from './router.ts';

/** REST API Developer Guide, "Query Options Header": 2,000 records a page by default, at least 200. */
const PAGE = { most: 2000, fewest: 200 };

const query: Handler = (parts, request) => runQuery(parts, request, false);

/** Also finds rows in the recycle bin. */
const queryAll: Handler = (parts, request) => runQuery(parts, request, true);

function runQuery(parts: RestParts, request: ApiRequest, includeDeleted: boolean): ApiResponse {
  const soql = request.query.get('q');
  if (soql === null || soql.trim() === '') {
    throw new RestError(
      400,
      'MALFORMED_QUERY',
      'unexpected token: <EOF> (the parameter q is missing)',
    );
  }
  const plan = makePlan(askerOf(parts, request, includeDeleted), soql);
  if (request.query.get('columns') === 'true') return { status: 200, body: describeColumns(plan) };
  const result = runPlan(parts.store, parts.metadata, plan);
  const records = result.rows.map((row) => rowJson(baseOf(request), row));
  return page(parts, request, {
    records,
    totalSize: result.totalSize,
    from: 0,
    size: pageSize(request),
  });
}

function askerOf(parts: RestParts, request: ApiRequest, includeDeleted: boolean): Asker {
  const { userId } = request.session;
  const { access, metadata, store } = parts;
  return {
    metadata,
    now: parts.clock.now(),
    includeDeleted,
    mayRead: (object: ObjectDef, field?: FieldDef) =>
      access.may(userId, object.name, 'read') &&
      (field === undefined || access.mayField(userId, object.name, field.name, 'read')),
    mayRow: (object, row) => access.mayRow(userId, object, row, 'read'),
    rowFilter: (object) => access.rowFilter(userId, object),
    innerValues: (plan) => firstColumn(store, metadata, plan),
  };
}

/** A result, and which part of it to show. */
interface Page {
  readonly records: readonly unknown[];
  readonly totalSize: number;
  readonly from: number;
  readonly size: number;
  readonly locator?: string;
}

function page(parts: RestParts, request: ApiRequest, shown: Page): ApiResponse {
  const { records, totalSize, from, size } = shown;
  const to = from + size;
  const part = records.slice(from, to);
  if (to >= records.length) return { status: 200, body: { totalSize, done: true, records: part } };
  const locator =
    shown.locator ??
    parts.cursors.open({ records, totalSize, size, userId: request.session.userId });
  const nextRecordsUrl = `${baseOf(request)}/query/${locator}-${to}`;
  return { status: 200, body: { totalSize, done: false, nextRecordsUrl, records: part } };
}

const queryMore: Handler = (parts, request, parameters) => {
  const [, locator = '', from = '0'] = /^(\w+)-(\d+)$/.exec(parameters['locator'] ?? '') ?? [];
  const cursor = parts.cursors.find(locator, request.session.userId);
  if (cursor === undefined) {
    throw new RestError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  }
  return page(parts, request, { ...cursor, from: Number(from), locator });
};

function pageSize(request: ApiRequest): number {
  const asked = /batchSize=(\d+)/i.exec(request.headers['sforce-query-options'] ?? '')?.[1];
  if (asked === undefined) return PAGE.most;
  return Math.min(PAGE.most, Math.max(PAGE.fewest, Number(asked)));
}

export const queryRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/query', handler: query },
  { method: 'GET', pattern: '/queryAll', handler: queryAll },
  { method: 'GET', pattern: '/query/:locator', handler: queryMore },
  { method: 'GET', pattern: '/queryAll/:locator', handler: queryMore },
];
