import type { FlowContext, SaveRow } from '../flow/runtime.ts';
import type { ObjectDef } from '../metadata/schema.ts';
import type { RecordData, RecordStore, SaveError, SaveOutcome } from '../store/records.ts';
import { rolledBack } from '../store/saveErrors.ts';
import type { Assumptions } from './assumptions.ts';
import type { AsyncQueue } from './asyncQueue.ts';
import { attemptPartially } from './attempts.ts';
import { isDue, runRecordFlow } from './recordFlows.ts';
import { reviewScheduledPaths, setOffScheduledPaths } from './scheduledPaths.ts';
import { changedRow, collidesWithin, newRow, saveError, toWrite, type Row } from './rows.ts';
import type { Scopes, TransactionScope } from './scope.ts';
import type { RecordFlow, Triggers } from './triggers.ts';
import type { ValidationRules } from './validationRules.ts';

/** Automation sees at most this many records at once (Apex Developer Guide, "Triggers"). */
const CHUNK = 200;

export interface SaverParts {
  readonly store: RecordStore;
  readonly scopes: Scopes;
  readonly triggers: Triggers;
  readonly rules: ValidationRules;
  readonly queue: AsyncQueue;
  readonly assumptions: Assumptions;
  readonly contextOf: (scope: TransactionScope) => FlowContext;
}

export interface Save {
  readonly change: 'insert' | 'update';
  readonly object: ObjectDef;
  readonly rows: readonly SaveRow[];
  readonly allOrNone: boolean;
}

/**
 * Saves rows in the platform's order (Apex Developer Guide, "Triggers and Order of Execution"):
 * defaults, before-save flows, the store's checks and the write, validation rules, after-save flows;
 * asynchronous paths are queued for after the commit. Rows that fail anywhere are undone with what they set off.
 */
export function saveInOrder(parts: SaverParts, scope: TransactionScope, save: Save): SaveOutcome[] {
  const size = save.allOrNone ? Math.max(save.rows.length, 1) : CHUNK;
  const outcomes: SaveOutcome[] = [];
  for (let from = 0; from < save.rows.length; from += size) {
    outcomes.push(
      ...saveChunk(parts, scope, { ...save, rows: save.rows.slice(from, from + size) }),
    );
  }
  return outcomes;
}

function saveChunk(parts: SaverParts, scope: TransactionScope, save: Save): SaveOutcome[] {
  const { triggers, store } = parts;
  const flows = [
    ...triggers.onSave(save.object.name, save.change, 'before'),
    ...triggers.onSave(save.object.name, save.change, 'after'),
  ];
  const ids = new Map<SaveRow, string>();
  const attempt = (rows: readonly SaveRow[]): Map<SaveRow, SaveError[]> =>
    parts.scopes.deeper(scope, () => attemptSave(parts, scope, { ...save, rows }, ids));
  const failed = save.allOrNone
    ? attemptAll(store, save.rows, attempt)
    : attemptPartially<SaveRow, SaveError[]>({
        store,
        limits: scope.limits,
        items: save.rows,
        keepRest: flows.length === 0,
        attempt,
        tooMany: [
          saveError(
            'UNKNOWN_EXCEPTION',
            'Too many batch retries in the presence of flow triggers and partial failures.',
          ),
        ],
      });
  return save.rows.map((row): SaveOutcome => {
    const errors = failed.get(row);
    if (errors !== undefined) return { ok: false, errors };
    return { ok: true, id: ids.get(row) ?? '', created: save.change === 'insert' };
  });
}

class RollBack extends Error {}

