import { dateText, dateTimeText } from '../store/localText.ts';
import type { FieldValue } from '../store/records.ts';
import { numberText } from './formula/types.ts';
import type { Accessor, Interview, ScalarAccessor } from './runtime.ts';
import type { Binder } from './binder.ts';
import { toField, type ScalarType } from './values.ts';

/**
 * A text template with its merge fields. Values are written as for an English (United States) user
 * in UTC: a DateTime is `11/23/2026, 6:00 AM`, a Date `11/23/2026`, a Number without grouping. No
 * public source found for the forms; flows should not depend on them.
 */
export function bindTemplate(binder: Binder, name: string, text: string): Accessor {
  return bindText(binder, `textTemplates ${name}`, text);
}

/** Any text with merge fields, of the element that holds it. */
export function bindText(binder: Binder, element: string, text: string): Accessor {
  const pieces = text.split(/\{!([^{}]*)\}/);
  let usesChange = false;
  const parts = pieces.map((piece, index): ((interview: Interview) => string) => {
    if (index % 2 === 0) {
      if (piece.includes('{!')) binder.fail(element, 'a merge field is not closed');
      return () => piece;
    }
    const accessor = bindShown(binder, element, piece.trim());
    usesChange ||= accessor.usesChange === true;
    return (interview) => mergeText(toField(accessor.get(interview)), accessor.type.type);
  });
  return {
    type: { kind: 'scalar', type: 'text' },
    get: (interview) => parts.map((part) => part(interview)).join(''),
    usesChange,
  };
}

/** What a name shows: a choice its label (help platform.flow_ref_resources_recordchoice), all else its value. */
function bindShown(binder: Binder, element: string, name: string): ScalarAccessor {
  const accessor = binder.scalar(element, name);
  const { choices, screenFields } = binder.flow;
  const choice = choices.get(name);
  const type = { kind: 'scalar', type: 'text' } as const;
  if (choice !== undefined) return { ...bindText(binder, `choices ${name}`, choice.label), type };
  if (screenFields.get(name)?.kind !== 'choice') return accessor;
  return {
    type,
    get: ({ values, labels }) =>
      (values.get(name) ?? null) === null ? null : (labels.get(name) ?? null),
  };
}

function mergeText(value: FieldValue, type: ScalarType): string {
  if (value === null) return '';
  if (typeof value === 'number') return numberText(value);
  if (type === 'datetime') return dateTimeText(String(value));
  if (type === 'date') return dateText(String(value));
  return String(value);
}
