import { compileFormula } from './formula/compile.ts';
import { FormulaError, UnknownFunction } from './formula/lex.ts';
import { mentions, parseFormula } from './formula/parse.ts';
import type { Compiled, FormulaEnvironment } from './formula/types.ts';
import type { Accessor, Interview } from './runtime.ts';
import type { Formula } from './model.ts';
import type { Binder } from './binder.ts';
import { scalarType, toField, typeText } from './values.ts';

const CHANGE_FUNCTIONS = ['ISNEW', 'ISCHANGED', 'PRIORVALUE'];

/** A formula resource, checked against its declared type. */
export function bindFormula(binder: Binder, formula: Formula): Accessor {
  const element = `formulas ${formula.name}`;
  const compiled = compileIn(binder, element, formula.expression, false);
  const type = scalarType(formula.type);
  if (compiled.type !== type && compiled.type !== 'null') {
    const hint = compiled.type === 'picklist' ? '; wrap the picklist field in TEXT()' : '';
    binder.fail(
      element,
      `the formula gives ${compiled.type}, its dataType is ${formula.type}${hint}`,
    );
  }
  return {
    type: { kind: 'scalar', type },
    get: compiled.evaluate,
    usesChange: usesChange(binder, element, formula.expression),
  };
}

/** The entry condition of a record-triggered flow, which alone may use PRIORVALUE. */
export function bindEntryFormula(
  binder: Binder,
  expression: string,
): (interview: Interview) => boolean {
  return bindTruth(binder, 'start filterFormula', expression, true);
}

/** A formula that says whether something is so; it may not ask what changed. */
export function bindFormulaCondition(
  binder: Binder,
  element: string,
  expression: string,
): (interview: Interview) => boolean {
  return bindTruth(binder, element, expression, false);
}

function bindTruth(
  binder: Binder,
  element: string,
  expression: string,
  entry: boolean,
): (interview: Interview) => boolean {
  const compiled = compileIn(binder, element, expression, entry);
  if (compiled.type !== 'boolean')
    binder.fail(element, `the formula gives ${compiled.type}, not boolean`);
  return (interview) => compiled.evaluate(interview) === true;
}

function compileIn(
  binder: Binder,
  element: string,
  expression: string,
  entry: boolean,
): Compiled<Interview> {
  const { start } = binder.flow;
  const reference = (path: string): Compiled<Interview> => {
    const accessor = binder.accessor(element, path);
    const { type } = accessor;
    if (type.kind !== 'scalar')
      throw new FormulaError(`${path} is a ${typeText(type)}, a single value is needed`);
    return { type: type.type, evaluate: (interview) => toField(accessor.get(interview)) };
  };
  const isSave = start.kind === 'record' && start.timing !== 'delete';
  const environment: FormulaEnvironment<Interview> = {
    reference,
    before: isSave ? (path) => priorField(binder, element, path) : undefined,
    isNew: isSave ? (interview) => interview.trigger?.isNew === true : undefined,
    allowsPriorValue: entry,
    now: (interview) => interview.context.clock.now(),
  };
  try {
    return compileFormula(expression, environment);
  } catch (error) {
    if (error instanceof UnknownFunction)
      binder.unsupported(element, `the formula function ${error.functionName}`);
    if (error instanceof FormulaError) binder.fail(element, error.message);
    throw error;
  }
}

/** A field of the record before the save. For a new record it is the new value: nothing has changed. */
function priorField(binder: Binder, element: string, path: string): Compiled<Interview> {
  const match = /^\$Record\.(\w+)$/.exec(path);
  if (match?.[1] === undefined) throw new FormulaError(`${path}: a field of $Record is needed`);
  const field = match[1];
  const { type } = binder.scalar(element, path);
  const evaluate = ({ trigger }: Interview): ReturnType<typeof toField> =>
    (trigger?.prior ?? trigger?.record)?.fields[field] ?? null;
  return { type: type.type, evaluate };
}

function usesChange(binder: Binder, element: string, expression: string): boolean {
  const { calls, references } = mentions(parseFormula(expression));
  if (CHANGE_FUNCTIONS.some((name) => calls.has(name))) return true;
  return [...references].some((path) => binder.accessor(element, path).usesChange === true);
}