/** All or none: one row that fails undoes all, and the others say so. */
function attemptAll(
  store: RecordStore,
  rows: readonly SaveRow[],
  attempt: (rows: readonly SaveRow[]) => Map<SaveRow, SaveError[]>,
): Map<SaveRow, SaveError[]> {
  let failed = new Map<SaveRow, SaveError[]>();
  try {
    store.transaction(() => {
      for (let from = 0; from < rows.length; from += CHUNK) {
        failed = new Map([...failed, ...attempt(rows.slice(from, from + CHUNK))]);
      }
      if (failed.size > 0) throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
    for (const row of rows) if (!failed.has(row)) failed.set(row, [rolledBack]);
  }
  return failed;
}

function attemptSave(
  parts: SaverParts,
  scope: TransactionScope,
  save: Save,
  ids: Map<SaveRow, string>,
): Map<SaveRow, SaveError[]> {
  const { triggers, store, assumptions } = parts;
  const failed = new Map<SaveRow, SaveError[]>();
  let rows = save.rows.flatMap((source) => prepare(store, save, source, failed));
  const before = new Map(rows.map((row) => [row, { ...row.trigger.record.fields }]));

  for (const { flow } of triggers.onSave(save.object.name, save.change, 'before')) {
    rows = runFlow(parts, scope, { flow, rows, failed });
  }
  const writes = rows.map((row) => toWrite(row, before.get(row) ?? {}));
  if (collidesWithin(save.object, writes) && assumptions['duplicate-in-batch'] === 'batch') {
    const error = saveError(
      'DUPLICATE_VALUE',
      'duplicate value found: rows of this save duplicate each other',
    );
    for (const row of rows) failed.set(row.source, [error]);
    return failed;
  }
  const written = rows.filter((row, index) => {
    const outcome = parts.rules.guard(save.object, row, () =>
      write(store, save, row, writes[index] ?? {}),
    );
    if (outcome.ok) ids.set(row.source, outcome.id);
    else failed.set(row.source, [...outcome.errors]);
    row.id = outcome.ok ? outcome.id : undefined;
    return outcome.ok;
  });
  runAfterSave(parts, scope, save, written, failed);
  return failed;
}

function prepare(
  store: RecordStore,
  save: Save,
  source: SaveRow,
  failed: Map<SaveRow, SaveError[]>,
): Row[] {
  const withFormulas: RecordStore['withFormulas'] = (name, row) => store.withFormulas(name, row);
  if (save.change === 'insert') return [newRow(save.object, source, withFormulas)];
  const id = source.values['Id'];
  if (typeof id !== 'string' || id === '') {
    failed.set(source, [
      saveError('MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']),
    ]);
    return [];
  }
  const old = store.read(save.object.name, id);
  if (old !== undefined) return [changedRow(save.object, source, old, withFormulas)];
  // The store knows best why: deleted, or never there.
  const outcome = store.writeUpdate(save.object.name, id, {}, source.actor);
  failed.set(source, outcome.ok ? [] : [...outcome.errors]);
  return [];
}

function write(store: RecordStore, save: Save, row: Row, values: RecordData): SaveOutcome {
  return save.change === 'insert'
    ? store.writeInsert(save.object.name, values, row.source.actor)
    : store.writeUpdate(save.object.name, row.id ?? '', values, row.source.actor);
}

function runFlow(
  parts: SaverParts,
  scope: TransactionScope,
  run: { flow: RecordFlow['flow']; rows: readonly Row[]; failed: Map<SaveRow, SaveError[]> },
): Row[] {
  const candidates = run.rows.map((row) => ({
    row,
    trigger: row.trigger,
    actor: row.source.actor,
  }));
  const refused = runRecordFlow(run.flow, candidates, parts.contextOf(scope), parts.assumptions);
  for (const [{ row }, errors] of refused) run.failed.set(row.source, errors);
  return run.rows.filter((row) => !run.failed.has(row.source));
}

/**
 * After-save flows, and the asynchronous paths that become due. Not for a record that is saved
 * again by its own after-save flows: "during a recursive save" those steps are left out.
 */
function runAfterSave(
  parts: SaverParts,
  scope: TransactionScope,
  save: Save,
  written: readonly Row[],
  failed: Map<SaveRow, SaveError[]>,
): void {
  if (save.change === 'update') {
    const ids = written.map((row) => row.id ?? '');
    reviewScheduledPaths(parts, parts.contextOf(scope), save.object, ids);
  }
  const flows = parts.triggers.onSave(save.object.name, save.change, 'after');
  if (flows.length === 0) return;
  let rows = written.filter((row) => !scope.inAfterSave.has(row.id ?? ''));
  const own = rows.map((row) => row.id ?? '');
  own.forEach((id) => scope.inAfterSave.add(id));
  try {
    for (const { flow, start } of flows) {
      // Each flow has a $Record of its own: the row as it is now, with what flows before it saved.
      rows = rows.map((row) => asSaved(parts.store, save.object, row));
      if (start.asynchronous !== undefined) queuePaths(parts, scope, { flow, start }, rows);
      setOffScheduledPaths(parts, scope, { flow, start }, rows);
      if (start.next !== undefined) rows = runFlow(parts, scope, { flow, rows, failed });
    }
  } finally {
    own.forEach((id) => scope.inAfterSave.delete(id));
  }
}

function asSaved(store: RecordStore, object: ObjectDef, row: Row): Row {
  const fields = { ...(store.read(object.name, row.id ?? '') ?? row.trigger.record.fields) };
  return { ...row, trigger: { ...row.trigger, record: { object: object.name, fields } } };
}

function queuePaths(
  parts: SaverParts,
  scope: TransactionScope,
  { flow }: RecordFlow,
  rows: readonly Row[],
): void {
  for (const row of rows) {
    const { trigger, source } = row;
    if (!isDue(flow, { trigger, actor: source.actor }, parts.contextOf(scope))) continue;
    parts.queue.put({
      batch: scope.id,
      dueAt: 0,
      flow: flow.source.name,
      path: '',
      object: trigger.record.object,
      recordId: row.id ?? '',
      record: JSON.stringify(trigger.record.fields),
      prior: trigger.prior === undefined ? undefined : JSON.stringify(trigger.prior.fields),
      userId: source.actor.userId,
    });
  }
}
