import type { FieldDef, ObjectDef, PicklistValue } from './schema.ts';
import { auditFields, makeField } from './systemFields.ts';

/** A standard object with what every row carries. */
export function define(
  name: string,
  label: string,
  keyPrefix: string,
  fields: readonly FieldDef[],
): ObjectDef {
  const all = [...auditFields, ...fields];
  const pluralLabel = label.endsWith('s') ? `${label}es` : `${label}s`;
  return {
    name,
    label,
    pluralLabel,
    kind: 'standard',
    keyPrefix,
    fields: new Map(all.map((field) => [field.name, field])),
  };
}

/** A text field of so many characters. */
export function text(
  name: string,
  label: string,
  length: number,
  extras: Partial<FieldDef> = {},
): FieldDef {
  return makeField(name, label, 'Text', { length, ...extras });
}

/** A checkbox. */
export function flag(name: string, label: string, defaultValue: boolean): FieldDef {
  return makeField(name, label, 'Checkbox', { defaultValue });
}

/** A picklist that is not restricted; `preset` is the value of new rows. */
export function picklist(
  name: string,
  label: string,
  names: readonly string[],
  preset?: string,
): FieldDef {
  const values: PicklistValue[] = names.map((value) => ({
    name: value,
    label: value,
    isDefault: value === preset,
  }));
  return makeField(name, label, 'Picklist', {
    length: 255,
    picklist: { restricted: false, values },
  });
}
