import type { FieldValue } from '../../store/records.ts';
import { FormulaError } from './lex.ts';
import { DAY_MS, type FormulaFunction, type FormulaType } from './types.ts';

const DATE: readonly FormulaType[] = ['date'];
const MOMENT: readonly FormulaType[] = ['date', 'datetime'];
const NUMBER: readonly FormulaType[] = ['number'];

function parseUtc(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?Z?)?$/.exec(text.trim());
  const at = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}Z`);
  if (Number.isNaN(at)) throw new FormulaError(`'${text}' is not a date (YYYY-MM-DD HH:MM:SS)`);
  return at;
}

/** A part of a date; of no date there is none. */
function part(of: (date: Date) => number): FormulaFunction {
  return {
    takes: [DATE],
    gives: 'number',
    apply: ([value]) => (typeof value === 'string' ? of(new Date(`${value}T00:00:00Z`)) : null),
  };
}

/** "If the specified date is the last day of the month, the resulting date is the last day of the resulting month" (help customize_functions_addmonths). */
function addMonths(value: string, months: number): string {
  const date = new Date(value);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const lastOf = (offset: number): number =>
    new Date(Date.UTC(year, month + offset + 1, 0)).getUTCDate();
  const day = date.getUTCDate();
  const last = lastOf(months);
  const moved = new Date(date);
  moved.setUTCDate(1);
  moved.setUTCMonth(month + months);
  moved.setUTCDate(day === lastOf(0) ? last : Math.min(day, last));
  return value.length === 10 ? moved.toISOString().slice(0, 10) : moved.toISOString();
}

function makeDate(args: readonly FieldValue[]): string | null {
  const [year, month, day] = args.flatMap((arg) =>
    typeof arg === 'number' ? [Math.trunc(arg)] : [],
  );
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || year < 1 || year > 9999)
    throw new FormulaError(`DATE: ${year}, ${month}, ${day} is no day of the calendar`);
  return date.toISOString().slice(0, 10);
}

/** The org's time zone is UTC, so a Date and midnight of that day are the same moment. */
export const dateFunctions: Readonly<Record<string, FormulaFunction>> = {
  NOW: { takes: [], gives: 'datetime', apply: (_args, _types, now) => new Date(now).toISOString() },
  TODAY: {
    takes: [],
    gives: 'date',
    apply: (_args, _types, now) => new Date(now).toISOString().slice(0, 10),
  },
  YEAR: part((date) => date.getUTCFullYear()),
  MONTH: part((date) => date.getUTCMonth() + 1),
  DAY: part((date) => date.getUTCDate()),
  // 1 is Sunday (help customize_functions_weekday).
  WEEKDAY: part((date) => date.getUTCDay() + 1),
  DATE: { takes: [NUMBER, NUMBER, NUMBER], gives: 'date', apply: makeDate },
  ADDMONTHS: {
    takes: [MOMENT, NUMBER],
    gives: 'same',
    apply: ([value, months]) =>
      typeof value === 'string' && typeof months === 'number'
        ? addMonths(value, Math.trunc(months))
        : null,
  },
  // Seconds since 1970 (help customize_functions_unixtimestamp and …_fromunixtime).
  UNIXTIMESTAMP: {
    takes: [MOMENT],
    gives: 'number',
    apply: ([value]) => (typeof value === 'string' ? Math.floor(Date.parse(value) / 1000) : null),
  },
  FROMUNIXTIME: {
    takes: [NUMBER],
    gives: 'datetime',
    apply: ([value]) =>
      typeof value === 'number' && Math.abs(value) <= (1e8 * DAY_MS) / 1000
        ? new Date(Math.trunc(value) * 1000).toISOString()
        : null,
  },
  DATETIMEVALUE: {
    takes: [['text', 'date', 'datetime']],
    gives: 'datetime',
    apply: ([value], [type]) => {
      if (typeof value !== 'string' || value === '') return null;
      return type === 'datetime' ? value : new Date(parseUtc(value)).toISOString();
    },
  },
  DATEVALUE: {
    takes: [['text', 'date', 'datetime']],
    gives: 'date',
    apply: ([value]) => {
      if (typeof value !== 'string' || value === '') return null;
      return new Date(parseUtc(value)).toISOString().slice(0, 10);
    },
  },
};
