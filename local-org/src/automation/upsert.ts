import type { SaveRow } from '../flow/runtime.ts';
import { findField } from '../metadata/find.ts';
import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import type { FieldValue, RecordData, RecordStore, SaveOutcome } from '../store/records.ts';
import { keyGivenTwice, keyNotUnique } from '../store/saveErrors.ts';
import { saveError } from './rows.ts';

type Part = {
  readonly change: 'insert' | 'update';
  readonly index: number;
  readonly row: SaveRow;
};

/** Splits into creates and updates by who has the key, and puts the outcomes back in order. */
export function upsertRows(
  store: Pick<RecordStore, 'select'>,
  object: ObjectDef,
  keyField: string,
  rows: readonly SaveRow[],
  save: (change: 'insert' | 'update', rows: readonly SaveRow[]) => SaveOutcome[],
): SaveOutcome[] {
  const field = findField(object, keyField);
  if (field === undefined) throw new Error(`no field ${keyField} on ${object.name}`);
  const keyOf = (record: RecordData): FieldValue => {
    const entry = Object.entries(record).find(
      ([name]) => name.toLowerCase() === field.name.toLowerCase(),
    );
    return entry?.[1] ?? null;
  };
  const folded = (key: FieldValue): string =>
    field.caseSensitive ? String(key) : String(key).toLowerCase();
  const times = new Map<string, number>();
  for (const { values } of rows)
    times.set(folded(keyOf(values)), (times.get(folded(keyOf(values))) ?? 0) + 1);

  const outcomes: SaveOutcome[] = [];
  const parts: Part[] = [];
  rows.forEach((row, index) => {
    const key = keyOf(row.values);
    const part = splitOne(store, object, field, {
      key,
      times: times.get(folded(key)) ?? 1,
      row,
      index,
    });
    if ('ok' in part) outcomes[index] = part;
    else parts.push(part);
  });
  for (const change of ['insert', 'update'] as const) {
    const own = parts.filter((part) => part.change === change);
    save(
      change,
      own.map((part) => part.row),
    ).forEach((outcome, at) => {
      outcomes[own[at]?.index ?? 0] = outcome;
    });
  }
  return outcomes;
}

function splitOne(
  store: Pick<RecordStore, 'select'>,
  object: ObjectDef,
  keyField: FieldDef,
  given: { key: FieldValue; times: number; row: SaveRow; index: number },
): Part | SaveOutcome {
  const { key, times, row, index } = given;
  const { actor } = row;
  const field = keyField.name;
  if (key === null || key === '') {
    if (field === 'Id')
      return { change: 'insert', index, row: { actor, values: without(row.values, 'Id') } };
    return {
      ok: false,
      errors: [saveError('MISSING_ARGUMENT', `${field} not specified`, [field])],
    };
  }
  if (times > 1) return { ok: false, errors: [keyGivenTwice(keyField, key)] };
  if (field === 'Id') return { change: 'update', index, row };
  const found = store.select({
    object: object.name,
    where: { kind: 'compare', field, op: '=', value: key },
    limit: 2,
  });
  if (found.length > 1) {
    const ids = found.map((one) => String(one['Id']));
    return { ok: false, errors: [keyNotUnique(keyField, ids)] };
  }
  const [existing] = found;
  if (existing === undefined)
    return { change: 'insert', index, row: { actor, values: without(row.values, 'Id') } };
  const values = { ...without(row.values, field), Id: existing['Id'] ?? null };
  return { change: 'update', index, row: { actor, values } };
}

function without(values: RecordData, name: string): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => key.toLowerCase() !== name.toLowerCase()),
  );
}
