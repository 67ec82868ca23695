import { findField } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef } from '../../metadata/schema.ts';
import type { RecordData, SaveError } from '../../store/records.ts';
import { rowIsDeleted } from '../../store/saveErrors.ts';
import { readBody } from './body.ts';
import { baseOf } from './context.ts';
import type { ApiRequest, ApiResponse, RestParts } from './context.ts';
import { RestError, noSuchKey, notFound, saveErrorBody, saveErrorStatus } from './errors.ts';
import { recordJson } from './format.ts';
import type { Handler, Route } from './router.ts';
import { actorOf, deleteOne, insertOne, specified, updateOne } from './saveOne.ts';
import { keyFor, objectError, objectFor, onlyOutcome, rowError, rowsByKey } from './saves.ts';

const createRecord: Handler = (parts, request, parameters) => {
  const object = objectFor(parts, request, parameters['object'] ?? '');
  const outcome = insertOne(parts, request, object, request.body);
  if (!outcome.ok) return refused(outcome.errors);
  return created(request, object, outcome.id);
};

const readRecord: Handler = (parts, request, parameters) => {
  const object = storedObject(parts, request, parameters['object'] ?? '');
  const id = idOf(parameters);
  const where = { kind: 'compare', field: 'Id', op: '=', value: id } as const;
  const [row] = parts.store.select({ object: object.name, where, includeDeleted: true });
  if (row?.['IsDeleted'] === true && mayRead(parts, request, object, row))
    return refused([rowIsDeleted]);
  return shown(parts, request, object, row);
};

/** The id of a URL. What has not the form of one is taken for the name of a key, which isn't there. */
function idOf(parameters: Readonly<Record<string, string>>): string {
  const id = parameters['id'] ?? '';
  if (/^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(id)) return id;
  throw noSuchKey(id);
}

const updateRecord: Handler = (parts, request, parameters) => {
  const object = storedObject(parts, request, parameters['object'] ?? '');
  const id = idOf(parameters);
  const outcome = updateOne(parts, request, object, id, request.body);
  return outcome.ok ? { status: 204 } : refused(outcome.errors);
};

const deleteRecord: Handler = (parts, request, parameters) => {
  const object = storedObject(parts, request, parameters['object'] ?? '');
  return removeOne(parts, request, object, idOf(parameters));
};

function removeOne(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  id: string,
): ApiResponse {
  const outcome = deleteOne(parts, request, object, id);
  return outcome.ok ? { status: 204 } : refused(outcome.errors);
}

const readByKey: Handler = (parts, request, parameters) => {
  const { object, rows } = find(parts, request, parameters);
  return rows.length > 1 ? choices(request, object, rows) : shown(parts, request, object, rows[0]);
};

const deleteByKey: Handler = (parts, request, parameters) => {
  const { object, rows } = find(parts, request, parameters);
  if (rows.length > 1) return choices(request, object, rows);
  const id = rows[0]?.['Id'];
  if (typeof id !== 'string') throw notFound();
  return removeOne(parts, request, object, id);
};

/** 201 for a new record, 200 for a changed one, 300 with their URLs when several carry the key. */
const upsertByKey: Handler = (parts, request, parameters) => {
  const { object, field, value, rows } = find(parts, request, parameters);
  if (rows.length > 1) return choices(request, object, rows);
  const id = rows[0]?.['Id'];
  const error =
    typeof id === 'string'
      ? (objectError(parts, request, object, 'edit') ??
        rowError(parts, request, object, id, 'edit'))
      : objectError(parts, request, object, 'create');
  if (error !== undefined) return refused([error]);
  const read = readBody(parts, request, object, request.body);
  if (!read.ok) return refused(read.errors);
  if (read.values[field.name] !== undefined) throw specified(field.name);
  if (
    !field.system &&
    !parts.access.mayField(request.session.userId, object.name, field.name, 'edit')
  ) {
    throw notFound();
  }
  const record = { ...read.values, [field.name]: value };
  const outcome = onlyOutcome(
    parts.dml.upsert(object.name, field.name, [record], actorOf(request), { allOrNone: true }),
  );
  if (!outcome.ok) return refused(outcome.errors);
  const body = { id: outcome.id, success: true, errors: [], created: outcome.created };
  return { status: outcome.created ? 201 : 200, body };
};

function find(
  parts: RestParts,
  request: ApiRequest,
  parameters: Readonly<Record<string, string>>,
): ReturnType<typeof keyFor> & { object: ObjectDef; rows: RecordData[] } {
  const object = storedObject(parts, request, parameters['object'] ?? '');
  const key = keyFor(object, parameters['field'] ?? '', parameters['value'] ?? '');
  return { ...key, object, rows: rowsByKey(parts, request, object, key.field, key.value) };
}

/** Events can be created through this API, and nothing else. */
function storedObject(parts: RestParts, request: ApiRequest, name: string): ObjectDef {
  const object = objectFor(parts, request, name);
  if (object.kind === 'event') throw notFound();
  return object;
}

function shown(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  row: RecordData | undefined,
): ApiResponse {
  if (row === undefined || !mayRead(parts, request, object, row)) throw notFound();
  const wanted = request.query.get('fields');
  const names = wanted === null ? undefined : wanted.split(',').map((name) => name.trim());
  return {
    status: 200,
    body: recordJson(baseOf(request), object, row, readable(parts, request, object, names)),
  };
}

function mayRead(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  row: RecordData,
): boolean {
  return parts.access.mayRow(request.session.userId, object, row, 'read');
}

/** The named fields, or all that the user may read. Naming one that isn't there or isn't readable is an error. */
export function readable(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  names: readonly string[] | undefined,
): FieldDef[] {
  const may = (field: FieldDef): boolean =>
    parts.access.mayField(request.session.userId, object.name, field.name, 'read');
  if (names === undefined) return [...object.fields.values()].filter(may);
  return ['Id', ...names.filter((name) => name.toLowerCase() !== 'id')].map((name) => {
    const field = findField(object, name);
    if (field !== undefined && may(field)) return field;
    throw new RestError(
      400,
      'INVALID_FIELD',
      `No such column '${name}' on sobject of type ${object.name}`,
    );
  });
}

function choices(request: ApiRequest, object: ObjectDef, rows: readonly RecordData[]): ApiResponse {
  return {
    status: 300,
    body: rows.map((row) => `${baseOf(request)}/sobjects/${object.name}/${String(row['Id'])}`),
  };
}

function created(request: ApiRequest, object: ObjectDef, id: string): ApiResponse {
  return {
    status: 201,
    body: { id, success: true, errors: [] },
    headers: { location: `${baseOf(request)}/sobjects/${object.name}/${id}` },
  };
}

function refused(errors: readonly SaveError[]): ApiResponse {
  return { status: saveErrorStatus(errors), body: saveErrorBody(errors) };
}

export const sobjectRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/sobjects/:object', handler: createRecord },
  { method: 'GET', pattern: '/sobjects/:object/:id', handler: readRecord },
  { method: 'PATCH', pattern: '/sobjects/:object/:id', handler: updateRecord },
  { method: 'DELETE', pattern: '/sobjects/:object/:id', handler: deleteRecord },
  { method: 'GET', pattern: '/sobjects/:object/:field/:value', handler: readByKey },
  { method: 'PATCH', pattern: '/sobjects/:object/:field/:value', handler: upsertByKey },
  { method: 'DELETE', pattern: '/sobjects/:object/:field/:value', handler: deleteByKey },
];
