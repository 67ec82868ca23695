import { findField, findObject } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef } from '../../metadata/schema.ts';
import type { FieldValue, RecordData, SaveError, SaveOutcome } from '../../store/records.ts';
import { toId18 } from '../../store/ids.ts';
import { noSuchRow, wrongRecordId } from '../../store/saveErrors.ts';
import { checkValue } from '../../store/values.ts';
import type { ObjectRight } from '../access.ts';
import type { ApiRequest, RestParts } from './context.ts';
import { RestError, noSuchKey, notFound } from './errors.ts';

/** The object of a URL; unknown ones and those that the user may not read are not there. */
export function objectFor(parts: RestParts, request: ApiRequest, name: string): ObjectDef {
  const object = findObject(parts.metadata, name);
  if (object === undefined || !parts.access.may(request.session.userId, object.name, 'read'))
    throw notFound();
  return object;
}

const noAccess: SaveError = {
  statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
  message: 'insufficient access rights on object id',
  fields: [],
};

/**
 * The refusal of an object right, or undefined: public logs show "entity type cannot be inserted"
 * and "… updated" with 400 for users without Create or Edit on the object.
 */
export function objectError(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  right: Exclude<ObjectRight, 'read'>,
): SaveError | undefined {
  if (parts.access.may(request.session.userId, object.name, right)) return undefined;
  if (right === 'delete') return noAccess;
  return {
    statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    message: `entity type cannot be ${right === 'create' ? 'inserted' : 'updated'}: ${object.label}`,
    fields: [],
  };
}

/** The refusal of an id that cannot be one of the object's, or undefined. */
export function idError(object: ObjectDef, id: string): SaveError | undefined {
  const isOwn = toId18(id)?.startsWith(object.keyPrefix) === true;
  return isOwn ? undefined : wrongRecordId(object, id);
}

/** The refusal of touching one row: it isn't there, or sharing forbids it. */
export function rowError(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  id: string,
  right: ObjectRight,
): SaveError | undefined {
  const row = object.kind === 'event' ? undefined : parts.store.read(object.name, id);
  // Gone or never there: the save knows which and says so.
  if (row === undefined) return undefined;
  if (!parts.access.mayRow(request.session.userId, object, row, 'read')) return noSuchRow;
  if (parts.access.mayRow(request.session.userId, object, row, right)) return undefined;
  return noAccess;
}

/** The external id field (or Id) that a URL names, and the value in the form it is stored. */
export function keyFor(
  object: ObjectDef,
  name: string,
  raw: string,
): { field: FieldDef; value: FieldValue } {
  const field = findField(object, name);
  if (field === undefined || !(field.externalId || field.type === 'Id')) {
    throw noSuchKey(name);
  }
  const checked = checkValue(field, field.type === 'Number' ? Number(raw) : raw);
  if (!checked.ok)
    throw new RestError(400, checked.error.statusCode, checked.error.message, checked.error.fields);
  return { field, value: checked.value };
}

/** The rows that carry the key, as far as the user may see them; two are enough to know. */
export function rowsByKey(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  field: FieldDef,
  value: FieldValue,
): RecordData[] {
  if (value === null) return [];
  const rows = parts.store.select({
    object: object.name,
    where: { kind: 'compare', field: field.name, op: '=', value },
  });
  return rows.filter((row) => parts.access.mayRow(request.session.userId, object, row, 'read'));
}

/** The only outcome of a save of one record. */
export function onlyOutcome(outcomes: readonly SaveOutcome[]): SaveOutcome {
  const outcome = outcomes[0];
  if (outcome === undefined || outcomes.length > 1)
    throw new Error('one record was saved; one outcome was expected');
  return outcome;
}
