import { toId18 } from '../../store/ids.ts';
import type { FieldValue } from '../../store/records.ts';
import { FormulaError } from './lex.ts';
import { numberText, type FormulaFunction, type FormulaType } from './types.ts';

const TEXT: readonly FormulaType[] = ['text'];
const NUMBER: readonly FormulaType[] = ['number'];

function text(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function count(value: FieldValue | undefined): number {
  return typeof value === 'number' ? Math.max(0, Math.trunc(value)) : 0;
}

/** TEXT() of a DateTime is in GMT (stefanschellings.nl/en/?p=488), written `2026-11-23 06:00:00Z`. */
function toText(value: FieldValue, type: FormulaType): string {
  if (value === null) return '';
  if (typeof value === 'number') return numberText(value);
  if (type === 'datetime') return `${String(value).slice(0, 19).replace('T', ' ')}Z`;
  return String(value);
}

/**
 * "Matches an entire string as opposed to searching for a match within a string"; the syntax is that of
 * Java SE 6 (help platform.customize_functions_regex), of which what JavaScript shares works here.
 */
function wholeMatch(value: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    throw new FormulaError(
      `REGEX: '${pattern}' is not a regular expression that this org can read`,
    );
  }
}

/**
 * CONTAINS, BEGINS, FIND and SUBSTITUTE mind upper and lower case; the Flow operators do not (both
 * shown for BEGINS and Starts With at pmdaddy.cn/tech/50895975.html).
 */
export const textFunctions: Readonly<Record<string, FormulaFunction>> = {
  TEXT: {
    takes: [['number', 'picklist', 'date', 'datetime']],
    gives: 'text',
    apply: ([value = null], [type = 'null']) => toText(value, type),
  },
  VALUE: {
    takes: [TEXT],
    gives: 'number',
    apply: ([value]) => {
      const written = text(value).trim();
      if (written === '') return null;
      if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written)) {
        throw new FormulaError(`VALUE: '${written}' is not a number`);
      }
      return Number(written);
    },
  },
  LEFT: {
    takes: [TEXT, NUMBER],
    gives: 'text',
    apply: ([value, size]) => text(value).slice(0, count(size)),
  },
  RIGHT: {
    takes: [TEXT, NUMBER],
    gives: 'text',
    apply: ([value, size]) => (count(size) === 0 ? '' : text(value).slice(-count(size))),
  },
  MID: {
    takes: [TEXT, NUMBER, NUMBER],
    gives: 'text',
    apply: ([value, start, size]) => {
      const from = Math.max(0, count(start) - 1);
      return text(value).slice(from, from + count(size));
    },
  },
  LEN: { takes: [TEXT], gives: 'number', apply: ([value]) => text(value).length },
  LOWER: { takes: [TEXT], gives: 'text', apply: ([value]) => text(value).toLowerCase() },
  UPPER: { takes: [TEXT], gives: 'text', apply: ([value]) => text(value).toUpperCase() },
  TRIM: { takes: [TEXT], gives: 'text', apply: ([value]) => text(value).trim() },
  CONTAINS: {
    takes: [TEXT, TEXT],
    gives: 'boolean',
    apply: ([value, part]) => text(value).includes(text(part)),
  },
  BEGINS: {
    takes: [TEXT, TEXT],
    gives: 'boolean',
    apply: ([value, part]) => text(value).startsWith(text(part)),
  },
  FIND: {
    takes: [TEXT, TEXT, NUMBER],
    optional: 1,
    gives: 'number',
    apply: ([part, value, start]) =>
      text(value).indexOf(text(part), Math.max(0, count(start) - 1)) + 1,
  },
  SUBSTITUTE: {
    takes: [TEXT, TEXT, TEXT],
    gives: 'text',
    apply: ([value, part, other]) =>
      text(part) === '' ? text(value) : text(value).replaceAll(text(part), () => text(other)),
  },
  REGEX: {
    takes: [TEXT, TEXT],
    gives: 'boolean',
    apply: ([value, pattern]) => wholeMatch(text(value), text(pattern)),
  },
  // What is no id stays as it is.
  CASESAFEID: {
    takes: [TEXT],
    gives: 'text',
    apply: ([value]) => toId18(text(value)) ?? text(value),
  },
  BR: { takes: [], gives: 'text', apply: () => '\n' },
};
