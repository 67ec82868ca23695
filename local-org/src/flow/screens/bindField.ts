import type { FieldValue } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import { bindConditions } from '../conditions.ts';
import { holds } from '../parse/logic.ts';
import { bindFormulaCondition } from '../formulaResource.ts';
import type { Interview } from '../runtime.ts';
import type {
  AskedField,
  ChoiceField,
  DisplayField,
  ScreenField,
  VisibilityRule,
} from '../screenModel.ts';
import { bindText } from '../template.ts';
import { scalarType, toField } from '../values.ts';
import { bindChoice, bindOptions, type Option } from './options.ts';
import { bindRichText, plainText } from './richText.ts';
import type { FieldView } from './view.ts';

/** A field whose names are bound. */
export interface BoundField {
  readonly field: ScreenField;
  readonly isVisible: (interview: Interview) => boolean;
  /** What there is to choose now; empty for other fields. */
  readonly options: (interview: Interview) => Option[];
  /** The value at the first visit. */
  readonly initial: (interview: Interview) => FieldValue;
  readonly view: (interview: Interview, options: readonly Option[]) => FieldView;
  /** Why the answer that the interview holds is not accepted, or undefined. */
  readonly problem: (interview: Interview) => string | undefined;
}

const REQUIRED = 'Complete this field.';

export function bindField(binder: Binder, screen: string, field: ScreenField): BoundField {
  const where = `screens ${screen} field ${field.name}`;
  const { visibility } = field;
  const isVisible =
    visibility === undefined ? () => true : bindVisibility(binder, where, visibility);
  return field.kind === 'display'
    ? bindDisplay(binder, where, field, isVisible)
    : bindAsked(binder, where, field, isVisible);
}

/** "A null value is evaluated the same way as" empty text (help platform.flow_considerations_design_conditional_visibility). */
function bindVisibility(
  binder: Binder,
  where: string,
  { conditions, logic }: VisibilityRule,
): BoundField['isVisible'] {
  const texts = [...binder.flow.screenFields.values()].filter(({ type }) => type === 'String');
  const tests = conditions.map((condition): BoundField['isVisible'] => {
    const test = bindConditions(binder, where, [condition], { kind: 'condition', index: 0 });
    const nothing = condition.operator === 'IsNull' ? null : '';
    return (interview) => {
      const values = new Map(interview.values);
      for (const { name } of texts) values.set(name, values.get(name) || nothing);
      return test({ ...interview, values });
    };
  });
  return (interview) => holds(logic, (index) => tests[index]?.(interview) === true);
}

function bindDisplay(
  binder: Binder,
  where: string,
  field: DisplayField,
  isVisible: BoundField['isVisible'],
): BoundField {
  const rich = bindRichText(binder, where, field.text);
  return {
    field,
    isVisible,
    options: () => [],
    initial: () => null,
    problem: () => undefined,
    view: (interview) => {
      const content = rich(interview);
      const visible = isVisible(interview);
      return { kind: 'display', name: field.name, visible, content, text: plainText(content) };
    },
  };
}

function bindAsked(
  binder: Binder,
  where: string,
  field: AskedField,
  isVisible: BoundField['isVisible'],
): BoundField {
  const label = bindText(binder, where, field.label);
  const help = bindRichText(binder, where, field.help ?? '');
  const { validation } = field;
  const isGood =
    validation === undefined
      ? () => true
      : bindFormulaCondition(binder, `${where} validationRule`, validation.formula);
  const message = bindRichText(binder, `${where} validationRule`, validation?.message ?? '');
  return {
    field,
    isVisible,
    options: field.kind === 'choice' ? bindOptions(binder, where, field) : () => [],
    initial: bindInitial(binder, where, field),
    problem: (interview) => {
      const value = toField(interview.values.get(field.name));
      const isEmpty = value === null || value === '';
      if (field.required && isEmpty) return REQUIRED;
      return isGood(interview) ? undefined : plainText(message(interview));
    },
    view: (interview, options) => {
      const helpText = plainText(help(interview));
      const shared = {
        name: field.name,
        visible: isVisible(interview),
        label: String(toField(label.get(interview)) ?? ''),
        help: helpText === '' ? null : helpText,
        required: field.required,
      };
      const value = toField(interview.values.get(field.name));
      if (field.kind === 'input') {
        const { type, long, scale } = field;
        return { ...shared, kind: 'input', type, long, scale: scale ?? null, value };
      }
      return {
        ...shared,
        kind: 'choice',
        widget: field.widget,
        options: options.map((option) => ({ label: option.label, value: String(option.value) })),
        chosen: chosenOf(field, value),
      };
    },
  };
}

/** The values of the chosen options, as texts. */
export function chosenOf(field: ChoiceField, value: FieldValue): string[] {
  if (value === null || value === '') return [];
  return field.widget === 'MultiSelectCheckboxes' ? String(value).split(';') : [String(value)];
}

function bindInitial(
  binder: Binder,
  where: string,
  field: AskedField,
): (interview: Interview) => FieldValue {
  if (field.kind === 'choice' && field.initialChoice !== undefined) {
    if (field.initial !== undefined)
      binder.fail(where, 'give one of defaultValue and defaultSelectedChoiceReference');
    if (!binder.flow.choices.has(field.initialChoice))
      binder.unsupported(where, `the choice set ${field.initialChoice} as the first choice`);
    return bindChoice(binder, field.initialChoice).value;
  }
  const isFlag = field.kind === 'input' && field.type === 'Boolean';
  const none: FieldValue = isFlag ? false : null;
  if (field.initial === undefined) return () => none;
  const type = { kind: 'scalar', type: scalarType(field.type) } as const;
  const value = binder.operandOf(where, field.initial, type, 'defaultValue');
  return (interview) => toField(value.get(interview)) ?? none;
}
