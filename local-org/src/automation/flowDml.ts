import type { Bus } from '../events/bus.ts';
import type { FlowDml, SaveRow } from '../flow/runtime.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { RecordStore, SaveError, SaveOutcome } from '../store/records.ts';
import { checkValue } from '../store/values.ts';
import { saveError, toGiven } from './rows.ts';
import { saveInOrder, type SaverParts } from './saver.ts';
import type { TransactionScope } from './scope.ts';

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
    delete: (name, ids, actor) => {
      countStatement(scope, ids.length);
      return deleteRows(parts.store, name, ids, actor.userId, true);
    },
  };
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
    const given = toGiven(object, row.values);
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

function checkEvent(
  object: ObjectDef,
  given: Record<string, string | number | boolean | null>,
): SaveError[] {
  const errors: SaveError[] = [];
  for (const [name, value] of Object.entries(given)) {
    const field = object.fields.get(name);
    if (field === undefined)
      errors.push(saveError('INVALID_FIELD', `No such column '${name}' on ${object.name}`, [name]));
    else if (field.system)
      errors.push(saveError('INVALID_FIELD_FOR_INSERT_UPDATE', `${name} is not writable`, [name]));
    else {
      const verdict = checkValue(field, value);
      if (!verdict.ok) errors.push(verdict.error);
    }
  }
  for (const field of object.fields.values()) {
    if (!(field.name in given) && field.defaultValue !== undefined)
      given[field.name] = field.defaultValue;
  }
  const missing = [...object.fields.values()].filter(
    (field) => field.required && !field.system && (given[field.name] ?? null) === null,
  );
  if (missing.length > 0) {
    const names = missing.map((field) => field.name);
    errors.push(
      saveError(
        'REQUIRED_FIELD_MISSING',
        `Required fields are missing: [${names.join(', ')}]`,
        names,
      ),
    );
  }
  return errors;
}

class RollBack extends Error {}

export function deleteRows(
  store: RecordStore,
  object: string,
  ids: readonly string[],
  userId: string,
  allOrNone: boolean,
): SaveOutcome[] {
  let outcomes: SaveOutcome[] = [];
  try {
    store.transaction(() => {
      outcomes = ids.map((id) => store.writeDelete(object, id, { userId }));
      if (allOrNone && outcomes.some((outcome) => !outcome.ok)) throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
    const others = saveError(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records could be deleted',
    );
    outcomes = outcomes.map((outcome) => (outcome.ok ? { ok: false, errors: [others] } : outcome));
  }
  return outcomes;
}
