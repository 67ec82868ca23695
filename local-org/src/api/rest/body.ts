import { findField, findObject, findParent } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef } from '../../metadata/schema.ts';
import type { FieldValue, RecordData, SaveError } from '../../store/records.ts';
import { notWritable, unknownField } from '../../store/saveErrors.ts';
import { checkValue, isDate, toEpochMs } from '../../store/values.ts';
import type { ApiRequest, RestParts } from './context.ts';
import { crossReferenceError } from './crossReferences.ts';
import { malformed } from './errors.ts';

export type ReadBody =
  | { readonly ok: true; readonly values: RecordData }
  | { readonly ok: false; readonly errors: readonly SaveError[] };

/**
 * Turns the JSON of one record into values for a save: names in canonical spelling, `attributes`
 * dropped, parents named by external id (`"Asset__r": {"Key__c": "x"}`) looked up.
 *
 * JSON of the wrong type throws `JSON_PARSER_ERROR`, which ends the whole request as on the
 * platform; unknown fields, fields that the user may not write and lookups to records that they may
 * not read are errors of this record.
 */
export function readBody(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  json: unknown,
): ReadBody {
  if (!isJsonObject(json)) throw malformed('The HTTP entity body is required to be a JSON object');
  const values: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === 'attributes') continue;
    const field = findField(object, name);
    if (field !== undefined) {
      if (!mayWrite(parts, request, object, field))
        return { ok: false, errors: [notWritable([field.name])] };
      values[field.name] = fromJson(field, value);
      continue;
    }
    const lookup = findParent(object, name);
    if (lookup === undefined) return { ok: false, errors: [unknownField(object.name, name)] };
    const parent = parentId(parts, object, lookup, value);
    if (!parent.ok) return parent;
    if (!mayWrite(parts, request, object, lookup))
      return { ok: false, errors: [notWritable([lookup.name])] };
    values[lookup.name] = parent.id;
  }
  const error = crossReferenceError(parts, request.session.userId, object, values);
  return error === undefined ? { ok: true, values } : { ok: false, errors: [error] };
}

/** System fields pass, so that the save itself can refuse them in its own words. */
function mayWrite(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  field: FieldDef,
): boolean {
  return (
    field.system || parts.access.mayField(request.session.userId, object.name, field.name, 'edit')
  );
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the platform's parser calls the kinds of JSON values. */
function tokenOf(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY value [';
  if (typeof value === 'object') return 'START_OBJECT value {';
  if (typeof value === 'string') return `VALUE_STRING value ${value}`;
  if (typeof value === 'number')
    return `VALUE_NUMBER_${Number.isInteger(value) ? 'INT' : 'FLOAT'} value ${value}`;
  const text = JSON.stringify(value) ?? 'nothing';
  return `VALUE_${text.toUpperCase()} value ${text}`;
}

const jsonTypes: Partial<Record<FieldDef['type'], string>> = {
  Number: 'double',
  Checkbox: 'boolean',
  DateTime: 'datetime',
  Date: 'date',
  Id: 'reference',
  Lookup: 'reference',
};

/** In the words of public logs. Stricter than the platform in one thing: it also takes numbers and booleans written as text. */
function fromJson(field: FieldDef, value: unknown): FieldValue {
  if (value === null) return null;
  const wanted = jsonTypes[field.type] ?? 'string';
  const fits =
    wanted === 'double'
      ? typeof value === 'number'
      : wanted === 'boolean'
        ? typeof value === 'boolean'
        : typeof value === 'string' &&
          (value === '' ||
            (wanted === 'datetime'
              ? toEpochMs(value) !== undefined
              : wanted === 'date'
                ? isDate(value)
                : true));
  if (
    fits &&
    (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
  )
    return value;
  throw malformed(
    `Cannot deserialize instance of ${wanted} from ${tokenOf(value)} or request may be missing a ` +
      `required field at [field:${field.name}]`,
  );
}

function parentId(
  parts: RestParts,
  object: ObjectDef,
  lookup: FieldDef,
  json: unknown,
): { ok: true; id: string | null } | { ok: false; errors: readonly SaveError[] } {
  if (json === null) return { ok: true, id: null };
  if (!isJsonObject(json))
    throw malformed(`${lookup.relationshipName ?? ''} must be an object with one external id`);
  const given = Object.entries(json).filter(([name]) => name !== 'attributes');
  const [name = '', raw] = given[0] ?? [];
  for (const target of lookup.referenceTo ?? []) {
    const parent = findObject(parts.metadata, target);
    const field = parent === undefined ? undefined : findField(parent, name);
    if (parent === undefined || field === undefined || given.length !== 1) continue;
    if (!field.externalId && field.name !== 'Id') continue;
    const key = fromJson(field, raw);
    const checked = checkValue(field, key);
    const found = checked.ok
      ? parts.store.select({
          object: parent.name,
          where: { kind: 'compare', field: field.name, op: '=', value: checked.value },
          limit: 2,
        })
      : [];
    const id = found[0]?.['Id'];
    if (found.length === 1 && typeof id === 'string') return { ok: true, id };
    return {
      ok: false,
      errors: [
        {
          statusCode: 'INVALID_FIELD',
          message:
            found.length === 0
              ? `Foreign key external ID: ${String(key)} not found for field ${field.name} in entity ${parent.name}`
              : `More than one record found for external id field: ${field.name}`,
          fields: [],
        },
      ],
    };
  }
  return {
    ok: false,
    errors: [
      {
        statusCode: 'INVALID_FIELD',
        message: `Object ${object.name}: ${lookup.relationshipName ?? ''} needs exactly one external id field of its parent`,
        fields: [lookup.name],
      },
    ],
  };
}
