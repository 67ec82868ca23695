import type { ObjectDef } from '../../metadata/schema.ts';
import type { FieldValue, SaveOutcome } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import { saveFor, type OwnRow } from '../dataAccess.ts';
import { QueryFault } from '../errors.ts';
import { DUPLICATE_UPDATES } from '../limits.ts';
import type { UpdateElement } from '../model.ts';
import type { BulkOutcome, FlowContext, Interview, SaveRow, Step } from '../runtime.ts';
import { bindFound } from '../selection.ts';
import { isRecord } from '../values.ts';
import {
  bindFields,
  bindRecords,
  outcomeOf,
  refuseBeforeSave,
  splitOutcomes,
  toSaveRow,
} from './saving.ts';

type Rows = (interview: Interview) => Record<string, FieldValue>[];

/**
 * Update Records: partial save, one update for all interviews that wait at it. By conditions it
 * also costs one query. `$Record` in a before-save flow is assigned without any save.
 */
export function bindUpdate(binder: Binder, element: UpdateElement): Step {
  const where = `${element.kind} ${element.name}`;
  const { target } = element;
  const { start } = binder.flow;
  const before = start.kind === 'record' && start.timing === 'before';
  if (before && target.kind === 'reference' && target.path === '$Record')
    return assignRecord(binder, element);
  refuseBeforeSave(binder, where);
  const { object, rows } =
    target.kind === 'selection'
      ? bySelection(binder, where, element)
      : byReference(binder, where, element);

  return {
    kind: 'bulk',
    next: element.next,
    fault: element.fault,
    run: (interviews) => {
      const context = interviews[0]?.context;
      if (context === undefined) return [];
      if (target.kind === 'selection') context.limits.count('queries');
      const perInterview = interviews.map((interview) => rowsOrFault(rows, interview));
      const all = interviews.flatMap((interview, index): OwnRow[] => {
        const own = perInterview[index];
        return Array.isArray(own) ? own.map((values) => ({ interview, values })) : [];
      });
      const outcomes = saveFor(binder.metadata, 'edit', object, all, (allowed) =>
        updateAll(context, object.name, allowed.map(toSaveRow)),
      );
      const split = splitOutcomes(
        perInterview.map((own) => (Array.isArray(own) ? own.length : 0)),
        outcomes,
      );
      return perInterview.map((own, index) =>
        Array.isArray(own) ? outcomeOf('update', split[index] ?? []) : own,
      );
    },
  };
}

function rowsOrFault(rows: Rows, interview: Interview): Record<string, FieldValue>[] | BulkOutcome {
  try {
    return rows(interview);
  } catch (error) {
    if (error instanceof QueryFault) return { ok: false, message: error.message, partial: true };
    throw error;
  }
}

/**
 * A record that stands several times in one update is saved as often, in order; past the most
 * allowed its rows fail, in the words of a public log of an org.
 */
function updateAll(context: FlowContext, object: string, rows: readonly SaveRow[]): SaveOutcome[] {
  const outcomes: SaveOutcome[] = [];
  const times = new Map<string, number>();
  /** The n-th update of every record, with its place among the outcomes. */
  const rounds = new Map<number, { readonly row: SaveRow; readonly index: number }[]>();
  rows.forEach((row, index) => {
    const id = row.values['Id'];
    const time = typeof id === 'string' ? (times.get(id) ?? 0) + 1 : 1;
    if (typeof id === 'string') times.set(id, time);
    if (time > DUPLICATE_UPDATES) outcomes[index] = tooOften(String(id));
    else rounds.set(time, [...(rounds.get(time) ?? []), { row, index }]);
  });
  for (const round of rounds.values()) {
    const saved = context.dml.update(
      object,
      round.map(({ row }) => row),
    );
    round.forEach(({ index }, at) => {
      const outcome = saved[at];
      if (outcome !== undefined) outcomes[index] = outcome;
    });
  }
  return outcomes;
}

function tooOften(id: string): SaveOutcome {
  const message =
    `Maximum number of duplicate updates in one batch (${DUPLICATE_UPDATES} allowed). ` +
    `Attempt to update Id more than once in this Api call: ${id.slice(0, 15)}`;
  return { ok: false, errors: [{ statusCode: 'DUPLICATE_VALUE', message, fields: [] }] };
}

function bySelection(
  binder: Binder,
  where: string,
  element: UpdateElement,
): { object: ObjectDef; rows: Rows } {
  if (element.target.kind !== 'selection') return binder.fail(where, 'conditions are missing');
  const object = binder.object(where, element.target.selection.object);
  const found = bindFound(binder, where, element.target.selection);
  const fields = bindFields(binder, where, object, element.fields);
  return {
    object,
    rows: (interview) => {
      const rows = found(interview);
      const changes = fields(interview);
      return rows.map((row) => ({ ...changes, Id: row['Id'] ?? null }));
    },
  };
}

function byReference(
  binder: Binder,
  where: string,
  element: UpdateElement,
): { object: ObjectDef; rows: Rows } {
  if (element.target.kind !== 'reference') return binder.fail(where, 'a reference is missing');
  const { object, records } = bindRecords(binder, where, element.target.path);
  const fields = bindFields(binder, where, object, element.fields);
  const writable = (name: string): boolean => object.fields.get(name)?.system === false;
  return {
    object,
    rows: (interview) =>
      records(interview).map((record) => {
        const own = Object.entries(record.fields).filter(([name]) => writable(name));
        // With assignments only those fields are saved; without, everything the variable holds.
        const values = element.fields.length > 0 ? fields(interview) : Object.fromEntries(own);
        return { ...values, Id: record.fields['Id'] ?? null };
      }),
  };
}

function assignRecord(binder: Binder, element: UpdateElement): Step {
  const where = `${element.kind} ${element.name}`;
  const { start } = binder.flow;
  if (start.kind !== 'record') return binder.fail(where, '$Record is missing');
  const fields = bindFields(
    binder,
    where,
    binder.object(where, start.selection.object),
    element.fields,
  );
  return {
    kind: 'instant',
    run: (interview) => {
      const record = interview.trigger?.record;
      if (isRecord(record)) Object.assign(record.fields, fields(interview));
      return { next: element.next };
    },
  };
}
