import type { FieldDef } from '../metadata/schema.ts';
import type { FieldValue } from '../store/records.ts';
import type { FormulaType } from './formula/types.ts';
import type { Scalar } from './model.ts';

/** A record in an interview's memory; its fields change as the flow assigns them. */
export interface RecordValue {
  readonly object: string;
  readonly fields: Record<string, FieldValue>;
}

export type ItemValue = FieldValue | RecordValue;
export type FlowValue = ItemValue | ItemValue[];

export type ScalarType = Exclude<FormulaType, 'null'>;
export type ItemType =
  | { readonly kind: 'scalar'; readonly type: ScalarType }
  | { readonly kind: 'record'; readonly object: string };
export type FlowType = ItemType | { readonly kind: 'collection'; readonly of: ItemType };

const OF_SCALAR: Readonly<Record<Scalar, ScalarType>> = {
  String: 'text',
  Number: 'number',
  Boolean: 'boolean',
  Date: 'date',
  DateTime: 'datetime',
};

export function scalarType(scalar: Scalar): ScalarType {
  return OF_SCALAR[scalar];
}

export function fieldScalar(field: FieldDef): ScalarType {
  switch (field.type) {
    case 'Number':
      return 'number';
    case 'Checkbox':
      return 'boolean';
    case 'DateTime':
      return 'datetime';
    case 'Date':
      return 'date';
    case 'Picklist':
      return 'picklist';
    default:
      return 'text';
  }
}

/** Whether a value of one type may be put where another is wanted. Nothing is converted silently. */
export function fits(wanted: FlowType, given: FlowType): boolean {
  if (wanted.kind === 'scalar' && given.kind === 'scalar')
    return plain(wanted.type) === plain(given.type);
  if (wanted.kind === 'record' && given.kind === 'record') return wanted.object === given.object;
  if (wanted.kind === 'collection' && given.kind === 'collection') return fits(wanted.of, given.of);
  return false;
}

/** A picklist holds text. */
export function plain(type: ScalarType): ScalarType {
  return type === 'picklist' ? 'text' : type;
}

export function typeText(type: FlowType): string {
  if (type.kind === 'scalar') return type.type;
  return type.kind === 'record' ? `record ${type.object}` : `collection of ${typeText(type.of)}`;
}

export function isRecord(value: FlowValue | undefined): value is RecordValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar value; records and collections cannot get here past the checks at load. */
export function toField(value: FlowValue | undefined): FieldValue {
  return value === undefined || typeof value === 'object' ? null : value;
}

export function copyRecord(record: RecordValue): RecordValue {
  return { object: record.object, fields: { ...record.fields } };
}

/** Assignment copies: two variables never share a record or a list. */
export function copyValue(value: FlowValue): FlowValue {
  if (Array.isArray(value)) return value.map((item) => (isRecord(item) ? copyRecord(item) : item));
  return isRecord(value) ? copyRecord(value) : value;
}
