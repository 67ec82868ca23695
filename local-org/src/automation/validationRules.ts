import type { Clock } from '../clock.ts';
import { FormulaError } from '../flow/formula/lex.ts';
import type { Compiled } from '../flow/formula/types.ts';
import { compileRecordFormula, type RecordScope } from '../flow/recordFormula.ts';
import { InvalidSource } from '../metadata/schema.ts';
import type { ObjectDef, OrgMetadata, ValidationRuleDef } from '../metadata/schema.ts';
import { auditFields } from '../metadata/systemFields.ts';
import type { RecordData, RecordStore, SaveError, SaveOutcome } from '../store/records.ts';
import { saveError, type Row } from './rows.ts';

/** What is supported of validation rules, and what of them is refused; for SUPPORT.md. */
export const VALIDATION_RULE_SUPPORT: Readonly<Record<string, string>> = {
  'validationRules/NAME.validationRule-meta.xml':
    '`active`, `description`, `errorConditionFormula`, `errorDisplayField`, `errorMessage`; of custom and standard objects. Also those that are not active are compiled.',
  'names in the formula':
    'fields of the object, fields of its parents (not through a lookup that may point to several objects), `$User`, `$Profile`, `$Organization`, `$Permission`, `$Label` of who saves. Refused: every other global value (`$Setup`, `$RecordType`, `$UserRole`, …).',
  functions:
    'as above, `ISNEW`, `ISCHANGED` and `PRIORVALUE` among them; a picklist only in `ISPICKVAL`, `TEXT`, `ISBLANK` and those three. Refused: the others.',
  when: 'each insert and update by an API or a flow, after before-save flows and the checks of the system. Every rule that is true answers FIELD_CUSTOM_VALIDATION_EXCEPTION.',
};

/** The validation rules of the org. */
export interface ValidationRules {
  /**
   * Does `write` and judges the row it wrote; what a rule refuses is undone, and every rule that is
   * true says so, in the order of their names.
   */
  guard(object: ObjectDef, row: Row, write: () => SaveOutcome): SaveOutcome;
}

interface CompiledRule {
  readonly rule: ValidationRuleDef;
  readonly condition: Compiled<RecordScope>;
}

/**
 * Compiles every rule, also those that are not active, so that a mistake is found before a rule is
 * switched on. The active ones, by object.
 */
export function compileValidationRules(
  metadata: OrgMetadata,
): ReadonlyMap<string, readonly CompiledRule[]> {
  const compiled = metadata.validationRules.map((rule): CompiledRule => {
    const object = metadata.objects.get(rule.object);
    if (object === undefined) throw new InvalidSource(rule.file, `no object ${rule.object}`);
    const place = { file: rule.file, element: 'errorConditionFormula' };
    const condition = compileRecordFormula(metadata, object, rule.formula, place, {
      during: 'save',
      blanksAsZero: false,
    });
    if (condition.type !== 'boolean') {
      throw new InvalidSource(
        rule.file,
        `errorConditionFormula: the formula gives ${condition.type}, not boolean`,
      );
    }
    return { rule, condition };
  });
  const active = compiled
    .filter(({ rule }) => rule.active)
    .sort((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
  return Map.groupBy(active, ({ rule }) => rule.object);
}

class Refused extends Error {}

/**
 * Rules come after before-save flows and the system's own checks, and before the save is final
 * (Apex Developer Guide, "Triggers and Order of Execution"): the row is written, which is how the
 * system's checks are made, judged, and taken back when a rule is true. One rule that is true does
 * not stop the others, and deleting asks none (letuswow.blogspot.com/2016_09_18_archive.html).
 * On ISNEW, ISCHANGED and PRIORVALUE: help platform.customize_functions_isnew, …_ischanged,
 * …_priorvalue.
 */
export function makeValidationRules(
  metadata: OrgMetadata,
  store: RecordStore,
  clock: Clock,
): ValidationRules {
  const rules = compileValidationRules(metadata);

  return {
    guard(object, row, write) {
      const own = rules.get(object.name);
      if (own === undefined) return write();
      let errors: SaveError[] = [];
      try {
        return store.transaction(() => {
          const outcome = write();
          if (!outcome.ok) return outcome;
          const written = store.read(object.name, outcome.id) ?? {};
          const scope: RecordScope = {
            record: store.withFormulas(object.name, asBeforeSave(object, written, row.old)),
            prior: row.old,
            userId: row.source.actor.userId,
            now: clock.now(),
            read: (name, id) => store.read(name, id),
            select: (query) => store.select(query),
          };
          errors = own.flatMap((one) => judge(one, scope));
          if (errors.length > 0) throw new Refused();
          return outcome;
        });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { ok: false, errors };
      }
    },
  };
}

function judge({ rule, condition }: CompiledRule, scope: RecordScope): SaveError[] {
  try {
    if (condition.evaluate(scope) !== true) return [];
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return [
      saveError(
        'FORMULA_EXPRESSION_INVALID',
        `The formula in the "${rule.name}" validation rule is invalid: ${error.message}`,
      ),
    ];
  }
  const fields = rule.field === undefined ? [] : [rule.field];
  return [saveError('FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, fields)];
}

/** What the platform fills in as it saves is not there yet: ids and numbers of a new row, and stamps. */
function asBeforeSave(
  object: ObjectDef,
  written: RecordData,
  old: RecordData | undefined,
): RecordData {
  const later = [...object.fields.values()].filter(
    (field) =>
      field.type === 'AutoNumber' || auditFields.some((audit) => audit.name === field.name),
  );
  const earlier = later
    .filter(({ name }) => name !== 'IsDeleted')
    .map(({ name }): [string, RecordData[string]] => [name, old?.[name] ?? null]);
  return { ...written, ...Object.fromEntries(earlier) };
}
