import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';

import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import type { FieldValue, RecordData } from './records.ts';

/** A row of an object's table as a record: every field of the object, and nothing else. */
export function toRecord(object: ObjectDef, row: Record<string, SQLOutputValue>): RecordData {
  const record: Record<string, FieldValue> = {};
  for (const field of object.fields.values())
    record[field.name] = fromColumn(field, row[field.name]);
  return record;
}

function fromColumn(field: FieldDef, value: SQLOutputValue | undefined): FieldValue {
  if (field.type === 'Checkbox') return value === 1;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** The stored form of a value; booleans are 0 and 1. */
export function toColumn(value: FieldValue | undefined): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value ?? null;
}
