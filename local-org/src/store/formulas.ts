import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import type { RecordData, RecordStore } from './records.ts';

/** Computes the formula fields of rows; they are never stored. */
export interface Formulas {
  /** The row with its formula fields as they are now. */
  compute(object: ObjectDef, row: RecordData, read: RecordStore['read']): RecordData;
}

/** For an org whose objects have no formula fields; throws when one has. */
export const noFormulas: Formulas = {
  compute(object, row) {
    const field = [...object.fields.values()].find((one) => one.formula !== undefined);
    if (field === undefined) return row;
    throw new Error(`${object.name}.${field.name} is a formula, which this store cannot compute`);
  },
};

/** The fields that have a column. */
export function storedFields(object: ObjectDef): FieldDef[] {
  return [...object.fields.values()].filter(
    (field) => field.formula === undefined && field.type !== 'Location',
  );
}
