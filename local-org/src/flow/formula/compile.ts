import type { FieldValue } from '../../store/records.ts';
import { common, expect } from './checks.ts';
import { checkCall, FUNCTIONS } from './functions.ts';
import { FormulaError, UnknownFunction } from './lex.ts';
import { compileBinary } from './operators.ts';
import { parseFormula, type Expression } from './parse.ts';
import type { Compiled, FormulaEnvironment, FormulaType } from './types.ts';

/**
 * Compiles a formula against what it may refer to. Types are checked here, once; an unknown
 * function, an unknown reference or types that do not go together throw FormulaError.
 */
export function compileFormula<S>(source: string, environment: FormulaEnvironment<S>): Compiled<S> {
  return compile(parseFormula(source), environment);
}

type Parts<S> = readonly Compiled<S>[];

function compile<S>(expression: Expression, environment: FormulaEnvironment<S>): Compiled<S> {
  switch (expression.kind) {
    case 'number':
    case 'text':
    case 'boolean': {
      const { kind, value } = expression;
      return { type: kind, evaluate: () => value };
    }
    case 'null':
      return { type: 'null', evaluate: () => null };
    case 'reference':
      return environment.reference(expression.path);
    case 'unary':
      return compileUnary(expression.operator, compile(expression.operand, environment));
    case 'binary':
      return compileBinary(
        expression.operator,
        compile(expression.left, environment),
        compile(expression.right, environment),
      );
    case 'call':
      return compileCall(expression.name, expression.args, environment);
  }
}

function compileUnary<S>(operator: '-' | '!', operand: Compiled<S>): Compiled<S> {
  if (operator === '!') return not([operand]);
  expect('-', operand.type, 'number');
  return {
    type: 'number',
    evaluate: (scope) => {
      const value = operand.evaluate(scope);
      return typeof value === 'number' ? -value : null;
    },
  };
}

function compileCall<S>(
  name: string,
  args: readonly Expression[],
  environment: FormulaEnvironment<S>,
): Compiled<S> {
  if (name === 'ISNEW') return compileIsNew(args, environment);
  if (name === 'ISCHANGED' || name === 'PRIORVALUE') return compilePrior(name, args, environment);
  const parts = args.map((arg) => compile(arg, environment));
  switch (name) {
    case 'IF':
      return compileIf(parts);
    case 'CASE':
      return compileCase(parts);
    case 'AND':
    case 'OR':
      return compileAll(name, parts);
    case 'NOT':
      return not(parts);
    default:
      return compileFunction(name, parts, environment);
  }
}

function compileFunction<S>(
  name: string,
  parts: Parts<S>,
  environment: FormulaEnvironment<S>,
): Compiled<S> {
  const definition = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (definition === undefined) throw new UnknownFunction(name);
  const types = parts.map((part) => part.type);
  const type = checkCall(name, definition, types);
  return {
    type,
    evaluate: (scope) =>
      definition.apply(
        parts.map((part) => part.evaluate(scope)),
        types,
        environment.now(scope),
      ),
  };
}

function compileIf<S>(parts: Parts<S>): Compiled<S> {
  const [test, yes, no] = parts;
  if (test === undefined || yes === undefined || no === undefined || parts.length !== 3) {
    throw new FormulaError(`IF takes 3 arguments, ${parts.length} are given`);
  }
  expect('IF', test.type, 'boolean');
  const type = common('IF', [yes.type, no.type]);
  return { type, evaluate: (scope) => (test.evaluate(scope) === true ? yes : no).evaluate(scope) };
}

function compileCase<S>(parts: Parts<S>): Compiled<S> {
  const [subject] = parts;
  const fallback = parts.at(-1);
  if (
    subject === undefined ||
    fallback === undefined ||
    parts.length < 4 ||
    parts.length % 2 !== 0
  ) {
    throw new FormulaError(
      `CASE takes a value, pairs and a last result, ${parts.length} arguments are given`,
    );
  }
  const pairs = Array.from({ length: (parts.length - 2) / 2 }, (_, index) => ({
    when: parts[1 + 2 * index] ?? fallback,
    result: parts[2 + 2 * index] ?? fallback,
  }));
  const subjectType = subject.type === 'picklist' ? 'text' : subject.type;
  common('CASE', [subjectType, ...pairs.map((pair) => pair.when.type)]);
  const type = common('CASE', [...pairs.map((pair) => pair.result.type), fallback.type]);
  return {
    type,
    evaluate: (scope) => {
      const value = blankText(subject.evaluate(scope), subjectType);
      const hit = pairs.find((pair) => blankText(pair.when.evaluate(scope), subjectType) === value);
      return (hit?.result ?? fallback).evaluate(scope);
    },
  };
}

function blankText(value: FieldValue, type: FormulaType): FieldValue {
  return value === null && type === 'text' ? '' : value;
}

function compileAll<S>(name: 'AND' | 'OR', parts: Parts<S>): Compiled<S> {
  if (parts.length === 0) throw new FormulaError(`${name} needs an argument`);
  for (const part of parts) expect(name, part.type, 'boolean');
  return {
    type: 'boolean',
    evaluate: (scope) => {
      const isTrue = (part: Compiled<S>): boolean => part.evaluate(scope) === true;
      return name === 'AND' ? parts.every(isTrue) : parts.some(isTrue);
    },
  };
}

function not<S>(parts: Parts<S>): Compiled<S> {
  const [operand] = parts;
  if (operand === undefined || parts.length !== 1) throw new FormulaError('NOT takes 1 argument');
  expect('NOT', operand.type, 'boolean');
  return { type: 'boolean', evaluate: (scope) => operand.evaluate(scope) !== true };
}

function compileIsNew<S>(
  args: readonly Expression[],
  environment: FormulaEnvironment<S>,
): Compiled<S> {
  if (args.length > 0) throw new FormulaError('ISNEW takes no argument');
  const { isNew } = environment;
  if (isNew === undefined) throw new FormulaError('ISNEW is only known while a record is saved');
  return { type: 'boolean', evaluate: isNew };
}

function compilePrior<S>(
  name: 'ISCHANGED' | 'PRIORVALUE',
  args: readonly Expression[],
  environment: FormulaEnvironment<S>,
): Compiled<S> {
  const [field] = args;
  if (field?.kind !== 'reference' || args.length !== 1) {
    throw new FormulaError(`${name} takes one field of $Record`);
  }
  const { before } = environment;
  if (before === undefined) {
    throw new FormulaError(
      `${name} is only known while a record is saved, not in an asynchronous path`,
    );
  }
  const old = before(field.path);
  if (name === 'PRIORVALUE') {
    if (environment.allowsPriorValue !== true) {
      throw new FormulaError('PRIORVALUE is not allowed in a formula resource; use $Record__Prior');
    }
    return old;
  }
  const now = environment.reference(field.path);
  return { type: 'boolean', evaluate: (scope) => now.evaluate(scope) !== old.evaluate(scope) };
}
