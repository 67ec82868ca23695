import type { FieldValue } from '../../store/records.ts';
import { FormulaError } from './lex.ts';
import type { FormulaFunction, FormulaType } from './types.ts';

const NUMBER: readonly FormulaType[] = ['number'];

/** Numbers only; undefined when any is empty, and the result is then empty too (use BLANKVALUE for zero). */
function numbers(args: readonly FieldValue[]): number[] | undefined {
  const all = args.filter((value) => typeof value === 'number');
  return all.length === args.length ? all : undefined;
}

function one(work: (value: number) => number): FormulaFunction {
  return {
    takes: [NUMBER],
    gives: 'number',
    apply: ([value]) => (typeof value === 'number' ? work(value) : null),
  };
}

function many(work: (...values: number[]) => number): FormulaFunction {
  return {
    takes: [NUMBER],
    variadic: true,
    gives: 'number',
    apply: (args) => {
      const all = numbers(args);
      return all === undefined ? null : work(...all);
    },
  };
}

/** Half away from zero, judged on the decimal text so that 1.005 to 2 digits is 1.01. */
export function round(value: number, digits: number): number {
  const shifted = Number(`${Math.abs(value)}e${digits}`);
  if (!Number.isFinite(shifted)) return value;
  const rounded = Number(`${Math.round(shifted)}e${-digits}`);
  return value < 0 ? -rounded : rounded;
}

function truncate(value: number, digits: number): number {
  const shifted = Number(`${value}e${digits}`);
  return Number.isFinite(shifted) ? Number(`${Math.trunc(shifted)}e${-digits}`) : value;
}

function positive(name: string, value: number, isRight: boolean, work: (of: number) => number) {
  if (!isRight) throw new FormulaError(`${name}: ${value} is too small`);
  return work(value);
}

export const numberFunctions: Readonly<Record<string, FormulaFunction>> = {
  ROUND: {
    takes: [NUMBER, NUMBER],
    gives: 'number',
    apply: (args) => {
      const [value, digits] = numbers(args) ?? [];
      return value === undefined || digits === undefined ? null : round(value, Math.trunc(digits));
    },
  },
  TRUNC: {
    takes: [NUMBER, NUMBER],
    optional: 1,
    gives: 'number',
    apply: (args) => {
      const [value, digits = 0] = numbers(args) ?? [];
      return value === undefined ? null : truncate(value, Math.trunc(digits));
    },
  },
  // Towards greater and smaller numbers also below zero (help customize_functions_mceiling, …_mfloor).
  MCEILING: one(Math.ceil),
  MFLOOR: one(Math.floor),
  SQRT: one((value) => positive('SQRT', value, value >= 0, Math.sqrt)),
  EXP: one(Math.exp),
  LN: one((value) => positive('LN', value, value > 0, Math.log)),
  LOG: one((value) => positive('LOG', value, value > 0, Math.log10)),
  PI: { takes: [], gives: 'number', apply: () => Math.PI },
  MIN: many(Math.min),
  MAX: many(Math.max),
  ABS: one(Math.abs),
  // Rounds towards zero, unlike MFLOOR (help customize_functions_floor); CEILING mirrors it.
  FLOOR: one((value) => Math.trunc(value)),
  CEILING: one((value) => (value < 0 ? Math.floor(value) : Math.ceil(value))),
  MOD: {
    takes: [NUMBER, NUMBER],
    gives: 'number',
    apply: (args) => {
      const [value, divisor] = numbers(args) ?? [];
      if (value === undefined || divisor === undefined) return null;
      if (divisor === 0) throw new FormulaError('MOD: division by zero');
      return value - divisor * Math.floor(value / divisor);
    },
  },
};
