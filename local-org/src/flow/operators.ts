import type { FieldValue } from '../store/records.ts';
import { isRecord, toField, type FlowType, type FlowValue } from './values.ts';

/** How a condition operator compares, and what it takes. */
export interface ConditionOperator {
  /** Which left sides it takes. */
  readonly left: (type: FlowType) => boolean;
  /** What the right side must be. */
  readonly right: 'same' | 'boolean' | 'collection';
  readonly test: (left: FlowValue, right: FlowValue, exactCase: () => boolean) => boolean;
  /** How support is described to people. */
  readonly note?: string;
}

const scalar = (type: FlowType): boolean => type.kind === 'scalar';
const anything = (): boolean => true;
const text = (type: FlowType): boolean =>
  type.kind === 'scalar' && (type.type === 'text' || type.type === 'picklist');
const orderable = (type: FlowType): boolean =>
  type.kind === 'scalar' &&
  (type.type === 'number' || type.type === 'date' || type.type === 'datetime');

function lower(value: FieldValue): string {
  return String(value).toLowerCase();
}

/** Empty text and no value are different in a flow (help platform.flow_ref_resources_globalconstants). */
function equal(left: FlowValue, right: FlowValue, exactCase: () => boolean): boolean {
  const [a, b] = [toField(left), toField(right)];
  if (a === b) return true;
  return typeof a === 'string' && typeof b === 'string' && lower(a) === lower(b) && !exactCase();
}

/**
 * Text operators ignore upper and lower case, as shown for Starts With at
 * pmdaddy.cn/tech/50895975.html; nothing is found in an empty value.
 */
function textTest(test: (left: string, right: string) => boolean): ConditionOperator {
  return {
    left: text,
    right: 'same',
    test: (left, right) => {
      const [a, b] = [toField(left), toField(right)];
      return a !== null && b !== null && test(lower(a), lower(b));
    },
    note: 'ignores upper and lower case',
  };
}

function orderTest(
  test: (left: string | number | boolean, right: string | number | boolean) => boolean,
): ConditionOperator {
  return {
    left: orderable,
    right: 'same',
    test: (left, right) => {
      const [a, b] = [toField(left), toField(right)];
      return a !== null && b !== null && test(a, b);
    },
    note: 'false when either side is empty',
  };
}

function nothing(value: FlowValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return !isRecord(value) && value === null;
}

/** Operators of Decision elements and entry conditions, except IsChanged, which needs the change. */
export const CONDITION_OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  EqualTo: {
    left: scalar,
    right: 'same',
    test: equal,
    note: 'upper and lower case: assumption condition-case',
  },
  NotEqualTo: {
    left: scalar,
    right: 'same',
    test: (left, right, exactCase) => !equal(left, right, exactCase),
    note: 'upper and lower case: assumption condition-case',
  },
  GreaterThan: orderTest((a, b) => a > b),
  GreaterThanOrEqualTo: orderTest((a, b) => a >= b),
  LessThan: orderTest((a, b) => a < b),
  LessThanOrEqualTo: orderTest((a, b) => a <= b),
  Contains: textTest((a, b) => a.includes(b)),
  StartsWith: textTest((a, b) => a.startsWith(b)),
  EndsWith: textTest((a, b) => a.endsWith(b)),
  IsNull: {
    left: anything,
    right: 'boolean',
    test: (left, right) => nothing(left) === right,
    note: 'a collection without items is null',
  },
  IsBlank: {
    left: scalar,
    right: 'boolean',
    test: (left, right) => (toField(left) === null || left === '') === right,
  },
  IsEmpty: {
    left: (type) => type.kind === 'collection',
    right: 'boolean',
    test: (left, right) => nothing(left) === right,
  },
  In: {
    left: scalar,
    right: 'collection',
    test: (left, right, exactCase) =>
      Array.isArray(right) && right.some((item) => equal(left, item, exactCase)),
  },
  NotIn: {
    left: scalar,
    right: 'collection',
    test: (left, right, exactCase) =>
      !(Array.isArray(right) && right.some((item) => equal(left, item, exactCase))),
  },
};
