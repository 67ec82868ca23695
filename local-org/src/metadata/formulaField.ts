import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef, FieldType } from './schema.ts';
import { requiredText, textOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

const types: ReadonlySet<FieldType> = new Set(['Text', 'Number', 'Checkbox', 'Date', 'DateTime']);

/** "The maximum number of displayed characters after an evaluation" (help, "Building Formulas"). */
const LONGEST_TEXT = 1300;

/** What only a field with stored values can have. */
const storedOnly = [
  'length',
  'required',
  'unique',
  'caseSensitive',
  'externalId',
  'defaultValue',
  'trackHistory',
];

/**
 * What makes a field a formula field, or undefined when it is none; the formula itself is compiled
 * by who computes it. Source: Metadata API Developer Guide, "CustomField" (`formula`,
 * `formulaTreatBlanksAs`).
 */
export function formulaOf(
  file: string,
  root: XmlElement,
  type: FieldType,
): Partial<FieldDef> | undefined {
  const source = textOf(file, root, 'formula');
  const blanks = textOf(file, root, 'formulaTreatBlanksAs');
  if (source === undefined) {
    if (blanks === undefined) return undefined;
    throw new InvalidSource(file, '<formulaTreatBlanksAs> needs a <formula>');
  }
  if (!types.has(type)) throw new Unsupported(file, 'formula', `a formula that gives ${type}`);
  for (const name of storedOnly) {
    const text = textOf(file, root, name);
    if (text !== undefined && text !== 'false')
      throw new InvalidSource(file, `a formula field has no <${name}>`);
  }
  if (blanks === undefined)
    throw new Unsupported(file, 'formula', 'a formula without <formulaTreatBlanksAs>');
  if (blanks !== 'BlankAsZero' && blanks !== 'BlankAsBlank') {
    throw new InvalidSource(
      file,
      `<formulaTreatBlanksAs> is "${blanks}"; allowed are BlankAsZero and BlankAsBlank`,
    );
  }
  return {
    system: true,
    ...(type === 'Text' ? { length: LONGEST_TEXT } : {}),
    formula: {
      source: requiredText(file, root, 'formula'),
      blanksAsZero: blanks === 'BlankAsZero',
      file,
    },
  };
}
