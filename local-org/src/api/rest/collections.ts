import { findObject } from '../../metadata/find.ts';
import type { ObjectDef } from '../../metadata/schema.ts';
import type { DmlOptions } from '../../automation/dml.ts';
import type { RecordData, SaveError } from '../../store/records.ts';
import { isJsonObject, readBody } from './body.ts';
import { baseOf } from './context.ts';
import type { ApiRequest, RestParts } from './context.ts';
import { RestError, malformed } from './errors.ts';
import { recordJson } from './format.ts';
import type { Handler, Route } from './router.ts';
import { saveAll } from './saveMany.ts';
import type { Item } from './saveMany.ts';
import { idError, keyFor, objectError, objectFor, rowError, rowsByKey } from './saves.ts';
import { readable } from './sobjects.ts';

/** Source: REST API Developer Guide, "sObject Collections": 200 records to save, 2,000 to read. */
const MOST_SAVED = 200;
const MOST_READ = 2000;

const createMany: Handler = (parts, request) => {
  const { records, options } = bodyOf(request);
  const items = records.map((json): Item => {
    const object = typeOf(parts, json);
    return withErrors(object, objectError(parts, request, object, 'create'), () =>
      readBody(parts, request, object, json),
    );
  });
  return saveAll(parts, items, options, (object, values) =>
    parts.dml.insert(object.name, values, request.session, options),
  );
};

const updateMany: Handler = (parts, request) => {
  const { records, options } = bodyOf(request);
  const items = records.map((json): Item => {
    const object = typeOf(parts, json);
    const { id, rest } = splitId(json);
    if (id === undefined) {
      return { ok: false, errors: [missingArgument('Id not specified in an update call')] };
    }
    const error =
      objectError(parts, request, object, 'edit') ??
      idError(object, id) ??
      rowError(parts, request, object, id, 'edit');
    return withErrors(object, error, () => {
      const read = readBody(parts, request, object, rest);
      return read.ok ? { ok: true, values: { ...read.values, Id: id } } : read;
    });
  });
  return saveAll(parts, items, options, (object, values) =>
    parts.dml.update(object.name, values, request.session, options),
  );
};

const upsertMany: Handler = (parts, request, parameters) => {
  const { records, options } = bodyOf(request);
  const object = objectFor(parts, request, parameters['object'] ?? '');
  const fieldName = parameters['field'] ?? '';
  const items = records.map((json): Item => {
    if (typeOf(parts, json) !== object)
      throw malformed(`all records must be of type ${object.name}`);
    const { field } = keyFor(object, fieldName, '');
    const { id, rest } = splitId(json);
    const read = readBody(parts, request, object, rest);
    if (!read.ok) return read;
    const values =
      field.type === 'Id' && id !== undefined ? { ...read.values, Id: id } : read.values;
    const known = rowsByKey(parts, request, object, field, values[field.name] ?? null);
    const knownId = known[0]?.['Id'];
    const error =
      typeof knownId === 'string'
        ? (objectError(parts, request, object, 'edit') ??
          rowError(parts, request, object, knownId, 'edit'))
        : objectError(parts, request, object, 'create');
    return withErrors(object, error, () => ({ ok: true, values }));
  });
  const field = keyFor(object, fieldName, '').field.name;
  return saveAll(
    parts,
    items,
    options,
    (of, values) => parts.dml.upsert(of.name, field, values, request.session, options),
    true,
  );
};

const deleteMany: Handler = (parts, request) => {
  const ids = (request.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length > MOST_SAVED) throw tooMany(MOST_SAVED);
  const options = { allOrNone: request.query.get('allOrNone') === 'true' };
  const items = ids.map((id): Item => {
    const object = parts.metadata.objects.values().find((one) => one.keyPrefix === id.slice(0, 3));
    if (object === undefined || object.kind === 'event' || idError(object, id) !== undefined)
      return { ok: false, errors: [unknownId(id)] };
    const error =
      objectError(parts, request, object, 'delete') ??
      rowError(parts, request, object, id, 'delete');
    return withErrors(object, error, () => ({ ok: true, values: { Id: id } }));
  });
  return saveAll(parts, items, options, (object, values) =>
    parts.dml.delete(
      object.name,
      values.map((row) => String(row['Id'])),
      request.session,
      options,
    ),
  );
};

