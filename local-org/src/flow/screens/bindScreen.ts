import type { Binder } from '../binder.ts';
import type { Target } from '../model.ts';
import type { Interview, ScreenStep, Shown } from '../runtime.ts';
import type { ChoiceField, ScreenElement } from '../screenModel.ts';
import { bindText } from '../template.ts';
import { targetsOf } from '../targets.ts';
import { toField } from '../values.ts';
import { bindField, chosenOf, type BoundField } from './bindField.ts';
import type { Option } from './options.ts';
import { readAnswer } from './readAnswer.ts';
import { bindRichText, plainText } from './richText.ts';
import { WrongAnswer, type Answers, type ScreenView } from './view.ts';

/**
 * Screen: stops the interview until its user goes on. A required field that is empty keeps it there,
 * and then a validation formula that is not true (help platform.flow_ref_elements_screen_validate).
 */
export function bindScreen(binder: Binder, element: ScreenElement): ScreenStep {
  const where = `${element.kind} ${element.name}`;
  const fields = element.fields.map((field) => bindField(binder, element.name, field));
  const label = bindText(binder, where, element.label);
  const help = bindRichText(binder, where, element.help ?? '');
  const isLast = !leadsToScreen(binder, element);
  const next = element.nextLabel ?? (isLast ? 'Finish' : 'Next');
  const reacts = element.fields.some(
    (field) =>
      field.visibility !== undefined || (field.kind === 'display' && field.text.includes('{!')),
  );

  return {
    kind: 'screen',
    next: element.next,
    open: (interview) => {
      for (const { field, initial } of fields) {
        if (field.kind === 'display') continue;
        if (!interview.values.has(field.name) || !field.keepsAnswer)
          interview.values.set(field.name, initial(interview));
      }
      const shown: Shown = new Map(fields.map((one) => [one.field.name, one.options(interview)]));
      for (const { field } of fields)
        if (field.kind === 'choice') preselect(interview, field, shown.get(field.name) ?? []);
      return shown;
    },
    view: (interview, shown, canGoBack): ScreenView => {
      const helpText = plainText(help(interview));
      const { showFooter, allowBack, allowFinish } = element;
      return {
        name: element.name,
        label: String(toField(label.get(interview)) ?? ''),
        help: helpText === '' ? null : helpText,
        showHeader: element.showHeader,
        fields: fields.map((one) => one.view(interview, shown.get(one.field.name) ?? [])),
        back: showFooter && allowBack && canGoBack ? (element.backLabel ?? 'Previous') : null,
        next: showFooter && allowFinish ? next : null,
        reacts,
      };
    },
    answer: (interview, shown, answers) => {
      refuseUnknown(element, answers);
      const { errors, chosen } = takeAnswers(interview, fields, shown, answers);
      hideFields(interview, fields);
      const judged = fields.flatMap((one): [string, string][] => {
        if (!one.isVisible(interview)) return [];
        const problem = errors.get(one.field.name) ?? one.problem(interview);
        return problem === undefined ? [] : [[one.field.name, problem]];
      });
      if (judged.length === 0) for (const option of chosen) option.chosen?.(interview);
      return Object.fromEntries(judged);
    },
  };
}

/** Only what there is to choose is chosen: "a match" for the default value (help platform.flow_considerations_default_values). */
function preselect(interview: Interview, field: ChoiceField, options: readonly Option[]): void {
  const value = toField(interview.values.get(field.name));
  const wanted = chosenOf(field, value);
  const chosen = options.filter((option) => wanted.includes(String(option.value)));
  const [first] = chosen;
  interview.values.set(
    field.name,
    field.widget === 'MultiSelectCheckboxes' && first !== undefined
      ? chosen.map((option) => String(option.value)).join(';')
      : (first?.value ?? null),
  );
  keepLabels(interview, field, chosen);
}

function keepLabels(
  interview: Interview,
  { name, widget }: ChoiceField,
  chosen: readonly Option[],
): void {
  const shown = widget === 'MultiSelectCheckboxes' ? chosen : chosen.slice(0, 1);
  interview.labels.set(name, shown.map((option) => option.label).join(';'));
}

function refuseUnknown(element: ScreenElement, answers: Answers): void {
  const asked = element.fields.filter(({ kind }) => kind !== 'display').map(({ name }) => name);
  const unknown = Object.keys(answers).find((name) => !asked.includes(name));
  if (unknown === undefined) return;
  throw new WrongAnswer(
    `the screen ${element.name} asks no ${unknown}; it asks: ${asked.join(', ') || 'nothing'}`,
  );
}

/** Puts the answers into the interview; tells those that are no values of their field. */
function takeAnswers(
  interview: Interview,
  fields: readonly BoundField[],
  shown: Shown,
  answers: Answers,
): { readonly errors: ReadonlyMap<string, string>; readonly chosen: readonly Option[] } {
  const errors = new Map<string, string>();
  const chosen: Option[] = [];
  for (const { field } of fields) {
    if (field.kind === 'display' || !Object.hasOwn(answers, field.name)) continue;
    const read = readAnswer(field, shown.get(field.name) ?? [], answers[field.name]);
    interview.values.set(field.name, read.ok ? read.value : null);
    if (field.kind === 'choice' && read.ok) keepLabels(interview, field, read.chosen);
    if (read.ok) chosen.push(...read.chosen);
    else errors.set(field.name, read.error);
  }
  return { errors, chosen };
}

/** A field that is not on the screen has no value; hiding one may hide others. */
function hideFields(interview: Interview, fields: readonly BoundField[]): void {
  for (let round = 0; round < fields.length; round += 1) {
    const hidden = fields.filter(
      (one) =>
        one.field.kind !== 'display' &&
        (interview.values.get(one.field.name) ?? null) !== null &&
        !one.isVisible(interview),
    );
    if (hidden.length === 0) return;
    for (const { field } of hidden) interview.values.set(field.name, null);
  }
}

/** Whether another screen may come: on any way from here, or in a flow that is called on it. */
function leadsToScreen(binder: Binder, from: ScreenElement): boolean {
  const reached = new Set<string>();
  const visit = (target: Target): boolean => {
    const element = target === undefined ? undefined : binder.flow.elements.get(target);
    if (element === undefined || reached.has(element.name)) return false;
    reached.add(element.name);
    if (element.kind === 'screens') return true;
    if (element.kind === 'subflows' && binder.subflow(element.name, element.flow).isScreenFlow)
      return true;
    return targetsOf(element).some(visit);
  };
  return visit(from.next);
}
