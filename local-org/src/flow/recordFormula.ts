import { findField, findObject, findParent } from '../metadata/find.ts';
import { InvalidSource, Unsupported } from '../metadata/schema.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { FieldValue, RecordData, RecordStore } from '../store/records.ts';
import { compileFormula } from './formula/compile.ts';
import { FormulaError, UnknownFunction } from './formula/lex.ts';
import type { Compiled, FormulaEnvironment } from './formula/types.ts';
import { fieldScalar } from './values.ts';

/** What a formula of an object sees: one record, and the save it is in where there is one. */
export interface RecordScope {
  readonly record: RecordData;
  /** The record before the save; undefined for a new one. */
  readonly prior: RecordData | undefined;
  /** The one who saves or reads. */
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly read: RecordStore['read'];
}

/** Where a formula stands, for its errors. */
export interface FormulaPlace {
  readonly file: string;
  readonly element: string;
}

/**
 * Compiles a formula whose names are fields of an object (`Confidence__c`), fields of its parents
 * (`Asset__r.Status`), and `$User.Id`. Throws `Unsupported` for functions and global values that
 * this org lacks and for parents that may be of several objects, `InvalidSource` for everything
 * that is wrong.
 */
export function compileRecordFormula(
  metadata: OrgMetadata,
  object: ObjectDef,
  formula: string,
  place: FormulaPlace,
): Compiled<RecordScope> {
  const environment: FormulaEnvironment<RecordScope> = {
    reference: (path) => reference(metadata, object, path, place),
    before: (path) => before(object, path),
    isNew: ({ prior }) => prior === undefined,
    allowsPriorValue: true,
    now: ({ now }) => now,
  };
  try {
    return compileFormula(formula, environment);
  } catch (error) {
    if (error instanceof UnknownFunction) {
      const { file, element } = place;
      throw new Unsupported(file, element, `the formula function ${error.functionName}`);
    }
    if (error instanceof FormulaError)
      throw new InvalidSource(place.file, `${place.element}: ${error.message}`);
    throw error;
  }
}

function reference(
  metadata: OrgMetadata,
  object: ObjectDef,
  path: string,
  place: FormulaPlace,
): Compiled<RecordScope> {
  if (path === '$User.Id') return { type: 'text', evaluate: ({ userId }) => userId };
  if (path.startsWith('$'))
    throw new Unsupported(place.file, place.element, `the global value ${path}`);
  const names = path.split('.');
  const lookups: Step[] = [];
  let current = object;
  for (const name of names.slice(0, -1)) {
    const step = parentOf(metadata, current, path, name, place);
    lookups.push(step);
    current = step.target;
  }
  const field = fieldOf(current, path, names.at(-1) ?? '');
  return {
    type: fieldScalar(field),
    evaluate({ record, read }) {
      let row: RecordData | undefined = record;
      for (const { lookup, target } of lookups) {
        const id: FieldValue = row?.[lookup.name] ?? null;
        row = typeof id === 'string' ? read(target.name, id) : undefined;
      }
      return valueOf(row, field);
    },
  };
}

interface Step {
  readonly lookup: FieldDef;
  readonly target: ObjectDef;
}

function parentOf(
  metadata: OrgMetadata,
  object: ObjectDef,
  path: string,
  name: string,
  place: FormulaPlace,
): Step {
  const lookup = findParent(object, name);
  if (lookup === undefined) throw new FormulaError(`${path}: ${object.name} has no lookup ${name}`);
  const [target = '', ...others] = lookup.referenceTo ?? [];
  const found = findObject(metadata, target);
  if (found === undefined || others.length > 0) {
    const feature = `${path}: a field through ${lookup.name}, which may point to several objects`;
    throw new Unsupported(place.file, place.element, feature);
  }
  return { lookup, target: found };
}

function fieldOf(object: ObjectDef, path: string, name: string): FieldDef {
  const field = findField(object, name);
  if (field === undefined) throw new FormulaError(`${path}: ${object.name} has no field ${name}`);
  return field;
}

/** A checkbox of a parent that is not there is off. */
function valueOf(row: RecordData | undefined, field: FieldDef): FieldValue {
  return row?.[field.name] ?? (field.type === 'Checkbox' ? false : null);
}

/** For a new record that is the new value: nothing has changed. */
function before(object: ObjectDef, path: string): Compiled<RecordScope> {
  if (path.includes('.') || path.startsWith('$'))
    throw new FormulaError(`${path}: a field of ${object.name} itself is needed`);
  const field = fieldOf(object, path, path);
  return {
    type: fieldScalar(field),
    evaluate: ({ prior, record }) => valueOf(prior ?? record, field),
  };
}
