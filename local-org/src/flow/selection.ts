import type { FieldDef } from '../metadata/schema.ts';
import type {
  CompareOp,
  Condition as StoreCondition,
  FieldValue,
  RecordData,
} from '../store/records.ts';
import type { Binder } from './binder.ts';
import { refuseUnreadable, selectFor } from './dataAccess.ts';
import { QueryFault } from './errors.ts';
import type { Filter, Logic, Selection } from './model.ts';
import type { Interview } from './runtime.ts';
import { fieldScalar, toField, type FlowType } from './values.ts';

/** Filter operators that compare a field with one value. */
export const FILTER_OPERATORS: Readonly<Record<string, CompareOp>> = {
  EqualTo: '=',
  NotEqualTo: '!=',
  GreaterThan: '>',
  GreaterThanOrEqualTo: '>=',
  LessThan: '<',
  LessThanOrEqualTo: '<=',
  Contains: 'contains',
  StartsWith: 'startsWith',
  EndsWith: 'endsWith',
};

/** Filter operators of another shape. */
export const OTHER_FILTER_OPERATORS = ['IsNull', 'In', 'NotIn'] as const;

type Bound = (interview: Interview) => StoreCondition;

/** Binds the filters of Get, Update and Delete Records to a store condition per interview. */
export function bindSelection(binder: Binder, element: string, selection: Selection): Bound {
  const bound = selection.filters.map((filter) =>
    bindFilter(binder, element, selection.object, filter),
  );
  return (interview) =>
    combine(selection.logic, (index) => bound[index]?.(interview) ?? { kind: 'and', parts: [] });
}

/** Binds the filters of Update and Delete Records; what they find counts as rows queried. */
export function bindFound(
  binder: Binder,
  element: string,
  selection: Selection,
): (interview: Interview) => RecordData[] {
  const object = binder.object(element, selection.object);
  const condition = bindSelection(binder, element, selection);
  const fields = selection.filters.map(({ field }) => field);
  return (interview) => {
    refuseUnreadable(interview, object, fields);
    const found = selectFor(interview, object, {
      object: object.name,
      where: condition(interview),
    });
    interview.context.limits.count('queryRows', found.length);
    return found;
  };
}

function combine(logic: Logic, condition: (index: number) => StoreCondition): StoreCondition {
  switch (logic.kind) {
    case 'condition':
      return condition(logic.index);
    case 'not':
      return { kind: 'not', part: combine(logic.part, condition) };
    case 'and':
    case 'or':
      return { kind: logic.kind, parts: logic.parts.map((part) => combine(part, condition)) };
  }
}

function bindFilter(binder: Binder, element: string, objectName: string, filter: Filter): Bound {
  const object = binder.object(element, objectName);
  const field = object.fields.get(filter.field);
  if (field === undefined)
    return binder.fail(element, `${object.name} has no field ${filter.field}`);
  if (field.formula !== undefined)
    return binder.unsupported(element, `a filter by the formula field ${field.name}`);
  if (field.type === 'Location')
    return binder.unsupported(element, `a filter by the compound field ${field.name}`);
  if (field.type === 'LongTextArea') {
    return binder.fail(
      element,
      `${object.name}.${field.name} is a long text, which cannot be filtered by`,
    );
  }
  const type: FlowType = { kind: 'scalar', type: fieldScalar(field) };
  const what = `${filter.field} ${filter.operator}`;
  if (filter.operator === 'IsNull') {
    const isNull = binder.operandOf(
      element,
      filter.value,
      { kind: 'scalar', type: 'boolean' },
      what,
    );
    return (interview) => ({
      kind: 'compare',
      field: field.name,
      op: isNull.get(interview) === true ? '=' : '!=',
      value: null,
    });
  }
  if (filter.operator === 'In' || filter.operator === 'NotIn') {
    const list = binder.operandOf(element, filter.value, { kind: 'collection', of: type }, what);
    const negated = filter.operator === 'NotIn';
    return (interview) => {
      const items = list.get(interview);
      const values = Array.isArray(items) ? items.map((item) => checked(field, toField(item))) : [];
      return { kind: 'in', field: field.name, values, negated };
    };
  }
  const op = Object.hasOwn(FILTER_OPERATORS, filter.operator)
    ? FILTER_OPERATORS[filter.operator]
    : undefined;
  if (op === undefined)
    return binder.unsupported(element, `the filter operator ${filter.operator}`);
  const value = binder.operandOf(element, filter.value, type, what);
  return (interview) => {
    const wanted = checked(field, toField(value.get(interview)));
    if (op === '=' && wanted === null && !interview.context.nullMatches) return nothing;
    return { kind: 'compare', field: field.name, op, value: wanted };
  };
}

const nothing: StoreCondition = { kind: 'or', parts: [] };

/** An id field compared with something that is no id is a query error, not "nothing found". */
function checked(field: FieldDef, value: FieldValue): FieldValue {
  const isId = field.type === 'Id' || field.type === 'Lookup';
  if (
    isId &&
    value !== null &&
    value !== '' &&
    !/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(String(value))
  ) {
    throw new QueryFault(`INVALID_QUERY_FILTER_OPERATOR: invalid ID field: ${String(value)}`);
  }
  return value;
}
