import { make } from '../page/dom.ts';
import { fromLocal, toLocal } from './times.ts';
import { richText } from './richText.ts';
import type { Answers, ChoiceField, Field, InputField, Screen } from './steps.ts';

/** A field on the page. */
export interface DrawnField {
  readonly name: string;
  readonly element: HTMLElement;
  /** What it holds now, or undefined where it asks nothing. */
  answer(): Answers[string] | undefined;
  /** Shows or takes away what is wrong with the answer. */
  complain(problem: string | undefined): void;
  /** Takes in what other answers have changed: visibility, texts. */
  update(field: Field): void;
  focus(): void;
}

/** Draws a field with its label, its help and room for what is wrong with its answer. */
export function drawField(field: Field): DrawnField {
  if (field.kind === 'display') return drawText(field);
  return field.kind === 'choice' && field.widget !== 'DropdownBox'
    ? drawGroup(field)
    : drawControl(field);
}

/** The answers of the fields that are on the screen. */
export function answersOf(fields: readonly DrawnField[]): Answers {
  const given = fields.flatMap((field): [string, Answers[string]][] => {
    const answer = field.element.hidden ? undefined : field.answer();
    return answer === undefined ? [] : [[field.name, answer]];
  });
  return Object.fromEntries(given);
}

function drawText(field: Extract<Field, { kind: 'display' }>): DrawnField {
  const element = make('div', { class: 'flow-text' }, ...richText(field.content));
  element.hidden = !field.visible;
  let shown = JSON.stringify(field.content);
  return {
    name: field.name,
    element,
    answer: () => undefined,
    complain: () => undefined,
    focus: () => undefined,
    update(next) {
      element.hidden = !next.visible;
      if (next.kind !== 'display' || JSON.stringify(next.content) === shown) return;
      shown = JSON.stringify(next.content);
      element.replaceChildren(...richText(next.content));
    },
  };
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** One control with one label. */
function drawControl(field: InputField | ChoiceField): DrawnField {
  const control = controlOf(field);
  const id = idOf(field.name);
  control.id = id;
  control.name = field.name;
  if (field.required) control.setAttribute('aria-required', 'true');
  const { notes, complain } = notesOf(field, [control]);
  const label = make('label', { for: id }, ...labelOf(field));
  const isFlag = field.kind === 'input' && field.type === 'Boolean';
  const element = isFlag
    ? make('div', { class: 'flow-field flow-field_flag' }, control, label, ...notes)
    : make('div', { class: 'flow-field' }, label, control, ...notes);
  element.hidden = !field.visible;
  return {
    name: field.name,
    element,
    answer: () => read(field, control),
    complain,
    focus: () => control.focus(),
    update: (next) => {
      element.hidden = !next.visible;
    },
  };
}

function controlOf(field: InputField | ChoiceField): Control {
  if (field.kind === 'choice') {
    const nothing = make('option', { value: '' }, '--None--');
    const options = field.options.map(({ label, value }) => make('option', { value }, label));
    const select = make('select', { class: 'flow-control' }, nothing, ...options);
    select.value = field.chosen[0] ?? '';
    return select;
  }
  const value = field.value === null ? '' : String(field.value);
  if (field.long) {
    const area = make('textarea', { class: 'flow-control', rows: '4' });
    area.value = value;
    return area;
  }
  const types = { String: 'text', Number: 'text', Boolean: 'checkbox', Date: 'date' } as const;
  const type = field.type === 'DateTime' ? 'datetime-local' : types[field.type];
  const inputmode = field.type === 'Number' ? 'decimal' : undefined;
  const input = make('input', { class: 'flow-control', type, inputmode, autocomplete: 'off' });
  if (field.type === 'Boolean') input.checked = field.value === true;
  else input.value = field.type === 'DateTime' ? toLocal(value) : value;
  return input;
}

function read(field: InputField | ChoiceField, control: Control): string | boolean {
  if (field.kind === 'choice') return control.value;
  if (field.type === 'Boolean') return control instanceof HTMLInputElement && control.checked;
  return field.type === 'DateTime' ? fromLocal(control.value) : control.value;
}

/** Several controls under one legend: radio buttons or checkboxes. */
function drawGroup(field: ChoiceField): DrawnField {
  const several = field.widget === 'MultiSelectCheckboxes';
  const inputs = field.options.map(({ value }, index) => {
    const input = make('input', {
      type: several ? 'checkbox' : 'radio',
      id: `${idOf(field.name)}-${index}`,
      name: field.name,
      value,
    });
    input.checked = field.chosen.includes(value);
    return input;
  });
  const rows = inputs.map((input, index) => {
    const label = make('label', { for: input.id }, field.options[index]?.label ?? '');
    return make('div', { class: 'flow-option' }, input, label);
  });
  const { notes, complain } = notesOf(field, inputs);
  const none = make('p', { class: 'flow-hint' }, 'There is nothing to choose.');
  const element = make(
    'fieldset',
    {
      class: 'flow-field',
      ...(several ? {} : { role: 'radiogroup' }),
      'aria-required': field.required && !several ? 'true' : undefined,
    },
    make('legend', {}, ...labelOf(field)),
    ...(rows.length === 0 ? [none] : rows),
    ...notes,
  );
  element.hidden = !field.visible;
  return {
    name: field.name,
    element,
    answer: () => {
      const chosen = inputs.filter(({ checked }) => checked).map(({ value }) => value);
      return several ? chosen : (chosen[0] ?? '');
    },
    complain,
    focus: () => (inputs.find(({ checked }) => checked) ?? inputs[0])?.focus(),
    update: (next) => {
      element.hidden = !next.visible;
    },
  };
}

function labelOf({ label, required }: InputField | ChoiceField): (Node | string)[] {
  if (!required) return [label];
  // Read out as part of the name: not every control may carry aria-required.
  const star = make(
    'abbr',
    { class: 'flow-required', title: 'required', 'aria-hidden': 'true' },
    '*',
  );
  return [star, label, make('span', { class: 'flow-hidden' }, ' (required)')];
}

/** The help and the complaint of a field, which its controls name as their description. */
function notesOf(
  field: InputField | ChoiceField,
  controls: readonly HTMLElement[],
): { readonly notes: readonly HTMLElement[]; readonly complain: DrawnField['complain'] } {
  const id = idOf(field.name);
  const help =
    field.help === null ? [] : [make('p', { class: 'flow-hint', id: `${id}-help` }, field.help)];
  const complaint = make('p', { class: 'flow-complaint', id: `${id}-problem` });
  complaint.hidden = true;
  const describe = (problem: string | undefined): void => {
    const ids = [...help.map((one) => one.id), ...(problem === undefined ? [] : [complaint.id])];
    for (const control of controls) {
      if (ids.length === 0) control.removeAttribute('aria-describedby');
      else control.setAttribute('aria-describedby', ids.join(' '));
      if (problem === undefined) control.removeAttribute('aria-invalid');
      else control.setAttribute('aria-invalid', 'true');
    }
  };
  describe(undefined);
  return {
    notes: [...help, complaint],
    complain(problem) {
      complaint.hidden = problem === undefined;
      complaint.textContent = problem ?? '';
      describe(problem);
    },
  };
}

const idOf = (name: string): string => `flow-${name}`;

/** Takes in a screen that other answers have changed. */
export function updateFields(drawn: readonly DrawnField[], screen: Screen): void {
  for (const field of screen.fields) drawn.find(({ name }) => name === field.name)?.update(field);
}
