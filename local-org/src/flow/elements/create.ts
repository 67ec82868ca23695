import type { ObjectDef } from '../../metadata/schema.ts';
import type { Binder } from '../binder.ts';
import { saveFor } from '../dataAccess.ts';
import type { CreateElement } from '../model.ts';
import type { Interview, Step } from '../runtime.ts';
import type { FieldValue } from '../../store/records.ts';
import {
  bindFields,
  bindRecords,
  outcomeOf,
  refuseBeforeSave,
  splitOutcomes,
  toSaveRow,
} from './saving.ts';

/**
 * Create Records: one insert for all interviews that wait at it, partial save (Spring '20 release
 * note "Save Successful Record Changes in a Batch"). A row that fails sends only its interview to
 * the fault path. Creating an event (`X__e`) publishes it.
 */
export function bindCreate(binder: Binder, element: CreateElement): Step {
  const where = `${element.kind} ${element.name}`;
  refuseBeforeSave(binder, where);
  const { object, rows, keepIds } =
    element.input.kind === 'fields'
      ? fromFields(binder, where, element, element.input)
      : fromReference(binder, where, element, element.input.path);

  return {
    kind: 'bulk',
    next: element.next,
    fault: element.fault,
    run: (interviews) => {
      const context = interviews[0]?.context;
      const perInterview = interviews.map(rows);
      const all = interviews.flatMap((interview, index) =>
        (perInterview[index] ?? []).map((values) => ({ interview, values })),
      );
      const outcomes =
        context === undefined || all.length === 0
          ? []
          : saveFor(binder.metadata, 'create', object, all, (allowed) =>
              context.dml.insert(object.name, allowed.map(toSaveRow)),
            );
      const split = splitOutcomes(
        perInterview.map((own) => own.length),
        outcomes,
      );
      return split.map((own, index) => {
        const interview = interviews[index];
        if (interview !== undefined)
          keepIds(
            interview,
            own.map((outcome) => (outcome.ok ? outcome.id : null)),
          );
        return outcomeOf('create', own);
      });
    },
  };
}

interface Input {
  readonly object: ObjectDef;
  readonly rows: (interview: Interview) => Record<string, FieldValue>[];
  readonly keepIds: (interview: Interview, ids: readonly (string | null)[]) => void;
}

function fromFields(
  binder: Binder,
  where: string,
  element: CreateElement,
  input: Extract<CreateElement['input'], { kind: 'fields' }>,
): Input {
  const object = binder.object(where, input.object);
  const fields = bindFields(binder, where, object, input.fields);
  const idTo = element.idTo === undefined ? undefined : binder.target(where, element.idTo);
  if (idTo !== undefined && !(idTo.type.kind === 'scalar' && idTo.type.type === 'text')) {
    binder.fail(where, `${element.idTo} cannot hold a record id`);
  }
  return {
    object,
    rows: (interview) => [fields(interview)],
    keepIds: (interview, [id = null]) => {
      if (element.automatic) interview.values.set(element.name, id);
      idTo?.set(interview, id);
    },
  };
}

function fromReference(binder: Binder, where: string, element: CreateElement, path: string): Input {
  if (element.automatic || element.idTo !== undefined) {
    binder.fail(
      where,
      `the ids are stored in ${path}; storeOutputAutomatically and assignRecordIdToReference do not apply`,
    );
  }
  const { object, records } = bindRecords(binder, where, path);
  return {
    object,
    rows: (interview) => records(interview).map((record) => ({ ...record.fields })),
    keepIds: (interview, ids) => {
      records(interview).forEach((record, index) => {
        if (ids[index] !== null) record.fields['Id'] = ids[index] ?? null;
      });
    },
  };
}
