import type { FieldDef } from '../metadata/schema.ts';
import { toId18 } from './ids.ts';
import type { FieldValue, SaveError } from './records.ts';
import * as refuse from './saveErrors.ts';

export type Checked =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly error: SaveError };

/**
 * Judges one value for one field and gives the form in which it is stored: empty text becomes
 * null, ids get 18 characters, Number is rounded to its scale, and DateTime loses its milliseconds:
 * "full timestamps with a precision of one second" (Object Reference, "Primitive Data Types").
 * Lookup targets and uniqueness need the rows and are judged by the store.
 */
export function checkValue(field: FieldDef, value: FieldValue): Checked {
  if (value === null || value === '') {
    return good(field.type === 'Checkbox' ? false : null);
  }
  switch (field.type) {
    case 'Checkbox':
      return typeof value === 'boolean' ? good(value) : bad(refuse.wrongType(field, value));
    case 'Number':
      return checkNumber(field, value);
    case 'DateTime': {
      const stored = typeof value === 'string' ? toDateTime(value) : undefined;
      return stored === undefined ? bad(refuse.wrongType(field, value)) : good(stored);
    }
    case 'Date':
      return typeof value === 'string' && isDate(value)
        ? good(value)
        : bad(refuse.wrongType(field, value));
    case 'Id':
    case 'Lookup': {
      if (typeof value !== 'string') return bad(refuse.wrongType(field, value));
      const id = toId18(value);
      return id === undefined ? bad(refuse.malformedId(field, value)) : good(id);
    }
    default:
      return checkText(field, value);
  }
}

function checkText(field: FieldDef, value: FieldValue): Checked {
  if (typeof value !== 'string') return bad(refuse.wrongType(field, value));
  const { picklist, length } = field;
  if (picklist?.restricted === true) {
    const known = picklist.values.find((one) => one.name.toLowerCase() === value.toLowerCase());
    return known === undefined ? bad(refuse.badPicklistValue(field, value)) : good(known.name);
  }
  if (length !== undefined && value.length > length)
    return bad(refuse.tooLong(field, value, length));
  if (field.type === 'Email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    return bad(refuse.invalidEmail(field, value));
  }
  return good(value);
}

function checkNumber(field: FieldDef, value: FieldValue): Checked {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return bad(refuse.wrongType(field, value));
  const { precision = 18, scale = 0 } = field;
  const rounded = roundTo(value, scale);
  const [least, most] = field.range ?? [-Infinity, Infinity];
  if (rounded < least || rounded > most) return bad(refuse.outOfRange(field, value));
  if (Math.abs(rounded) >= 10 ** (precision - scale)) return bad(refuse.outOfRange(field, value));
  return good(rounded);
}

/** Half away from zero, in decimal: 1.005 to two places is 1.01. */
export function roundTo(value: number, scale: number): number {
  const magnitude = Math.abs(value);
  // Exponent notation moves the decimal point without the error of a binary multiplication.
  const [digits = '0', exponent = '0'] = String(magnitude).split('e');
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + scale}`));
  const rounded = Number(`${shifted}e${-scale}`);
  return Number.isFinite(rounded) ? (value < 0 ? 0 - rounded : rounded) : value;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/** The stored form (whole seconds, UTC) of an ISO 8601 date-time with a zone, or undefined. */
export function toDateTime(value: string): string | undefined {
  const epochMs = toEpochMs(value);
  return epochMs === undefined ? undefined : `${new Date(epochMs).toISOString().slice(0, 19)}.000Z`;
}

/** Milliseconds since the epoch of an ISO 8601 date-time with a zone, or undefined. */
export function toEpochMs(value: string): number | undefined {
  if (!dateTime.test(value) || !isDate(value.slice(0, 10))) return undefined;
  const epochMs = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const epochMs = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(value);
}

function good(value: FieldValue): Checked {
  return { ok: true, value };
}

function bad(error: SaveError): Checked {
  return { ok: false, error };
}
