import type { ObjectDef } from '../../metadata/schema.ts';
import type { FieldValue, SaveError, SaveOutcome } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import type { FieldAssignment } from '../model.ts';
import type { OwnRow } from '../dataAccess.ts';
import type { Accessor, BulkOutcome, Interview, SaveRow } from '../runtime.ts';
import { fieldScalar, isRecord, toField, type RecordValue } from '../values.ts';

/** Binds `inputAssignments`: every field must exist, be writable and take the value's type. */
export function bindFields(
  binder: Binder,
  where: string,
  object: ObjectDef,
  fields: readonly FieldAssignment[],
): (interview: Interview) => Record<string, FieldValue> {
  const bound = fields.map(({ field, value }) => {
    const definition = object.fields.get(field);
    if (definition === undefined) return binder.fail(where, `${object.name} has no field ${field}`);
    if (definition.system)
      binder.fail(where, `${object.name}.${field} is set by the platform only`);
    const type = { kind: 'scalar', type: fieldScalar(definition) } as const;
    return { field, value: binder.operandOf(where, value, type, `${object.name}.${field}`) };
  });
  return (interview) =>
    Object.fromEntries(bound.map(({ field, value }) => [field, toField(value.get(interview))]));
}

/** The records that a record or record collection reference holds, and their object. */
export function bindRecords(
  binder: Binder,
  where: string,
  path: string,
): { object: ObjectDef; records: (interview: Interview) => RecordValue[]; accessor: Accessor } {
  const accessor = binder.accessor(where, path);
  const item = accessor.type.kind === 'collection' ? accessor.type.of : accessor.type;
  if (item.kind !== 'record')
    return binder.fail(where, `${path} is not a record or a collection of records`);
  return {
    object: binder.object(where, item.object),
    accessor,
    records: (interview) => {
      const value = accessor.get(interview);
      return (Array.isArray(value) ? value : [value]).filter(isRecord);
    },
  };
}

/** `$Flow.FaultMessage` for a save that failed, in the words of public logs of orgs. */
function faultText(verb: string, errors: readonly SaveError[]): string {
  const reasons = errors.map((error) => `${error.statusCode}: ${error.message}`).join('; ');
  return `This error occurred when the flow tried to ${verb} records: ${reasons}. You can look up ExceptionCode values in the SOAP API Developer Guide.`;
}

/** A row as the save takes it: with the user whom it is stamped with. */
export function toSaveRow({ interview, values }: OwnRow): SaveRow {
  return { values, actor: interview.actor };
}

/** One interview's outcome out of the outcomes of its rows: the first failure fails it. */
export function outcomeOf(
  verb: string,
  outcomes: readonly SaveOutcome[],
  partial = true,
): BulkOutcome {
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (failed === undefined || failed.ok) return { ok: true };
  return { ok: false, message: faultText(verb, failed.errors), partial };
}

/** Gives every interview the outcomes of its own rows back, after one save of all rows. */
export function splitOutcomes(
  counts: readonly number[],
  outcomes: readonly SaveOutcome[],
): SaveOutcome[][] {
  let from = 0;
  return counts.map((count) => {
    const own = outcomes.slice(from, from + count);
    from += count;
    return own;
  });
}

/** Before-save flows change `$Record` and nothing else; a save of another record is refused there. */
export function refuseBeforeSave(binder: Binder, where: string): void {
  const { start } = binder.flow;
  if (start.kind === 'record' && start.timing === 'before') {
    binder.fail(
      where,
      'a before-save flow cannot create, update or delete records; assign to $Record instead',
    );
  }
}
