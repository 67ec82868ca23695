import type { FieldDef } from '../../metadata/schema.ts';
import { toId18 } from '../ids.ts';
import type { FieldValue } from '../records.ts';
import { isDate, toEpochMs } from '../values.ts';
import { SoqlError } from './soqlError.ts';

/** The words of the platform's errors for the types of SOQL. */
const typeNames: Readonly<Record<FieldDef['type'], string>> = {
  Id: 'ID',
  Lookup: 'reference',
  Text: 'string',
  TextArea: 'string',
  LongTextArea: 'string',
  Picklist: 'string',
  Email: 'string',
  Phone: 'string',
  Url: 'string',
  AutoNumber: 'string',
  Number: 'double',
  Checkbox: 'boolean',
  DateTime: 'dateTime',
  Date: 'date',
  Location: 'location',
};

/** The value of a literal as written in a query, judged against the field it is compared with. */
export function literalValue(field: FieldDef, type: string, raw: string): FieldValue {
  if (type === 'NULL') return null;
  switch (field.type) {
    case 'Number':
      if (type === 'INTEGER' || type === 'DECIMAL') return Number(raw);
      break;
    case 'Checkbox':
      if (type === 'BOOLEAN') return raw.toUpperCase() === 'TRUE';
      break;
    case 'DateTime':
      if (type === 'DATETIME' && toEpochMs(raw) !== undefined) return raw;
      break;
    case 'Date':
      if (type === 'DATE' && isDate(raw)) return raw;
      break;
    case 'Id':
    case 'Lookup':
      if (type === 'STRING') return idLiteral(unquote(raw));
      break;
    default:
      if (type === 'STRING') return unquote(raw);
  }
  throw new SoqlError(
    'INVALID_FIELD',
    `value of filter criterion for field '${field.name}' must be of type ${typeNames[field.type]} and should ` +
      `${quoted(field) ? '' : 'not '}be enclosed in quotes`,
  );
}

function quoted(field: FieldDef): boolean {
  return ['string', 'ID', 'reference'].includes(typeNames[field.type]);
}

function idLiteral(value: string): FieldValue {
  if (value === '') return null;
  const id = toId18(value);
  if (id === undefined)
    throw new SoqlError('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${value}`);
  return id;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * The text between the quotes with its escapes undone. `\%` and `\_` keep their backslash: they
 * mean something to LIKE.
 */
function unquote(raw: string): string {
  const inner = raw.startsWith("'") && raw.endsWith("'") ? raw.slice(1, -1) : raw;
  return inner.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (whole, code: string) => {
    if (code === '%' || code === '_') return whole;
    if (code.length === 5) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    return escapes[code.toLowerCase()] ?? code;
  });
}
