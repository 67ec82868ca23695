import type { RecordData } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import { mayReadField, refuseUnreadable, selectFor } from '../dataAccess.ts';
import { QueryFault } from '../errors.ts';
import type { LookupElement } from '../model.ts';
import type { BulkOutcome, Interview, Step } from '../runtime.ts';
import { bindSelection } from '../selection.ts';
import { fieldScalar, type FlowValue, type RecordValue } from '../values.ts';

/**
 * Get Records. All interviews that wait at it share one query: one SOQL statement is counted, and
 * every row that any of them gets counts as a query row.
 */
export function bindLookup(binder: Binder, element: LookupElement): Step {
  const where = `${element.kind} ${element.name}`;
  const object = binder.object(where, element.selection.object);
  if (object.kind === 'event')
    binder.fail(where, `${object.name} is an event, which has no records to get`);
  for (const field of [
    ...element.queriedFields,
    ...(element.sort === undefined ? [] : [element.sort.field]),
  ]) {
    if (!object.fields.has(field)) binder.fail(where, `${object.name} has no field ${field}`);
  }
  if (element.sort !== undefined && object.fields.get(element.sort.field)?.formula !== undefined)
    binder.unsupported(where, `sorting by the formula field ${element.sort.field}`);
  const condition = bindSelection(binder, where, element.selection);
  const fields =
    element.queriedFields.length === 0
      ? [...object.fields.keys()]
      : ['Id', ...element.queriedFields];
  const store = bindOutput(binder, where, element);
  const limit = element.firstOnly ? 1 : element.limit;
  const { sort } = element;
  const asked = [
    ...element.selection.filters.map(({ field }) => field),
    ...(sort === undefined ? [] : [sort.field]),
  ];

  function query(interview: Interview): BulkOutcome {
    try {
      refuseUnreadable(interview, object, asked);
      const readable = fields.filter((name) => mayReadField(interview, object.name, name));
      const rows = selectFor(interview, object, {
        object: object.name,
        where: condition(interview),
        ...(sort === undefined
          ? {}
          : {
              orderBy: [
                { field: sort.field, descending: sort.descending, nullsLast: sort.descending },
              ],
            }),
        ...(limit === undefined ? {} : { limit }),
      });
      interview.context.limits.count('queryRows', rows.length);
      store(
        interview,
        rows.map((row) => toRecord(object.name, row, readable)),
      );
      return { ok: true };
    } catch (error) {
      if (error instanceof QueryFault) return { ok: false, message: error.message, partial: false };
      throw error;
    }
  }

  return {
    kind: 'bulk',
    next: element.next,
    fault: element.fault,
    run: (interviews) => {
      interviews[0]?.context.limits.count('queries');
      return interviews.map(query);
    },
  };
}

function toRecord(object: string, row: RecordData, fields: readonly string[]): RecordValue {
  return { object, fields: Object.fromEntries(fields.map((field) => [field, row[field] ?? null])) };
}

/** Where the records go. Finding none leaves a variable as it was unless the element says otherwise. */
function bindOutput(
  binder: Binder,
  where: string,
  element: LookupElement,
): (interview: Interview, records: RecordValue[]) => void {
  const { output, firstOnly, nullIfNone } = element;
  const value = (records: RecordValue[]): FlowValue => (firstOnly ? (records[0] ?? null) : records);
  if (output.kind === 'automatic') {
    return (interview, records) => interview.values.set(element.name, value(records));
  }
  if (output.kind === 'record') {
    const target = binder.target(where, output.to);
    const item = { kind: 'record', object: element.selection.object } as const;
    const wanted = firstOnly ? item : ({ kind: 'collection', of: item } as const);
    if (JSON.stringify(target.type) !== JSON.stringify(wanted)) {
      binder.fail(where, `${output.to} cannot hold what is found`);
    }
    return (interview, records) => {
      if (records.length > 0 || nullIfNone) target.set(interview, value(records));
    };
  }
  const object = binder.object(where, element.selection.object);
  const pairs = output.fields.map(({ field, to }) => {
    const definition = object.fields.get(field);
    if (definition === undefined) return binder.fail(where, `${object.name} has no field ${field}`);
    const target = binder.target(where, to);
    if (target.type.kind !== 'scalar' || target.type.type !== plainOf(fieldScalar(definition))) {
      binder.fail(where, `${to} cannot hold ${field}`);
    }
    return { field, target };
  });
  return (interview, [record]) => {
    if (record === undefined && !nullIfNone) return;
    for (const { field, target } of pairs) target.set(interview, record?.fields[field] ?? null);
  };
}

function plainOf(type: ReturnType<typeof fieldScalar>): string {
  return type === 'picklist' ? 'text' : type;
}
