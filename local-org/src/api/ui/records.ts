import type { FieldPath } from '../../store/soql/paths.ts';
import { isJsonObject } from '../rest/body.ts';
import type { ApiRequest, ApiResponse, RestParts } from '../rest/context.ts';
import { RestError, malformed } from '../rest/errors.ts';
import type { Handler, Route } from '../rest/router.ts';
import { deleteOne, insertOne, updateOne } from '../rest/saveOne.ts';
import { readable } from '../rest/sobjects.ts';
import { mayRead, rowOfId } from '../rest/visible.ts';
import type { TypedRow } from '../rest/visible.ts';
import { noAccess, noSuchRecord, notSupported, recordError } from './errors.ts';
import { askedPaths } from './fieldPaths.ts';
import { viewRecord } from './recordView.ts';
import { isPageObject, pageObject } from './support.ts';

const getRecord: Handler = (parts, request, parameters) => {
  const record = recordOf(parts, request, parameters['id'] ?? '');
  const paths = askedPaths(parts, request, record.object);
  return { status: 200, body: viewRecord(parts, request, record, paths) };
};

const createRecord: Handler = (parts, request) => {
  const { apiName, fields } = readInput(request);
  if (apiName === undefined) throw malformed('"apiName" is missing');
  const object = pageObject(parts.metadata, apiName);
  if (object === undefined) throw notSupported(apiName);
  const outcome = insertOne(parts, request, object, fields);
  if (!outcome.ok) return recordError(object, outcome.errors);
  return saved(parts, request, outcome.id, 201);
};

const updateRecord: Handler = (parts, request, parameters) => {
  const { object, row } = recordOf(parts, request, parameters['id'] ?? '');
  const { apiName, fields } = readInput(request);
  if (apiName !== undefined && apiName.toLowerCase() !== object.name.toLowerCase())
    throw malformed(`the record is of type ${object.name}, not ${apiName}`);
  const id = String(row['Id']);
  const outcome = updateOne(parts, request, object, id, fields);
  return outcome.ok ? saved(parts, request, id, 200) : recordError(object, outcome.errors);
};

const deleteRecord: Handler = (parts, request, parameters) => {
  const { object, row } = recordOf(parts, request, parameters['id'] ?? '');
  const outcome = deleteOne(parts, request, object, String(row['Id']));
  return outcome.ok ? { status: 204 } : recordError(object, outcome.errors);
};

/** The record of a URL; one that the user may not read is refused, not hidden. */
function recordOf(parts: RestParts, request: ApiRequest, id: string): TypedRow {
  const record = rowOfId(parts, id);
  if (record === undefined) throw noSuchRecord();
  if (!isPageObject(record.object)) throw notSupported(record.object.name);
  if (!mayRead(parts, request.session.userId, record)) throw noAccess();
  return record;
}

/** Answers a save with the record as it is now: all fields that the user may read. */
function saved(parts: RestParts, request: ApiRequest, id: string, status: number): ApiResponse {
  const record = rowOfId(parts, id);
  // A flow may have deleted it.
  if (record === undefined) throw noSuchRecord();
  // Given to somebody else: the save stands, the record is out of sight.
  if (!mayRead(parts, request.session.userId, record)) throw noAccess();
  const paths = readable(parts, request, record.object, undefined).map((field): FieldPath => ({
    lookups: [],
    field,
    text: field.name,
  }));
  return { status, body: viewRecord(parts, request, record, paths) };
}

/** Source: User Interface API Developer Guide, "Record Input". */
function readInput({ body }: ApiRequest): { apiName: string | undefined; fields: unknown } {
  if (!isJsonObject(body)) throw malformed('The request needs a JSON object');
  const { apiName, fields, allowSaveOnDuplicate, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw malformed(`"${unknown}" is not implemented by the local org's UI API`);
  if (allowSaveOnDuplicate !== undefined && typeof allowSaveOnDuplicate !== 'boolean')
    throw malformed('"allowSaveOnDuplicate" must be true or false');
  if (apiName !== undefined && typeof apiName !== 'string')
    throw malformed('"apiName" must be a string');
  if (!isJsonObject(fields)) throw new RestError(400, 'JSON_PARSER_ERROR', '"fields" is missing');
  return { apiName, fields };
}

export const uiRecordRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/ui-api/records', handler: createRecord },
  { method: 'GET', pattern: '/ui-api/records/:id', handler: getRecord },
  { method: 'PATCH', pattern: '/ui-api/records/:id', handler: updateRecord },
  { method: 'DELETE', pattern: '/ui-api/records/:id', handler: deleteRecord },
];
