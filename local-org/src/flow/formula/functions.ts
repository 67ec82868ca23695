import { FormulaError } from './lex.ts';
import { dateFunctions } from './dateFunctions.ts';
import { numberFunctions } from './numberFunctions.ts';
import { textFunctions } from './textFunctions.ts';
import { isBlank, type FormulaFunction, type FormulaType } from './types.ts';

const ANY: readonly FormulaType[] = [
  'text',
  'number',
  'boolean',
  'date',
  'datetime',
  'picklist',
  'null',
];

const blankFunctions: Readonly<Record<string, FormulaFunction>> = {
  ISBLANK: { takes: [ANY], gives: 'boolean', apply: ([value = null]) => isBlank(value) },
  ISNULL: { takes: [ANY], gives: 'boolean', apply: ([value = null]) => value === null },
  BLANKVALUE: {
    takes: [ANY, ANY],
    gives: 'first',
    apply: ([value = null, other = null]) => (isBlank(value) ? other : value),
  },
  NULLVALUE: {
    takes: [ANY, ANY],
    gives: 'first',
    apply: ([value = null, other = null]) => (value === null ? other : value),
  },
  ISPICKVAL: {
    takes: [['picklist'], ['text']],
    gives: 'boolean',
    apply: ([value = null, text = null]) => (value ?? '') === (text ?? ''),
  },
};

export const FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  ...blankFunctions,
  ...textFunctions,
  ...numberFunctions,
  ...dateFunctions,
};

/** Functions that `compile.ts` treats itself. */
export const SPECIAL_FUNCTIONS = [
  'IF',
  'CASE',
  'AND',
  'OR',
  'NOT',
  'ISNEW',
  'ISCHANGED',
  'PRIORVALUE',
] as const;

/** Checks the arguments of a call and returns the type it gives. */
export function checkCall(
  name: string,
  definition: FormulaFunction,
  types: readonly FormulaType[],
): FormulaType {
  const { takes } = definition;
  const least = takes.length - (definition.optional ?? 0);
  if (types.length < least || (types.length > takes.length && definition.variadic !== true)) {
    const allowed =
      definition.variadic === true
        ? `${least} or more`
        : least === takes.length
          ? least
          : `${least} to ${takes.length}`;
    throw new FormulaError(`${name} takes ${allowed} arguments, ${types.length} are given`);
  }
  types.forEach((type, index) => {
    const wanted = takes[Math.min(index, takes.length - 1)] ?? [];
    if (type === 'null' || wanted.includes(type)) return;
    const hint = type === 'picklist' ? '; wrap a picklist field in TEXT()' : '';
    throw new FormulaError(
      `${name}: argument ${index + 1} is ${type}, allowed: ${wanted.join(', ')}${hint}`,
    );
  });
  if (definition.gives === 'same') return types[0] ?? 'null';
  if (definition.gives !== 'first') return definition.gives;
  const [first = 'null', second = 'null'] = types;
  if (first === 'picklist') throw new FormulaError(`${name}: wrap a picklist field in TEXT()`);
  if (first !== 'null' && second !== 'null' && first !== second) {
    throw new FormulaError(`${name}: ${first} and ${second} do not go together`);
  }
  return first === 'null' ? second : first;
}
