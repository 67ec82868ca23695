import type { ObjectDef } from '../metadata/schema.ts';
import type { Actor, FieldValue, RecordData } from './records.ts';

/**
 * The values of a new record with the defaults of the fields that were not given; an explicit null
 * stays empty. Safe to repeat, so before-save automation can see the record as it will be saved.
 */
export function fillDefaults(object: ObjectDef, values: RecordData, actor: Actor): RecordData {
  const given = new Set(Object.keys(values).map((name) => name.toLowerCase()));
  const filled: Record<string, FieldValue> = { ...values };
  for (const field of object.fields.values()) {
    if (field.system || given.has(field.name.toLowerCase())) continue;
    const preset =
      field.defaultValue ?? field.picklist?.values.find((value) => value.isDefault)?.name;
    if (preset !== undefined) filled[field.name] = preset;
    else if (field.name === 'OwnerId') filled['OwnerId'] = actor.userId;
  }
  return filled;
}

/** A row of the object with nothing in it: a checkbox is off, everything else has no value. */
export function emptyRow(object: ObjectDef): Record<string, FieldValue> {
  const fields = [...object.fields.values()];
  return Object.fromEntries(
    fields.map(({ name, type }) => [name, type === 'Checkbox' ? false : null]),
  );
}
