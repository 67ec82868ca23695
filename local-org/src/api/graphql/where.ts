import { findField, findObject, findParent } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import type { CompareOp, Condition, FieldValue } from '../../store/records.ts';
import { spanOf } from '../../store/soql/dateLiterals.ts';
import { spanCondition } from '../../store/soql/spanCondition.ts';
import { isJsonObject } from '../rest/body.ts';
import { DataFetchingError } from './context.ts';
import { isPolymorphic } from './viewer.ts';

/** What a filter means depends on the org's objects and on the time, for dates counted from today. */
export interface WhereParts {
  readonly metadata: OrgMetadata;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const compareOps: Readonly<Record<string, CompareOp>> = {
  eq: '=',
  ne: '!=',
  lt: '<',
  gt: '>',
  lte: '<=',
  gte: '>=',
  like: 'like',
};

/**
 * The store's condition for a `where` that the schema has accepted. Everything that stands side by
 * side is joined by AND; texts compare and match as in SOQL, without case.
 * @param prefix the relationship path to the object, '' or ending in a dot
 */
export function toCondition(
  parts: WhereParts,
  object: ObjectDef,
  filter: unknown,
  prefix = '',
): Condition {
  const conditions: Condition[] = [];
  for (const [name, value] of entriesOf(filter)) {
    if (value === null) continue;
    if (name === 'and' || name === 'or') {
      const inner = listOf(value).map((one) => toCondition(parts, object, one, prefix));
      if (inner.length > 0) conditions.push({ kind: name, parts: inner });
    } else if (name === 'not') {
      conditions.push({ kind: 'not', part: toCondition(parts, object, value, prefix) });
    } else {
      conditions.push(memberCondition(parts, object, name, value, prefix));
    }
  }
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : { kind: 'and', parts: conditions };
}

function memberCondition(
  parts: WhereParts,
  object: ObjectDef,
  name: string,
  value: unknown,
  prefix: string,
): Condition {
  const field = findField(object, name);
  if (field !== undefined) {
    const tests = entriesOf(value).map(([operator, operand]) =>
      fieldCondition(parts, field, `${prefix}${field.name}`, operator, operand),
    );
    return { kind: 'and', parts: tests };
  }
  const lookup = findParent(object, name);
  if (lookup === undefined)
    throw new Error(`${object.name} has neither a field nor a parent ${name}`);
  const path = `${prefix}${name}.`;
  if (!isPolymorphic(lookup)) {
    const parent = findObject(parts.metadata, lookup.referenceTo?.[0] ?? '');
    if (parent === undefined) throw new Error(`${lookup.name} points to nothing`);
    return toCondition(parts, parent, value, path);
  }
  // Rows whose parent is of the named type and fits.
  const byType = entriesOf(value).flatMap(([type, inner]): Condition[] => {
    const parent = findObject(parts.metadata, type);
    if (parent === undefined || inner === null) return [];
    const isOfType: Condition = {
      kind: 'compare',
      field: `${prefix}${lookup.name}`,
      op: 'startsWith',
      value: parent.keyPrefix,
    };
    return [{ kind: 'and', parts: [isOfType, toCondition(parts, parent, inner, path)] }];
  });
  return { kind: 'and', parts: byType };
}

function fieldCondition(
  parts: WhereParts,
  field: FieldDef,
  path: string,
  operator: string,
  operand: unknown,
): Condition {
  const isDay = field.type === 'Date' || field.type === 'DateTime';
  if (operator === 'in' || operator === 'nin') {
    const operands = listOf(operand);
    const found: Condition = isDay
      ? { kind: 'or', parts: operands.map((one) => dayCondition(parts, field, path, '=', one)) }
      : { kind: 'in', field: path, values: operands.map(scalarOf), negated: false };
    return operator === 'nin' ? { kind: 'not', part: found } : found;
  }
  const op = compareOps[operator];
  if (op === undefined) throw new Error(`no operator ${operator}`);
  return isDay
    ? dayCondition(parts, field, path, op, operand)
    : { kind: 'compare', field: path, op, value: scalarOf(operand) };
}

/** `{value: …}`, `{literal: TODAY}` or `{range: {last_n_days: 7}}`. */
function dayCondition(
  parts: WhereParts,
  field: FieldDef,
  path: string,
  op: CompareOp,
  operand: unknown,
): Condition {
  if (operand === null) return { kind: 'compare', field: path, op, value: null };
  const [given, ...others] = entriesOf(operand);
  if (given === undefined || others.length > 0)
    throw new DataFetchingError(`${path}: give exactly one of value, literal and range`);
  const [kind, value] = given;
  if (kind === 'value') return { kind: 'compare', field: path, op, value: scalarOf(value) };
  const span = kind === 'literal' ? literalSpan(parts, value) : rangeSpan(parts, path, value);
  const condition = spanCondition(field, path, op, span);
  if (condition === undefined) throw new Error(`${path}: no operator ${op} for a span of days`);
  return condition;
}

function literalSpan(parts: WhereParts, literal: unknown): ReturnType<typeof spanOf> {
  return spanOf(String(literal), 0, parts.now);
}

function rangeSpan(parts: WhereParts, path: string, range: unknown): ReturnType<typeof spanOf> {
  const [given, ...others] = entriesOf(range);
  const [name = '', count] = given ?? [];
  if (typeof count !== 'number' || count < 1 || others.length > 0)
    throw new DataFetchingError(`${path}: a range needs one span with a number of days from 1`);
  return spanOf(name, count, parts.now);
}

function entriesOf(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function scalarOf(value: unknown): FieldValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return null;
}
