import type { ObjectDef } from '../../metadata/schema.ts';
import type { Binder } from '../binder.ts';
import { saveFor, type OwnRow } from '../dataAccess.ts';
import type { CreateElement } from '../model.ts';
import type { FlowDml, Interview, Step } from '../runtime.ts';
import type { FieldValue, SaveOutcome } from '../../store/records.ts';
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
  if (element.upsert !== undefined) checkKey(binder, where, element, element.upsert.key);
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
          : saveAll(binder, context.dml, object, element.upsert, all);
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
        return outcomeOf('create', own, element.upsert?.allOrNone !== true);
      });
    },
  };
}

/** An upsert needs the right to create and the right to edit. */
function saveAll(
  binder: Binder,
  dml: FlowDml,
  object: ObjectDef,
  upsert: CreateElement['upsert'],
  rows: readonly OwnRow[],
): SaveOutcome[] {
  return saveFor(binder.metadata, 'create', object, rows, (allowed) => {
    if (upsert === undefined) return dml.insert(object.name, allowed.map(toSaveRow));
    return saveFor(binder.metadata, 'edit', object, allowed, (left) =>
      dml.upsert(object.name, upsert.key, left.map(toSaveRow), upsert.allOrNone),
    );
  });
}

function checkKey(binder: Binder, where: string, element: CreateElement, key: string): void {
  if (element.input.kind !== 'reference') return;
  const { object } = bindRecords(binder, where, element.input.path);
  const field = object.fields.get(key);
  if (object.kind === 'event') binder.fail(where, `${object.name} is an event`);
  if (field === undefined || (!field.externalId && field.type !== 'Id'))
    binder.fail(where, `${object.name}.${key} is no external id`);
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

/** A record that was got and goes back brings fields along that only the platform writes. */
function writableOf(
  object: ObjectDef,
  fields: Readonly<Record<string, FieldValue>>,
): Record<string, FieldValue> {
  const kept = Object.entries(fields).filter(
    ([name]) => name === 'Id' || object.fields.get(name)?.system === false,
  );
  return Object.fromEntries(kept);
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
    rows: (interview) =>
      records(interview).map(({ fields }) =>
        element.upsert === undefined ? { ...fields } : writableOf(object, fields),
      ),
    keepIds: (interview, ids) => {
      records(interview).forEach((record, index) => {
        if (ids[index] !== null) record.fields['Id'] = ids[index] ?? null;
      });
    },
  };
}
