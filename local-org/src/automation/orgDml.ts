import { findField, findObject } from '../metadata/find.ts';
import type { SaveRow } from '../flow/runtime.ts';
import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import type { Actor, FieldValue, RecordData, RecordStore, SaveOutcome } from '../store/records.ts';
import { keyGivenTwice, keyNotUnique } from '../store/saveErrors.ts';
import { deleteInOrder } from './deleter.ts';
import type { Dml, DmlOptions } from './dml.ts';
import { publishRows, type FlowDmlParts } from './flowDml.ts';
import { saveError } from './rows.ts';
import { saveInOrder } from './saver.ts';

/** Saving for the APIs: each call is a transaction of the platform with its own limits. */
export function makeOrgDml(parts: FlowDmlParts): Dml {
  const { scopes } = parts;

  function objectOf(name: string): ObjectDef {
    const object = findObject(parts.metadata, name);
    if (object === undefined) throw new Error(`no object ${name}`);
    return object;
  }

  function save(
    change: 'insert' | 'update',
    name: string,
    rows: readonly SaveRow[],
    options: DmlOptions,
  ): SaveOutcome[] {
    const object = objectOf(name);
    return scopes.within((scope) =>
      object.kind === 'event'
        ? publishRows(parts, scope, object, rows)
        : saveInOrder(parts, scope, { change, object, rows, allOrNone: options.allOrNone }),
    );
  }

  return {
    insert: (name, records, actor, options) =>
      save('insert', name, toRows(records, actor), options),
    update: (name, records, actor, options) =>
      save('update', name, toRows(records, actor), options),
    delete: (name, ids, actor, options) =>
      scopes.within((scope) =>
        deleteInOrder(parts, scope, {
          object: objectOf(name).name,
          ids,
          actor,
          allOrNone: options.allOrNone,
        }),
      ),
    upsert: (name, externalIdField, records, actor, options) =>
      scopes.within(() =>
        upsert(parts.store, objectOf(name), externalIdField, records, (change, rows) =>
          save(change, name, toRows(rows, actor), options),
        ),
      ),
  };
}

function toRows(records: readonly RecordData[], actor: Actor): SaveRow[] {
  return records.map((values) => ({ values: { ...values }, actor }));
}

type Part = {
  readonly change: 'insert' | 'update';
  readonly index: number;
  readonly values: RecordData;
};

/** Splits into creates and updates by who has the key, and puts the outcomes back in order. */
function upsert(
  store: RecordStore,
  object: ObjectDef,
  keyField: string,
  records: readonly RecordData[],
  save: (change: 'insert' | 'update', rows: readonly RecordData[]) => SaveOutcome[],
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
  for (const record of records)
    times.set(folded(keyOf(record)), (times.get(folded(keyOf(record))) ?? 0) + 1);

  const outcomes: SaveOutcome[] = [];
  const parts: Part[] = [];
  records.forEach((values, index) => {
    const key = keyOf(values);
    const part = splitOne(store, object, field, {
      key,
      times: times.get(folded(key)) ?? 1,
      values,
      index,
    });
    if ('ok' in part) outcomes[index] = part;
    else parts.push(part);
  });
  for (const change of ['insert', 'update'] as const) {
    const own = parts.filter((part) => part.change === change);
    save(
      change,
      own.map((part) => part.values),
    ).forEach((outcome, at) => {
      outcomes[own[at]?.index ?? 0] = outcome;
    });
  }
  return outcomes;
}

function splitOne(
  store: RecordStore,
  object: ObjectDef,
  keyField: FieldDef,
  row: { key: FieldValue; times: number; values: RecordData; index: number },
): Part | SaveOutcome {
  const { key, times, values, index } = row;
  const field = keyField.name;
  if (key === null || key === '') {
    if (field === 'Id') return { change: 'insert', index, values: without(values, 'Id') };
    return {
      ok: false,
      errors: [saveError('MISSING_ARGUMENT', `${field} not specified`, [field])],
    };
  }
  if (times > 1) return { ok: false, errors: [keyGivenTwice(keyField, key)] };
  if (field === 'Id') return { change: 'update', index, values };
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
  if (existing === undefined) return { change: 'insert', index, values: without(values, 'Id') };
  return {
    change: 'update',
    index,
    values: { ...without(values, field), Id: existing['Id'] ?? null },
  };
}

function without(values: RecordData, name: string): RecordData {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => key.toLowerCase() !== name.toLowerCase()),
  );
}
