import type { ObjectDef } from '../../metadata/schema.ts';
import type { SaveOutcome } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import { saveFor, type OwnRow } from '../dataAccess.ts';
import { QueryFault } from '../errors.ts';
import type { DeleteElement } from '../model.ts';
import type { BulkOutcome, Interview, Step } from '../runtime.ts';
import { bindFound } from '../selection.ts';
import { bindRecords, outcomeOf, refuseBeforeSave } from './saving.ts';

/** Delete Records: all or nothing, so one row that fails sends every waiting interview to its fault path. */
export function bindDelete(binder: Binder, element: DeleteElement): Step {
  const where = `${element.kind} ${element.name}`;
  refuseBeforeSave(binder, where);
  const { object, ids } = bindTarget(binder, where, element);
  return {
    kind: 'bulk',
    next: element.next,
    fault: element.fault,
    run: (interviews) => {
      const [first] = interviews;
      if (first === undefined) return [];
      if (element.target.kind === 'selection') first.context.limits.count('queries');
      const outcome = ((): BulkOutcome => {
        try {
          const owners = new Map(
            interviews.flatMap((interview) => ids(interview).map((id) => [id, interview] as const)),
          );
          const rows = [...owners].map(([Id, interview]) => ({ interview, values: { Id } }));
          const save = (): SaveOutcome[] =>
            first.context.dml.delete(object.name, [...owners.keys()], first.actor);
          return rows.length === 0
            ? { ok: true }
            : outcomeOf('delete', deleteAll(binder, object, rows, save), false);
        } catch (error) {
          if (error instanceof QueryFault)
            return { ok: false, message: error.message, partial: false };
          throw error;
        }
      })();
      return interviews.map(() => outcome);
    },
  };
}

/** One row that may not be deleted keeps all of them. */
function deleteAll(
  binder: Binder,
  object: ObjectDef,
  rows: readonly OwnRow[],
  save: () => SaveOutcome[],
): SaveOutcome[] {
  const judged = saveFor(binder.metadata, 'delete', object, rows, (allowed) =>
    allowed.map(() => ({ ok: true, id: '', created: false })),
  );
  return judged.every(({ ok }) => ok) ? save() : judged;
}

function bindTarget(
  binder: Binder,
  where: string,
  element: DeleteElement,
): { object: ObjectDef; ids: (interview: Interview) => string[] } {
  if (element.target.kind === 'reference') {
    const { object, records } = bindRecords(binder, where, element.target.path);
    return {
      object,
      ids: (interview) => records(interview).map((record) => String(record.fields['Id'] ?? '')),
    };
  }
  const object = binder.object(where, element.target.selection.object);
  const found = bindFound(binder, where, element.target.selection);
  return {
    object,
    ids: (interview) => found(interview).map((row) => String(row['Id'] ?? '')),
  };
}
