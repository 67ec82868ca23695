import { fieldOfColumn } from './columnNames.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef, ObjectDef } from './schema.ts';
import { refuseUnknown, requiredText, textOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What a list view asks of a field. All filters of a view have to be met. */
export interface ListFilter {
  /** API name of the field. */
  readonly field: string;
  readonly operation: FilterOperation;
  /** One of several suffices; none means blank. */
  readonly values: readonly FilterValue[];
}

/** A value to compare with; days counted from today are literals as SOQL names them. */
export type FilterValue =
  | { readonly kind: 'value'; readonly value: string | number | boolean }
  | { readonly kind: 'literal'; readonly literal: string }
  | { readonly kind: 'range'; readonly span: 'last_n_days' | 'next_n_days'; readonly days: number };

export const FILTER_OPERATIONS = [
  'equals',
  'notEqual',
  'lessThan',
  'greaterThan',
  'lessOrEqual',
  'greaterOrEqual',
  'contains',
  'startsWith',
] as const;

export type FilterOperation = (typeof FILTER_OPERATIONS)[number];

/** Days that filters may name. Source: Salesforce Help, "Relative Date Values for Filters". */
const DAYS: ReadonlySet<string> = new Set([
  'YESTERDAY',
  'TODAY',
  'TOMORROW',
  'LAST_WEEK',
  'THIS_WEEK',
  'NEXT_WEEK',
  'LAST_MONTH',
  'THIS_MONTH',
  'NEXT_MONTH',
]);

/**
 * Reads a `<filters>` of a list view. Values stand in one text, separated by commas; a missing one
 * means blank. Source: Metadata API Developer Guide, "ListView", ListViewFilter.
 */
export function readListFilter(file: string, filter: XmlElement, object: ObjectDef): ListFilter {
  refuseUnknown(file, filter, new Set(['field', 'operation', 'value']));
  const field = fieldOfColumn(file, 'filters', object, requiredText(file, filter, 'field'));
  const operation = requiredText(file, filter, 'operation');
  if (!isOperation(operation)) throw new Unsupported(file, '<operation>', operation);
  const where = `${object.name}.${field.name} ${operation}`;
  if (field.type === 'LongTextArea' || field.type === 'Location' || field.formula !== undefined)
    throw new Unsupported(file, '<filters>', `a filter on ${object.name}.${field.name}`);
  const text = textOf(file, filter, 'value') ?? '';
  const values = text === '' ? [] : text.split(',').map((one) => valueOf(file, where, field, one));
  const isEquality = operation === 'equals' || operation === 'notEqual';
  if (!isEquality && values.length !== 1)
    throw new InvalidSource(file, `${where} needs exactly one value`);
  const isMatch = operation === 'contains' || operation === 'startsWith';
  if (isMatch && (!TEXTS.has(field.type) || /[%_\\]/.test(text)))
    throw new Unsupported(file, '<filters>', `${where} "${text}"`);
  return { field: field.name, operation, values };
}

const TEXTS: ReadonlySet<string> = new Set(['AutoNumber', 'Email', 'Phone', 'Text', 'TextArea']);

function isOperation(text: string): text is FilterOperation {
  return FILTER_OPERATIONS.some((one) => one === text);
}

function valueOf(file: string, where: string, field: FieldDef, given: string): FilterValue {
  const text = given.trim();
  if (field.type === 'Checkbox') {
    if (text === '1' || text === '0') return { kind: 'value', value: text === '1' };
    throw new InvalidSource(file, `${where} "${text}"; a checkbox is 1 or 0`);
  }
  if (field.type === 'Number') {
    if (Number.isFinite(Number(text))) return { kind: 'value', value: Number(text) };
    throw new InvalidSource(file, `${where} "${text}"; a number is needed`);
  }
  if (field.type !== 'Date' && field.type !== 'DateTime') return { kind: 'value', value: text };
  if (DAYS.has(text)) return { kind: 'literal', literal: text };
  const [, span, days] = /^(LAST|NEXT)_N_DAYS:(\d{1,4})$/.exec(text) ?? [];
  if (span === undefined || days === undefined)
    throw new Unsupported(file, '<filters>', `${where} "${text}"`);
  return {
    kind: 'range',
    span: span === 'LAST' ? 'last_n_days' : 'next_n_days',
    days: Number(days),
  };
}
