import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import type { Binder } from './binder.ts';
import { mayReadField, readFor } from './dataAccess.ts';
import type { Accessor, Limited } from './runtime.ts';
import {
  fieldScalar,
  isRecord,
  toField,
  typeText,
  type FlowValue,
  type RecordValue,
} from './values.ts';

/**
 * A field of a record, possibly through lookups (`$Record.Asset__r.AccountId`). A field of a record
 * that is not there is empty, as on the platform.
 */
export function fieldAccessor(
  binder: Binder,
  element: string,
  root: Limited,
  path: string,
  segments: readonly string[],
): Accessor {
  if (root.type.kind !== 'record') {
    return binder.fail(
      element,
      `${path}: ${path.split('.')[0]} is a ${typeText(root.type)}, it has no fields`,
    );
  }
  const object = binder.object(element, root.type.object);
  const [segment = '', ...rest] = segments;
  if (rest.length > 0) return throughLookup(binder, element, root, path, object, segment, rest);
  const field = object.fields.get(segment);
  if (field === undefined)
    return binder.fail(element, `${path}: ${object.name} has no field ${segment}`);
  if (field.type === 'Location')
    return binder.unsupported(element, `${path}: a compound field (name its __Latitude__s)`);
  if (root.only !== undefined && !root.only.has(segment)) {
    return binder.fail(
      element,
      `${path}: ${segment} is not among the queriedFields of ${path.split('.')[0]}`,
    );
  }
  return {
    type: { kind: 'scalar', type: fieldScalar(field) },
    get: (interview) => fieldOf(root.get(interview), segment),
    set:
      root.set === undefined || field.formula !== undefined
        ? undefined
        : setField(root, root.set, object.name, segment),
  };
}

function fieldOf(record: FlowValue, field: string): FlowValue {
  return isRecord(record) ? (record.fields[field] ?? null) : null;
}

function setField(
  root: Accessor,
  setRoot: NonNullable<Accessor['set']>,
  object: string,
  field: string,
): NonNullable<Accessor['set']> {
  return (interview, value) => {
    const current = root.get(interview);
    const record: RecordValue = isRecord(current) ? current : { object, fields: {} };
    if (!isRecord(current)) setRoot(interview, record);
    record.fields[field] = toField(value);
  };
}

function throughLookup(
  binder: Binder,
  element: string,
  root: Limited,
  path: string,
  object: ObjectDef,
  relationship: string,
  rest: readonly string[],
): Accessor {
  const lookup = [...object.fields.values()].find(
    (field) => field.relationshipName === relationship,
  );
  if (lookup === undefined)
    return binder.fail(element, `${path}: ${object.name} has no lookup ${relationship}`);
  const target = onlyTarget(binder, element, path, lookup);
  const targetObject = binder.object(element, target);
  const parent: Accessor = {
    type: { kind: 'record', object: target },
    get: (interview) => {
      const id = fieldOf(root.get(interview), lookup.name);
      const row = typeof id === 'string' ? readFor(interview, targetObject, id) : undefined;
      if (row === undefined) return null;
      const readable = Object.entries(row).filter(([name]) =>
        mayReadField(interview, target, name),
      );
      return { object: target, fields: Object.fromEntries(readable) };
    },
  };
  return fieldAccessor(binder, element, parent, path, rest);
}

function onlyTarget(binder: Binder, element: string, path: string, lookup: FieldDef): string {
  const [target, ...others] = lookup.referenceTo ?? [];
  if (target === undefined || others.length > 0) {
    return binder.unsupported(
      element,
      `${path}: a field through ${lookup.name}, which may point to several objects`,
    );
  }
  return target;
}
