import { FormulaError } from './lex.ts';
import type { FormulaFunction } from './types.ts';

function parseUtc(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?Z?)?$/.exec(text.trim());
  const at = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}Z`);
  if (Number.isNaN(at)) throw new FormulaError(`'${text}' is not a date (YYYY-MM-DD HH:MM:SS)`);
  return at;
}

/** The org's time zone is UTC, so a Date and midnight of that day are the same moment. */
export const dateFunctions: Readonly<Record<string, FormulaFunction>> = {
  NOW: { takes: [], gives: 'datetime', apply: (_args, _types, now) => new Date(now).toISOString() },
  TODAY: {
    takes: [],
    gives: 'date',
    apply: (_args, _types, now) => new Date(now).toISOString().slice(0, 10),
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