/** Missing and invisible rows are null at their place. */
const readMany: Handler = (parts, request, parameters) => {
  const object = objectFor(parts, request, parameters['object'] ?? '');
  const body = isJsonObject(request.body) ? request.body : {};
  const ids =
    request.method === 'GET' ? split(request.query.get('ids')) : strings('ids', body['ids']);
  const names =
    request.method === 'GET'
      ? split(request.query.get('fields'))
      : strings('fields', body['fields']);
  if (ids.length > MOST_READ) throw tooMany(MOST_READ);
  const fields = readable(parts, request, object, names);
  const rows = ids.map((id) => {
    const row = object.kind === 'event' ? undefined : parts.store.read(object.name, id);
    if (row === undefined || !parts.access.mayRow(request.session.userId, object, row, 'read'))
      return null;
    return recordJson(baseOf(request), object, row, fields);
  });
  return { status: 200, body: rows };
};

function bodyOf(request: ApiRequest): { records: readonly unknown[]; options: DmlOptions } {
  const body = request.body;
  if (!isJsonObject(body) || !Array.isArray(body['records'])) {
    throw malformed('The request needs a JSON object with "records"');
  }
  const allOrNone = body['allOrNone'] ?? false;
  if (typeof allOrNone !== 'boolean') throw malformed('"allOrNone" must be true or false');
  if (body['records'].length > MOST_SAVED) throw tooMany(MOST_SAVED);
  return { records: body['records'], options: { allOrNone } };
}

function typeOf(parts: RestParts, json: unknown): ObjectDef {
  const attributes = isJsonObject(json) ? json['attributes'] : undefined;
  const type = isJsonObject(attributes) ? attributes['type'] : undefined;
  const object = typeof type === 'string' ? findObject(parts.metadata, type) : undefined;
  if (object !== undefined) return object;
  throw new RestError(
    400,
    'INVALID_TYPE',
    `each record needs attributes.type; "${String(type)}" is no object here`,
  );
}

function splitId(json: unknown): { id: string | undefined; rest: unknown } {
  if (!isJsonObject(json)) return { id: undefined, rest: json };
  const name = Object.keys(json).find((key) => key.toLowerCase() === 'id');
  if (name === undefined) return { id: undefined, rest: json };
  const { [name]: id, ...rest } = json;
  return { id: typeof id === 'string' ? id : undefined, rest };
}

function withErrors(
  object: ObjectDef,
  error: SaveError | undefined,
  read: () => { ok: true; values: RecordData } | { ok: false; errors: readonly SaveError[] },
): Item {
  if (error !== undefined) return { ok: false, errors: [error] };
  const result = read();
  return result.ok ? { ...result, object } : result;
}

function strings(name: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw malformed(`"${name}" must be a list of strings`);
}

function split(text: string | null): string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

function tooMany(most: number): RestError {
  return new RestError(
    400,
    'EXCEEDED_ID_LIMIT',
    `record limit reached. cannot submit more than ${most} records into this call`,
  );
}

function missingArgument(message: string): SaveError {
  return { statusCode: 'MISSING_ARGUMENT', message, fields: ['Id'] };
}

/** As in the example of REST API Developer Guide, "Delete Multiple Records", with one wrong id. */
function unknownId(id: string): SaveError {
  return { statusCode: 'MALFORMED_ID', message: `malformed id ${id}`, fields: [] };
}

export const collectionRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/composite/sobjects', handler: createMany },
  { method: 'PATCH', pattern: '/composite/sobjects', handler: updateMany },
  { method: 'DELETE', pattern: '/composite/sobjects', handler: deleteMany },
  { method: 'GET', pattern: '/composite/sobjects/:object', handler: readMany },
  { method: 'POST', pattern: '/composite/sobjects/:object', handler: readMany },
  { method: 'PATCH', pattern: '/composite/sobjects/:object/:field', handler: upsertMany },
];
