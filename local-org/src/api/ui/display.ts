import type { FieldDef, ObjectDef } from '../../metadata/schema.ts';
import { dateText, dateTimeText } from '../../store/localText.ts';
import type { FieldValue, RecordData } from '../../store/records.ts';

/**
 * How a value is shown where that differs from the value itself, for an English (United States)
 * user in UTC; null for texts, ids, checkboxes and empty values.
 * Source: User Interface API Developer Guide, "Field Value"; the forms as in public recordings.
 */
export function displayValueOf(field: FieldDef, value: FieldValue): string | null {
  if (value === null) return null;
  switch (field.type) {
    case 'Number':
      return typeof value === 'number' ? numberText(value, field.scale ?? 0) : null;
    case 'DateTime':
      return dateTimeText(String(value));
    case 'Date':
      return dateText(String(value));
    case 'Picklist':
      return field.picklist?.values.find(({ name }) => name === value)?.label ?? String(value);
    default:
      return null;
  }
}

/** `1,234.50`: grouped, with all digits of the scale. */
function numberText(value: number, scale: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: scale,
    maximumFractionDigits: scale,
  });
}

/** The field that carries a record's name, or undefined for objects without names. */
export function nameFieldOf(object: ObjectDef): string | undefined {
  if (object.name === 'Case') return 'CaseNumber';
  if (object.name === 'Task') return 'Subject';
  return object.fields.has('Name') ? 'Name' : undefined;
}

/** All fields of the name; persons have three. */
export function nameFieldsOf(object: ObjectDef): string[] {
  if (object.fields.has('LastName')) return ['FirstName', 'LastName', 'Name'];
  const name = nameFieldOf(object);
  return name === undefined ? [] : [name];
}

/** A record's name, or null. */
export function nameOf(object: ObjectDef, row: RecordData): string | null {
  const field = nameFieldOf(object);
  const name = field === undefined ? null : row[field];
  return typeof name === 'string' ? name : null;
}

/** The record type of all records: this org has no others. The id is the platform's own. */
export const MASTER_RECORD_TYPE = '012000000000000AAA';

/** Grows with every change of the record: its last modification in milliseconds since the epoch. */
export function weakEtagOf(row: RecordData): number {
  return Date.parse(String(row['SystemModstamp']));
}
