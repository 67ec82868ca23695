import type { SaveRow, Trigger } from '../flow/runtime.ts';
import { findField } from '../metadata/find.ts';
import type { ObjectDef } from '../metadata/schema.ts';
import { emptyRow, fillDefaults } from '../store/defaults.ts';
import type { FieldValue, RecordData, RecordStore, SaveError } from '../store/records.ts';
import { checkValue } from '../store/values.ts';

/** One row on its way through a save. */
export interface Row {
  readonly source: SaveRow;
  /** What was given, by the fields' own names. */
  readonly given: Record<string, FieldValue>;
  /** The row before the save; undefined for a new one. */
  readonly old: RecordData | undefined;
  /** `$Record` of the before-save flows: the whole row as it is about to be. */
  readonly trigger: Trigger;
  id: string | undefined;
}

/** Names as the object spells them, values as they will be stored where they are valid. */
export function toGiven(object: ObjectDef, values: RecordData): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = findField(object, name);
      if (field === undefined) return [name, value];
      const verdict = checkValue(field, value);
      return [field.name, verdict.ok ? verdict.value : value];
    }),
  );
}

/** Gives a row its formula fields. */
type WithFormulas = RecordStore['withFormulas'];

export function newRow(object: ObjectDef, source: SaveRow, withFormulas: WithFormulas): Row {
  const given = toGiven(object, source.values);
  const row = { ...emptyRow(object), ...fillDefaults(object, given, source.actor) };
  const record = { object: object.name, fields: { ...withFormulas(object.name, row) } };
  return {
    source,
    given,
    old: undefined,
    trigger: { record, prior: undefined, isNew: true },
    id: undefined,
  };
}

export function changedRow(
  object: ObjectDef,
  source: SaveRow,
  old: RecordData,
  withFormulas: WithFormulas,
): Row {
  const { Id: id, ...given } = toGiven(object, source.values);
  const fields = { ...withFormulas(object.name, { ...old, ...given }) };
  const record = { object: object.name, fields };
  const prior = { object: object.name, fields: { ...old } };
  const trigger = { record, prior, isNew: false };
  return { source, given, old, trigger, id: typeof id === 'string' ? id : String(old['Id']) };
}

/** What is written: what was given, and every field that a before-save flow left different. */
export function toWrite(row: Row, before: RecordData): RecordData {
  const { fields } = row.trigger.record;
  const changed = Object.entries(fields).filter(
    ([name, value]) => value !== (before[name] ?? null),
  );
  return { ...row.given, ...Object.fromEntries(changed) };
}

/** Rows of one save that collide in a unique field with each other (not with stored rows). */
export function collidesWithin(object: ObjectDef, rows: readonly RecordData[]): boolean {
  return [...object.fields.values()]
    .filter((field) => field.unique)
    .some((field) => {
      const values = rows
        .map((row) => row[field.name] ?? null)
        .filter((value) => value !== null && value !== '')
        .map((value) => (field.caseSensitive ? String(value) : String(value).toLowerCase()));
      return new Set(values).size < values.length;
    });
}

export function saveError(
  statusCode: string,
  message: string,
  fields: readonly string[] = [],
): SaveError {
  return { statusCode, message, fields };
}
