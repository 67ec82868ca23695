import type { Binder } from '../binder.ts';
import type { DeleteElement } from '../model.ts';
import type { BulkOutcome, Interview, Step } from '../runtime.ts';
import { bindFound, QueryFault } from '../selection.ts';
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
          const all = [...new Set(interviews.flatMap(ids))];
          return all.length === 0
            ? { ok: true }
            : outcomeOf('delete', first.context.dml.delete(object, all, first.actor), false);
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

function bindTarget(
  binder: Binder,
  where: string,
  element: DeleteElement,
): { object: string; ids: (interview: Interview) => string[] } {
  if (element.target.kind === 'reference') {
    const { object, records } = bindRecords(binder, where, element.target.path);
    return {
      object: object.name,
      ids: (interview) => records(interview).map((record) => String(record.fields['Id'] ?? '')),
    };
  }
  const object = binder.object(where, element.target.selection.object);
  const found = bindFound(binder, where, element.target.selection);
  return {
    object: object.name,
    ids: (interview) => found(interview).map((row) => String(row['Id'] ?? '')),
  };
}
