import type { FieldValue } from '../../store/records.ts';
import { common, expect } from './checks.ts';
import { FormulaError } from './lex.ts';
import type { BinaryOperator } from './parse.ts';
import { DAY_MS, type Compiled, type FormulaType } from './types.ts';

/** Compiles one binary operator after checking that the types of its sides go together. */
export function compileBinary<S>(
  operator: BinaryOperator,
  left: Compiled<S>,
  right: Compiled<S>,
): Compiled<S> {
  const both = (
    work: (a: FieldValue, b: FieldValue) => FieldValue,
    type: FormulaType,
  ): Compiled<S> => ({
    type,
    evaluate: (scope) => work(left.evaluate(scope), right.evaluate(scope)),
  });
  switch (operator) {
    case '&&':
    case '||':
      expect(operator, left.type, 'boolean');
      expect(operator, right.type, 'boolean');
      return {
        type: 'boolean',
        evaluate: (scope) =>
          operator === '&&'
            ? left.evaluate(scope) === true && right.evaluate(scope) === true
            : left.evaluate(scope) === true || right.evaluate(scope) === true,
      };
    case '=':
    case '<>': {
      const type = common(operator, [left.type, right.type]);
      return both((a, b) => equal(a, b, type) === (operator === '='), 'boolean');
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const type = common(operator, [left.type, right.type]);
      if (type === 'text' || type === 'boolean')
        throw new FormulaError(`${operator} does not compare ${type}`);
      return both((a, b) => ordered(operator, a, b), 'boolean');
    }
    case '&':
      expect(operator, left.type, 'text');
      expect(operator, right.type, 'text');
      return both((a, b) => `${a ?? ''}${b ?? ''}`, 'text');
    case '+':
    case '-':
      return additive(operator, left, right);
    case '*':
    case '/':
      expect(operator, left.type, 'number');
      expect(operator, right.type, 'number');
      return both((a, b) => (operator === '*' ? multiply(a, b) : divide(a, b)), 'number');
  }
}

/** An empty text and no text are one thing in a formula. */
function equal(a: FieldValue, b: FieldValue, type: FormulaType): boolean {
  return type === 'text' ? (a ?? '') === (b ?? '') : a === b;
}

/** Nothing is before or after an empty value. Dates compare as their ISO text. */
function ordered(operator: '<' | '<=' | '>' | '>=', a: FieldValue, b: FieldValue): boolean {
  if (a === null || b === null) return false;
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function multiply(a: FieldValue, b: FieldValue): FieldValue {
  return typeof a === 'number' && typeof b === 'number' ? a * b : null;
}

function divide(a: FieldValue, b: FieldValue): FieldValue {
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  if (b === 0) throw new FormulaError('division by zero');
  return a / b;
}

function additive<S>(operator: '+' | '-', left: Compiled<S>, right: Compiled<S>): Compiled<S> {
  const sign = operator === '+' ? 1 : -1;
  const of = (
    type: FormulaType,
    work: (a: FieldValue, b: FieldValue) => FieldValue,
  ): Compiled<S> => ({
    type,
    evaluate: (scope) => {
      const a = left.evaluate(scope);
      const b = right.evaluate(scope);
      return a === null || b === null ? null : work(a, b);
    },
  });
  const pair = `${left.type} ${operator} ${right.type}`;
  switch (pair) {
    case 'text + text':
      return {
        type: 'text',
        evaluate: (scope) => `${left.evaluate(scope) ?? ''}${right.evaluate(scope) ?? ''}`,
      };
    case 'number + number':
    case 'number - number':
      return of('number', (a, b) => Number(a) + sign * Number(b));
    case 'datetime + number':
    case 'datetime - number':
      return of('datetime', (a, b) =>
        new Date(Date.parse(String(a)) + sign * Number(b) * DAY_MS).toISOString(),
      );
    case 'date + number':
    case 'date - number':
      return of('date', (a, b) =>
        new Date(Date.parse(String(a)) + sign * Math.trunc(Number(b)) * DAY_MS)
          .toISOString()
          .slice(0, 10),
      );
    case 'datetime - datetime':
    case 'date - date':
      return of('number', (a, b) => (Date.parse(String(a)) - Date.parse(String(b))) / DAY_MS);
    default:
      throw new FormulaError(`${pair} is not a sum`);
  }
}
