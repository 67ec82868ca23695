import { InvalidSource } from './schema.ts';
import type { ObjectDef, ValidationRuleDef } from './schema.ts';
import { flagOf, parseXml, refuseUnknown, requiredText, textOf } from './xml.ts';

const known = new Set([
  'fullName',
  'active',
  'description',
  'errorConditionFormula',
  'errorDisplayField',
  'errorMessage',
]);

/** Metadata API Developer Guide, "ValidationRule" (.../api_meta/meta_validationformulas.htm). */
const LONGEST_NAME = 40;
const LONGEST_MESSAGE = 255;

/**
 * Reads `objects/OBJECT/validationRules/NAME.validationRule-meta.xml`; the formula is compiled by
 * the automation. Throws `Unsupported` for elements it does not know, and `InvalidSource` for a
 * field that the object does not have and for texts that are too long.
 */
export function readValidationRule(
  file: string,
  name: string,
  xml: string,
  object: ObjectDef | undefined,
): ValidationRuleDef {
  const root = parseXml(file, xml, 'ValidationRule');
  refuseUnknown(file, root, known);
  if (object === undefined)
    throw new InvalidSource(file, 'the rule is of an object not in this org');
  if (object.kind === 'event') throw new InvalidSource(file, 'an event has no validation rules');
  const fullName = requiredText(file, root, 'fullName');
  if (fullName !== name)
    throw new InvalidSource(file, `<fullName> ${fullName} differs from the file's name`);
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(name) || name.length > LONGEST_NAME) {
    throw new InvalidSource(
      file,
      `<fullName> ${name}: at most ${LONGEST_NAME} letters, digits and single underscores`,
    );
  }
  const message = requiredText(file, root, 'errorMessage');
  if (message.length > LONGEST_MESSAGE) {
    throw new InvalidSource(
      file,
      `<errorMessage> has ${message.length} characters, at most ${LONGEST_MESSAGE} are allowed`,
    );
  }
  requiredText(file, root, 'active');
  const field = textOf(file, root, 'errorDisplayField') ?? '';
  if (field !== '' && !object.fields.has(field))
    throw new InvalidSource(file, `<errorDisplayField>: ${object.name} has no field ${field}`);
  return {
    object: object.name,
    name,
    file,
    active: flagOf(file, root, 'active', false),
    formula: requiredText(file, root, 'errorConditionFormula'),
    message,
    ...(field === '' ? {} : { field }),
  };
}
