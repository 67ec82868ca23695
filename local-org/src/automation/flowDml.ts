import type { Bus } from '../events/bus.ts';
import type { FlowDml, SaveRow } from '../flow/runtime.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import { fillDefaults } from '../store/defaults.ts';
import type { RecordData, RecordStore, SaveError, SaveOutcome } from '../store/records.ts';
import * as refuse from '../store/saveErrors.ts';
import { checkValue } from '../store/values.ts';
import { deleteInOrder } from './deleter.ts';
import { saveError, toGiven } from './rows.ts';
import { saveInOrder, type SaverParts } from './saver.ts';
import type { TransactionScope } from './scope.ts';
import { upsertRows } from './upsert.ts';

export interface FlowDmlParts extends SaverParts {
  readonly metadata: OrgMetadata;
  readonly bus: Bus;
  readonly makeId: () => string;
}

/** Saves on behalf of flows: partial, counted against the limits, events published. */
export function makeFlowDml(parts: FlowDmlParts, scope: TransactionScope): FlowDml {
  const save = (
    change: 'insert' | 'update',
    name: string,
    rows: readonly SaveRow[],
  ): SaveOutcome[] => {
    countStatement(scope, rows.length);
    const object = objectOf(parts.metadata, name);
    if (object.kind === 'event') return publishRows(parts, scope, object, rows);
    return saveInOrder(parts, scope, { change, object, rows, allOrNone: false });
  };
  return {
    insert: (name, rows) => save('insert', name, rows),
    update: (name, rows) => save('update', name, rows),
    upsert(name, keyField, rows, allOrNone) {
      countStatement(scope, rows.length);
      const object = objectOf(parts.metadata, name);
      const all = (): SaveOutcome[] =>
        upsertRows(parts.store, object, keyField, rows, (change, some) =>
          saveInOrder(parts, scope, { change, object, rows: some, allOrNone }),
        );
      return allOrNone ? wholly(parts.store, all) : all();
    },
    delete: (name, ids, actor) => {
      countStatement(scope, ids.length);
      return deleteInOrder(parts, scope, { object: name, ids, actor, allOrNone: true });
    },
  };
}

class RollBack extends Error {}

/** Undoes everything when one row failed; the others say so. */
function wholly(store: Pick<RecordStore, 'transaction'>, work: () => SaveOutcome[]): SaveOutcome[] {
  let outcomes: SaveOutcome[] = [];
  try {
    store.transaction(() => {
      outcomes = work();
      if (outcomes.some((outcome) => !outcome.ok)) throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
    return outcomes.map((outcome) =>
      outcome.ok ? { ok: false, errors: [refuse.rolledBack] } : outcome,
    );
  }
  return outcomes;
}

function countStatement(scope: TransactionScope, rows: number): void {
  scope.limits.count('dmlStatements');
  scope.limits.count('dmlRows', rows);
}

export function objectOf(metadata: OrgMetadata, name: string): ObjectDef {
  const object = metadata.objects.get(name);
  if (object === undefined) throw new Error(`no object ${name}`);
  return object;
}

/**
 * Publishes records as events. Unlike the Pub/Sub API, Flow and REST refuse a missing required
 * field. `PublishAfterCommit` goes with the transaction; `PublishImmediately` does not.
 */
export function publishRows(
  parts: Pick<FlowDmlParts, 'bus' | 'makeId'>,
  scope: TransactionScope,
  object: ObjectDef,
  rows: readonly SaveRow[],
): SaveOutcome[] {
  return rows.map((row): SaveOutcome => {
    const given = fillDefaults(object, toGiven(object, row.values), row.actor);
    const errors = checkEvent(object, given);
    if (errors.length > 0) return { ok: false, errors };
    if (object.publishBehavior === 'PublishImmediately') {
      scope.immediate.push(() => void parts.bus.publishRecord(object, given, row.actor.userId));
      return { ok: true, id: parts.makeId(), created: true };
    }
    const outcome = parts.bus.publishRecord(object, given, row.actor.userId);
    return outcome.ok
      ? { ok: true, id: outcome.uuid, created: true }
      : { ok: false, errors: [saveError(outcome.code, outcome.message)] };
  });
}

function checkEvent(object: ObjectDef, record: RecordData): SaveError[] {
  const errors = Object.entries(record).flatMap(([name, value]): SaveError[] => {
    const field = object.fields.get(name);
    if (field === undefined) return [refuse.unknownField(object.name, name)];
    if (field.system) return [refuse.notWritable([name])];
    const verdict = checkValue(field, value);
    return verdict.ok ? [] : [verdict.error];
  });
  const missing = [...object.fields.values()].filter(
    (field) => field.required && !field.system && (record[field.name] ?? null) === null,
  );
  if (missing.length === 0) return errors;
  return [...errors, refuse.requiredMissing(missing.map((field) => field.name))];
}
