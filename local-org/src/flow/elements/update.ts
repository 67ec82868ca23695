import type { FieldValue, SaveOutcome } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import type { UpdateElement } from '../model.ts';
import type { BulkOutcome, FlowContext, Interview, SaveRow, Step } from '../runtime.ts';
import { bindSelection, QueryFault } from '../selection.ts';
import { isRecord } from '../values.ts';
import { bindFields, bindRecords, outcomeOf, refuseBeforeSave, splitOutcomes } from './saving.ts';

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
      const all = perInterview.flatMap((own, index): SaveRow[] => {
        const actor = interviews[index]?.actor ?? { userId: '' };
        return Array.isArray(own) ? own.map((values) => ({ values, actor })) : [];
      });
      const outcomes = updateAll(context, object, all);
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

/** A record twice in one update is saved twice, in order; each time counts as a duplicate update. */
function updateAll(context: FlowContext, object: string, rows: readonly SaveRow[]): SaveOutcome[] {
  const outcomes: SaveOutcome[] = [];
  let chunk: SaveRow[] = [];
  let ids = new Set<unknown>();
  const flush = (): void => {
    if (chunk.length > 0) outcomes.push(...context.dml.update(object, chunk));
    chunk = [];
    ids = new Set();
  };
  for (const row of rows) {
    const id = row.values['Id'];
    if (typeof id === 'string') context.limits.countUpdate(id);
    if (ids.has(id)) flush();
    ids.add(id);
    chunk.push(row);
  }
  flush();
  return outcomes;
}

function bySelection(
  binder: Binder,
  where: string,
  element: UpdateElement,
): { object: string; rows: Rows } {
  if (element.target.kind !== 'selection') return binder.fail(where, 'conditions are missing');
  const object = binder.object(where, element.target.selection.object);
  const condition = bindSelection(binder, where, element.target.selection);
  const fields = bindFields(binder, where, object, element.fields);
  return {
    object: object.name,
    rows: (interview) => {
      const found = interview.context.store.select({
        object: object.name,
        where: condition(interview),
      });
      interview.context.limits.count('queryRows', found.length);
      const changes = fields(interview);
      return found.map((row) => ({ ...changes, Id: row['Id'] ?? null }));
    },
  };
}

function byReference(
  binder: Binder,
  where: string,
  element: UpdateElement,
): { object: string; rows: Rows } {
  if (element.target.kind !== 'reference') return binder.fail(where, 'a reference is missing');
  const { object, records } = bindRecords(binder, where, element.target.path);
  const fields = bindFields(binder, where, object, element.fields);
  const writable = (name: string): boolean => object.fields.get(name)?.system === false;
  return {
    object: object.name,
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
