import { findObject } from '../metadata/find.ts';
import type { SaveRow } from '../flow/runtime.ts';
import type { ObjectDef } from '../metadata/schema.ts';
import type { Actor, RecordData, SaveOutcome } from '../store/records.ts';
import { deleteInOrder } from './deleter.ts';
import type { Dml, DmlOptions } from './dml.ts';
import { publishRows, type FlowDmlParts } from './flowDml.ts';
import { saveInOrder } from './saver.ts';
import { upsertRows } from './upsert.ts';

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
        upsertRows(
          parts.store,
          objectOf(name),
          externalIdField,
          toRows(records, actor),
          (change, rows) => save(change, name, rows, options),
        ),
      ),
  };
}

function toRows(records: readonly RecordData[], actor: Actor): SaveRow[] {
  return records.map((values) => ({ values: { ...values }, actor }));
}
