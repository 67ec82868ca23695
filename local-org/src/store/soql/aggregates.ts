import type { FieldType as ParsedField } from '@jetstreamapp/soql-parser-js';

import type { FieldValue, RecordData } from '../records.ts';
import { resolvePath } from './paths.ts';
import type { FieldPath, Scope } from './paths.ts';
import { SoqlError, notImplemented } from './soqlError.ts';

/** One column of an aggregate query. */
export interface Aggregate {
  /** The alias, the name of a grouped field, or `expr0`, `expr1`, … as the platform counts. */
  readonly name: string;
  /** The function as it is shown to people: `count(Id)`; absent for a grouped field. */
  readonly shownAs?: string;
  readonly path?: FieldPath;
  readonly compute: (values: readonly FieldValue[], rows: readonly RecordData[]) => FieldValue;
}

type Compute = Aggregate['compute'];

const functions: Readonly<Record<string, Compute>> = {
  COUNT: (values) => values.filter((value) => value !== null).length,
  COUNT_DISTINCT: (values) => new Set(values.filter((value) => value !== null)).size,
  MIN: (values) => extreme(values, (a, b) => a < b),
  MAX: (values) => extreme(values, (a, b) => a > b),
  SUM: (values) => sum(values),
  AVG: (values) => {
    const numbers = values.filter((value) => typeof value === 'number');
    return numbers.length === 0 ? null : (sum(numbers) ?? 0) / numbers.length;
  },
};

/** Reads one column of an aggregate query; a plain field must be grouped. */
export function makeAggregate(
  scope: Scope,
  field: ParsedField,
  index: number,
  groupBy: readonly FieldPath[],
): Aggregate {
  if (field.type === 'Field' || field.type === 'FieldRelationship') {
    const raw =
      field.type === 'Field' ? field.field : [...field.relationships, field.field].join('.');
    const path = resolvePath(scope, raw);
    if (!groupBy.some((group) => group.text === path.text)) {
      throw new SoqlError(
        'MALFORMED_QUERY',
        `Field must be grouped or aggregated: ${path.field.name}`,
      );
    }
    const alias = 'alias' in field ? field.alias : undefined;
    return { name: alias ?? path.field.name, path, compute: (values) => values[0] ?? null };
  }
  if (field.type !== 'FieldFunctionExpression')
    throw notImplemented('this column of an aggregate query');
  const name = field.alias ?? `expr${index}`;
  const [parameter, ...more] = field.parameters;
  const upper = field.functionName.toUpperCase();
  if (upper === 'COUNT' && parameter === undefined)
    return { name, shownAs: 'count()', compute: (_, rows) => rows.length };
  const compute = functions[upper];
  if (compute === undefined || typeof parameter !== 'string' || more.length > 0) {
    throw notImplemented(`the function ${field.rawValue ?? field.functionName}`);
  }
  const path = resolvePath(scope, parameter);
  if (path.field.type === 'Location')
    throw notImplemented(`${upper} of the compound field ${path.field.name}`);
  if ((upper === 'SUM' || upper === 'AVG') && path.field.type !== 'Number') {
    throw new SoqlError(
      'INVALID_FIELD',
      `field ${path.field.name} does not support aggregate operator ${upper}`,
    );
  }
  return { name, shownAs: `${upper.toLowerCase()}(${path.text})`, path, compute };
}

/** `expr0` counts only the columns without a name of their own. */
export function nameColumns(columns: readonly Aggregate[]): Aggregate[] {
  let unnamed = 0;
  return columns.map((column) =>
    /^expr\d+$/.test(column.name) ? { ...column, name: `expr${unnamed++}` } : column,
  );
}

function extreme(
  values: readonly FieldValue[],
  better: (a: FieldValue & {}, b: FieldValue & {}) => boolean,
): FieldValue {
  let best: FieldValue = null;
  for (const value of values) {
    if (value !== null && (best === null || better(value, best))) best = value;
  }
  return best;
}

function sum(values: readonly FieldValue[]): number | null {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === 0 ? null : numbers.reduce((total, value) => total + value, 0);
}
