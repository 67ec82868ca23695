import type {
  ConditionWithValueQuery,
  Query as ParsedQuery,
  WhereClause,
} from '@jetstreamapp/soql-parser-js';

import type { FieldDef } from '../../metadata/schema.ts';
import type { Condition, FieldValue } from '../records.ts';
import { spanOf } from './dateLiterals.ts';
import { literalValue } from './literals.ts';
import { resolvePath } from './paths.ts';
import type { Scope } from './paths.ts';
import { spanCondition } from './spanCondition.ts';
import { SoqlError, notImplemented } from './soqlError.ts';

/** What a WHERE clause needs besides names. */
export interface ConditionParts {
  readonly scope: Scope;
  /** Milliseconds since the epoch, for date literals. */
  readonly now: number;
  /** The values that a semi-join's inner query selects. */
  readonly innerValues: (query: ParsedQuery) => readonly FieldValue[];
}

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | ConditionWithValueQuery;

/**
 * Turns a parsed WHERE clause into the store's condition. Like the platform it refuses AND and OR
 * side by side without parentheses.
 */
export function toCondition(parts: ConditionParts, where: WhereClause): Condition {
  const tokens = tokensOf(where);
  const condition = parseList(parts, tokens);
  if (tokens.length > 0) throw new SoqlError('MALFORMED_QUERY', 'unexpected token: )');
  return condition;
}

/** The parser gives a list that leans right, with parentheses as counts; this is it in order. */
function tokensOf(where: WhereClause): Token[] {
  const tokens: Token[] = [];
  let node: WhereClause | undefined = where;
  while (node !== undefined) {
    const right: WhereClause | undefined = 'right' in node ? node.right : undefined;
    if ('operator' in node && node.operator === 'NOT') {
      pushTimes(
        tokens,
        '(',
        node.left !== null && 'openParen' in node.left ? (node.left.openParen ?? 0) : 0,
      );
      tokens.push('NOT');
    } else if (node.left !== null && 'operator' in node.left) {
      pushTimes(tokens, '(', node.left.openParen ?? 0);
      tokens.push(node.left);
      pushTimes(tokens, ')', node.left.closeParen ?? 0);
      if ('operator' in node) tokens.push(node.operator);
    }
    node = right;
  }
  return tokens;
}

function pushTimes(tokens: Token[], token: '(' | ')', times: number): void {
  for (let count = 0; count < times; count += 1) tokens.push(token);
}

function parseList(parts: ConditionParts, tokens: Token[]): Condition {
  const items = [parseOne(parts, tokens)];
  let joiner: 'AND' | 'OR' | undefined;
  while (tokens[0] === 'AND' || tokens[0] === 'OR') {
    const next = tokens[0];
    if (joiner !== undefined && joiner !== next) {
      throw new SoqlError(
        'MALFORMED_QUERY',
        `unexpected token: ${next} (AND and OR need parentheses between them)`,
      );
    }
    joiner = next;
    tokens.shift();
    items.push(parseOne(parts, tokens));
  }
  const first = items[0];
  if (items.length === 1 && first !== undefined) return first;
  return { kind: joiner === 'OR' ? 'or' : 'and', parts: items };
}

function parseOne(parts: ConditionParts, tokens: Token[]): Condition {
  const token = tokens.shift();
  if (token === 'NOT') return { kind: 'not', part: parseOne(parts, tokens) };
  if (token === '(') {
    const inner = parseList(parts, tokens);
    if (tokens.shift() !== ')')
      throw new SoqlError('MALFORMED_QUERY', 'expecting a right parentheses');
    return inner;
  }
  if (token === undefined || typeof token === 'string') {
    throw new SoqlError('MALFORMED_QUERY', `unexpected token: ${token ?? '<EOF>'}`);
  }
  return toComparison(parts, token);
}

function toComparison(parts: ConditionParts, condition: ConditionWithValueQuery): Condition {
  if ('fn' in condition)
    throw notImplemented(`the function ${condition.fn.rawValue ?? ''} in a WHERE clause`);
  if (!('field' in condition)) throw new SoqlError('MALFORMED_QUERY', 'unexpected token: NOT');
  const { field, text } = resolvePath(parts.scope, condition.field);
  refuseUnfilterable(field);
  const operator = condition.operator;
  if ('valueQuery' in condition) {
    const values = parts.innerValues(condition.valueQuery);
    return { kind: 'in', field: text, values, negated: operator === 'NOT IN' };
  }
  const types = condition.literalType;
  if (operator === 'IN' || operator === 'NOT IN') {
    const raws = Array.isArray(condition.value) ? condition.value : [condition.value];
    const values = raws.map((raw, index) =>
      literalValue(field, (Array.isArray(types) ? types[index] : types) ?? 'STRING', raw),
    );
    return { kind: 'in', field: text, values, negated: operator === 'NOT IN' };
  }
  const raw = condition.value;
  if (
    Array.isArray(raw) ||
    Array.isArray(types) ||
    operator === 'INCLUDES' ||
    operator === 'EXCLUDES'
  ) {
    throw notImplemented(`the operator ${operator} on ${field.name}`);
  }
  if (types === 'DATE_LITERAL' || types === 'DATE_N_LITERAL') {
    return inSpan(parts, field, text, operator, raw);
  }
  const value = literalValue(field, types ?? 'STRING', raw);
  if (operator === 'LIKE') {
    if (['Id', 'Lookup', 'Number', 'Checkbox', 'DateTime', 'Date'].includes(field.type)) {
      throw new SoqlError(
        'INVALID_FIELD',
        `${text}: operator 'LIKE' is not allowed on a ${field.type} field`,
      );
    }
    return { kind: 'compare', field: text, op: 'like', value };
  }
  return { kind: 'compare', field: text, op: operator, value };
}

function refuseUnfilterable(field: FieldDef): void {
  if (field.formula !== undefined)
    throw notImplemented(`the formula field ${field.name} in a WHERE clause`);
  if (field.type !== 'LongTextArea' && field.type !== 'Location') return;
  throw new SoqlError('INVALID_FIELD', `field '${field.name}' can not be filtered in a query call`);
}

function inSpan(
  parts: ConditionParts,
  field: FieldDef,
  text: string,
  operator: string,
  literal: string,
): Condition {
  if (field.type !== 'DateTime' && field.type !== 'Date') literalValue(field, 'DATE', literal);
  const span = spanOf(literal, Number(literal.split(':')[1] ?? 0), parts.now);
  const condition = spanCondition(field, text, operator, span);
  if (condition !== undefined) return condition;
  throw new SoqlError(
    'INVALID_FIELD',
    `${text}: operator '${operator}' is not allowed with ${literal}`,
  );
}
