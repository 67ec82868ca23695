import { findField, findObject, findParent } from '../metadata/find.ts';
import { InvalidSource, Unsupported } from '../metadata/schema.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { FieldValue, RecordData, RecordStore } from '../store/records.ts';
import { compileFormula } from './formula/compile.ts';
import { FormulaError, UnknownFunction } from './formula/lex.ts';
import { mentions, parseFormula } from './formula/parse.ts';
import type { Compiled, FormulaEnvironment } from './formula/types.ts';
import { orgGlobal } from './orgGlobals.ts';
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
  /** Only during a save. */
  readonly select?: RecordStore['select'];
}

/** Where a formula stands, for its errors. */
export interface FormulaPlace {
  readonly file: string;
  readonly element: string;
}

/** When a formula is computed, and what an empty number is to it. */
export interface FormulaUse {
  /** Only while a record is saved are there changes and a user. */
  readonly during: 'save' | 'read';
  readonly blanksAsZero: boolean;
}

/**
 * Compiles a formula whose names are fields of an object (`Confidence__c`), fields of its parents
 * (`Asset__r.Status`), and during a save those of `orgGlobal`. Throws `Unsupported` for functions and global
 * values that this org lacks and for parents that may be of several objects, `InvalidSource` for
 * everything that is wrong.
 */
export function compileRecordFormula(
  metadata: OrgMetadata,
  object: ObjectDef,
  formula: string,
  place: FormulaPlace,
  use: FormulaUse,
): Compiled<RecordScope> {
  const isSave = use.during === 'save';
  const environment: FormulaEnvironment<RecordScope> = {
    reference: (path) => reference(metadata, object, path, place, use),
    before: isSave ? (path) => before(object, path) : undefined,
    isNew: isSave ? ({ prior }) => prior === undefined : undefined,
    allowsPriorValue: isSave,
    now: ({ now }) => now,
  };
  try {
    if (!isSave && mentions(parseFormula(formula)).calls.has('REGEX')) {
      // help platform.customize_functions_regex: "everywhere formulas exist except formula fields".
      throw new FormulaError('REGEX is not allowed in a formula field');
    }
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
  { during, blanksAsZero }: FormulaUse,
): Compiled<RecordScope> {
  const global = during === 'save' ? orgGlobal(metadata, path) : undefined;
  if (typeof global === 'string') throw new FormulaError(global);
  if (global !== undefined) {
    const { type, evaluate } = global;
    return {
      type,
      evaluate: ({ userId, read, select = () => [] }) => evaluate({ userId, read, select }),
    };
  }
  const { lookups, field } = resolveReference(metadata, object, path, place);
  if (field.type === 'Location') {
    const { file, element } = place;
    throw new Unsupported(file, element, `${path}, a compound field, in a formula`);
  }
  if (field.type === 'LongTextArea' && during === 'read')
    throw new FormulaError(`${path} is a long text, which a formula field cannot use`);
  const zero = blanksAsZero && field.type === 'Number';
  return {
    type: fieldScalar(field),
    evaluate({ record, read }) {
      let row: RecordData | undefined = record;
      for (const { lookup, target } of lookups) {
        const id: FieldValue = row?.[lookup.name] ?? null;
        row = typeof id === 'string' ? read(target.name, id) : undefined;
      }
      return valueOf(row, field) ?? (zero ? 0 : null);
    },
  };
}

/** The field at the end of a path, the object it belongs to, and the lookups on the way. */
export function resolveReference(
  metadata: OrgMetadata,
  object: ObjectDef,
  path: string,
  place: FormulaPlace,
): { readonly lookups: readonly Step[]; readonly field: FieldDef; readonly owner: ObjectDef } {
  if (path.startsWith('$'))
    throw new Unsupported(place.file, place.element, `the global value ${path}`);
  const names = path.split('.');
  const lookups: Step[] = [];
  let owner = object;
  for (const name of names.slice(0, -1)) {
    const step = parentOf(metadata, owner, path, name, place);
    lookups.push(step);
    owner = step.target;
  }
  return { lookups, field: fieldOf(owner, path, names.at(-1) ?? ''), owner };
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
  if (field.type === 'Location')
    throw new FormulaError(`${path} is a compound field, which has no prior value`);
  return {
    type: fieldScalar(field),
    evaluate: ({ prior, record }) => valueOf(prior ?? record, field),
  };
}
