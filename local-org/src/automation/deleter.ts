import type { FlowContext, Trigger } from '../flow/runtime.ts';
import type { Actor, RecordStore, SaveError, SaveOutcome } from '../store/records.ts';
import { rolledBack } from '../store/saveErrors.ts';
import type { Assumptions } from './assumptions.ts';
import { attemptPartially } from './attempts.ts';
import { runRecordFlow } from './recordFlows.ts';
import { saveError } from './rows.ts';
import type { Scopes, TransactionScope } from './scope.ts';
import type { Triggers } from './triggers.ts';

/** Flows see at most this many records at once (accidentalcodersf.com/2020/08/before-delete-flow-salesforce.html). */
const CHUNK = 200;

export interface DeleterParts {
  readonly store: RecordStore;
  readonly scopes: Scopes;
  readonly triggers: Triggers;
  readonly assumptions: Assumptions;
  readonly contextOf: (scope: TransactionScope) => FlowContext;
}

export interface Deletion {
  readonly object: string;
  readonly ids: readonly string[];
  readonly actor: Actor;
  readonly allOrNone: boolean;
}

/** One record to be deleted. */
interface Doomed {
  readonly id: string;
  readonly trigger: Trigger;
  readonly actor: Actor;
}

class RollBack extends Error {}

/**
 * Deletes rows: before-delete flows run while the records are still there, then the store deletes
 * them. A record that a flow refuses (custom error, unhandled fault) or the store keeps is undone with
 * all that its flows did. Records that go with their parents set nothing off: "Records that did not
 * initiate a delete don't cause trigger evaluation" (Apex Developer Guide, "Operations That Don't
 * Invoke Triggers").
 */
export function deleteInOrder(
  parts: DeleterParts,
  scope: TransactionScope,
  deletion: Deletion,
): SaveOutcome[] {
  const { ids, allOrNone } = deletion;
  let outcomes: SaveOutcome[] = [];
  try {
    parts.store.transaction(() => {
      for (let from = 0; from < ids.length; from += CHUNK) {
        const some = ids.slice(from, from + CHUNK);
        outcomes.push(...deleteChunk(parts, scope, { ...deletion, ids: some }));
      }
      if (allOrNone && outcomes.some((outcome) => !outcome.ok)) throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
    outcomes = outcomes.map((outcome) =>
      outcome.ok ? { ok: false, errors: [rolledBack] } : outcome,
    );
  }
  return outcomes;
}

function deleteChunk(
  parts: DeleterParts,
  scope: TransactionScope,
  { object, ids, actor, allOrNone }: Deletion,
): SaveOutcome[] {
  const { store, triggers } = parts;
  const flows = triggers.onDelete(object);
  const rows = ids.map((id): Doomed => {
    const fields = { ...store.read(object, id) };
    return { id, actor, trigger: { record: { object, fields }, prior: undefined, isNew: false } };
  });
  const attempt = (left: readonly Doomed[]): Map<Doomed, SaveError[]> =>
    parts.scopes.deeper(scope, () => attemptDelete(parts, scope, object, left));
  const failed =
    allOrNone || flows.length === 0
      ? attempt(rows)
      : attemptPartially<Doomed, SaveError[]>({
          store,
          limits: scope.limits,
          items: rows,
          keepRest: false,
          attempt,
          tooMany: [
            saveError(
              'UNKNOWN_EXCEPTION',
              'Too many batch retries in the presence of flow triggers and partial failures.',
            ),
          ],
        });
  return rows.map((row): SaveOutcome => {
    const why = failed.get(row);
    return why === undefined
      ? { ok: true, id: row.id, created: false }
      : { ok: false, errors: why };
  });
}

function attemptDelete(
  parts: DeleterParts,
  scope: TransactionScope,
  object: string,
  rows: readonly Doomed[],
): Map<Doomed, SaveError[]> {
  const { store } = parts;
  const failed = new Map<Doomed, SaveError[]>();
  for (const { flow } of parts.triggers.onDelete(object)) {
    // Of a record that is not there the store says why; no flow is asked.
    const present = rows.filter((row) => !failed.has(row) && 'Id' in row.trigger.record.fields);
    const refused = runRecordFlow(flow, present, parts.contextOf(scope), parts.assumptions);
    for (const [row, errors] of refused) failed.set(row, errors);
  }
  for (const row of rows) {
    if (failed.has(row)) continue;
    const outcome = store.writeDelete(object, row.id, row.actor);
    if (!outcome.ok) failed.set(row, [...outcome.errors]);
  }
  return failed;
}
