import type { Clock } from '../clock.ts';
import { InvalidSource } from '../metadata/schema.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { Formulas } from '../store/formulas.ts';
import type { FieldValue } from '../store/records.ts';
import { checkValue } from '../store/values.ts';
import { FormulaError } from './formula/lex.ts';
import { mentions, parseFormula } from './formula/parse.ts';
import type { Compiled } from './formula/types.ts';
import { compileRecordFormula, resolveReference, type RecordScope } from './recordFormula.ts';
import { fieldScalar } from './values.ts';

/** What is supported of formula fields, and what of them is refused; for SUPPORT.md. */
export const FORMULA_FIELD_SUPPORT: Readonly<Record<string, string>> = {
  types: 'Text (1,300 characters), Number, Checkbox, Date, DateTime. Refused: the others.',
  formulaTreatBlanksAs: '`BlankAsZero`, `BlankAsBlank`. Refused: a formula without it.',
  'names in the formula':
    'fields of the object and of its parents over any number of lookups to one object, other formula fields among them. Refused: global values, long texts, a field that depends on itself.',
  reading:
    'computed each time a row is read, with the time of then: SOQL, REST, UI API, GraphQL, `$Record` and Get Records of flows, validation rules. In a before-save flow as of its start.',
  'filters, orders, groups':
    'Refused by name in SOQL and in flows; GraphQL has no such filter or order. describe says so.',
};

interface FormulaField {
  readonly field: FieldDef;
  readonly formula: Compiled<RecordScope>;
}

/**
 * Compiles the formula fields of the org. Each must give the type of its field, and none may depend
 * on itself, also not over parents. Throws `Unsupported` and `InvalidSource`.
 */
export function makeFormulas(metadata: OrgMetadata, clock: Clock): Formulas {
  const ordered = new Map<string, FormulaField[]>();
  const state = new Map<FieldDef, 'begun' | 'done'>();

  /** Those a formula needs come before it. */
  function add(object: ObjectDef, field: FieldDef): void {
    const { formula } = field;
    if (formula === undefined || state.get(field) === 'done') return;
    if (state.get(field) === 'begun')
      throw new InvalidSource(formula.file, `formula: ${field.name} depends on itself`);
    state.set(field, 'begun');
    const place = { file: formula.file, element: 'formula' };
    const compiled = compileRecordFormula(metadata, object, formula.source, place, {
      during: 'read',
      blanksAsZero: formula.blanksAsZero,
    });
    const type = fieldScalar(field);
    if (compiled.type !== type && compiled.type !== 'null') {
      const hint = compiled.type === 'picklist' ? '; wrap the picklist field in TEXT()' : '';
      throw new InvalidSource(
        formula.file,
        `formula: it gives ${compiled.type}, the field is a ${field.type}${hint}`,
      );
    }
    for (const path of mentions(parseFormula(formula.source)).references) {
      const { owner, field: used } = resolveReference(metadata, object, path, place);
      add(owner, used);
    }
    state.set(field, 'done');
    const own = ordered.get(object.name) ?? [];
    ordered.set(object.name, [...own, { field, formula: compiled }]);
  }

  for (const object of metadata.objects.values())
    for (const field of object.fields.values()) add(object, field);

  return {
    compute(object, row, read) {
      const own = ordered.get(object.name);
      if (own === undefined) return row;
      const record: Record<string, FieldValue> = { ...row };
      const scope: RecordScope = { record, prior: undefined, userId: '', now: clock.now(), read };
      for (const { field, formula } of own) record[field.name] = valueOf(field, formula, scope);
      return record;
    },
  };
}

/** What cannot be computed, or does not fit the field, is empty. */
function valueOf(field: FieldDef, formula: Compiled<RecordScope>, scope: RecordScope): FieldValue {
  try {
    const verdict = checkValue(field, formula.evaluate(scope));
    return verdict.ok ? verdict.value : null;
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return null;
  }
}
