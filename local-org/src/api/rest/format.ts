import type { FieldDef, ObjectDef } from '../../metadata/schema.ts';
import { geolocationOf } from '../../store/geolocation.ts';
import type { FieldValue, RecordData } from '../../store/records.ts';
import type { ResultRow } from '../../store/soql/run.ts';

/** DateTime leaves the API as `2026-11-23T06:00:00.000+0000`. */
const storedDateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A value as the REST API writes it. */
function toJson(field: FieldDef, value: FieldValue): FieldValue {
  return field.type === 'DateTime' && typeof value === 'string' ? toApiDateTime(value) : value;
}

function toApiDateTime(value: string): string {
  return storedDateTime.test(value) ? `${value.slice(0, -1)}+0000` : value;
}

/** A whole record with its `attributes`. */
export function recordJson(
  base: string,
  object: ObjectDef,
  row: RecordData,
  fields: readonly FieldDef[],
): Record<string, unknown> {
  const json: Record<string, unknown> = { attributes: attributesOf(base, object.name, row['Id']) };
  for (const field of fields) {
    json[field.name] =
      field.type === 'Location'
        ? geolocationOf(field, row)
        : toJson(field, row[field.name] ?? null);
  }
  return json;
}

/** A row of a query result, parents nested. */
export function rowJson(base: string, row: ResultRow): Record<string, unknown> {
  const json: Record<string, unknown> = { attributes: attributesOf(base, row.type, row.id) };
  for (const [name, value] of row.values) {
    if (typeof value === 'object' && value !== null)
      json[name] = 'latitude' in value ? value : rowJson(base, value);
    else json[name] = typeof value === 'string' ? toApiDateTime(value) : value;
  }
  return json;
}

function attributesOf(
  base: string,
  type: string,
  id: FieldValue | undefined,
): Record<string, unknown> {
  return typeof id === 'string' ? { type, url: `${base}/sobjects/${type}/${id}` } : { type };
}
