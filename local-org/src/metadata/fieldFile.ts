import { parentName } from './names.ts';
import { formulaOf } from './formulaField.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef, FieldType, PicklistValue } from './schema.ts';
import { locationField } from './locationField.ts';
import { makeField } from './systemFields.ts';
import {
  childOf,
  childrenOf,
  flagOf,
  parseXml,
  refuseUnknown,
  requiredText,
  textOf,
  wholeOf,
} from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Elements of a field that say nothing about saving or reading a row. */
const descriptive = [
  'description',
  'inlineHelpText',
  'trackFeedHistory',
  'trackTrending',
  'visibleLines',
  'relationshipLabel',
  'businessStatus',
  'securityClassification',
  'isFilteringDisabled',
  'isNameField',
  'isSortingDisabled',
];

const known = new Set([
  ...descriptive,
  'fullName',
  'label',
  'type',
  'length',
  'precision',
  'scale',
  'required',
  'unique',
  'caseSensitive',
  'externalId',
  'defaultValue',
  'valueSet',
  'referenceTo',
  'relationshipName',
  'deleteConstraint',
  'displayFormat',
  'startingNumber',
  'formula',
  'formulaTreatBlanksAs',
  'trackHistory',
  'displayLocationInDecimal',
]);

const types: ReadonlySet<string> = new Set<FieldType>([
  'Text',
  'TextArea',
  'LongTextArea',
  'Picklist',
  'Number',
  'Checkbox',
  'DateTime',
  'Date',
  'Lookup',
  'Email',
  'Phone',
  'Url',
  'AutoNumber',
  'Location',
]);

/** The platform's own lengths for types whose length is not written in the source. */
const fixedLengths: Partial<Record<FieldType, number>> = {
  TextArea: 255,
  Email: 80,
  Phone: 40,
  Url: 255,
  Picklist: 255,
};

/** Reads a `.field-meta.xml`; throws `Unsupported` for what the org would otherwise ignore. */
export function readField(file: string, xml: string): FieldDef {
  const root = parseXml(file, xml, 'CustomField');
  refuseUnknown(file, root, known);
  const name = requiredText(file, root, 'fullName');
  if (!name.endsWith('__c'))
    throw new Unsupported(file, 'fullName', `changing the standard field ${name}`);
  const type = fieldType(file, root);
  const label = requiredText(file, root, 'label');
  if (type === 'Location') return locationField(file, root, name, label);
  const computed = formulaOf(file, root, type);
  if (computed !== undefined) {
    const size = type === 'Number' ? sizeOf(file, root, type) : {};
    return makeField(name, label, type, { ...size, ...computed });
  }
  const field = makeField(name, label, type, {
    required: flagOf(file, root, 'required', false),
    unique: flagOf(file, root, 'unique', false),
    caseSensitive: flagOf(file, root, 'caseSensitive', false),
    externalId: flagOf(file, root, 'externalId', false),
    ...sizeOf(file, root, type),
    ...(type === 'Picklist' ? { picklist: picklistOf(file, root) } : {}),
    ...(type === 'Lookup' ? lookupOf(file, root, name) : {}),
    ...(type === 'AutoNumber' ? autoNumberOf(file, root) : {}),
    ...defaultOf(file, root, type),
    ...(flagOf(file, root, 'trackHistory', false) ? { tracked: true } : {}),
  });
  return field;
}

function fieldType(file: string, root: XmlElement): FieldType {
  const type = requiredText(file, root, 'type');
  if (!isFieldType(type)) throw new Unsupported(file, 'type', `the field type ${type}`);
  return type;
}

function isFieldType(type: string): type is FieldType {
  return types.has(type);
}

function sizeOf(file: string, root: XmlElement, type: FieldType): Partial<FieldDef> {
  if (type === 'Number') {
    const precision = wholeOf(file, root, 'precision');
    const scale = wholeOf(file, root, 'scale');
    if (precision === undefined || scale === undefined) {
      throw new InvalidSource(file, 'a Number needs <precision> and <scale>');
    }
    if (precision > 18 || scale > precision) {
      throw new InvalidSource(
        file,
        `precision ${precision}, scale ${scale}: at most 18 digits, scale within`,
      );
    }
    return { precision, scale };
  }
  const fixed = fixedLengths[type];
  if (fixed !== undefined) return { length: fixed };
  if (type !== 'Text' && type !== 'LongTextArea') return {};
  const length = wholeOf(file, root, 'length');
  const most = type === 'Text' ? 255 : 131_072;
  if (length === undefined || length < 1 || length > most) {
    throw new InvalidSource(file, `a ${type} needs a <length> from 1 to ${most}`);
  }
  return { length };
}

function picklistOf(file: string, root: XmlElement): NonNullable<FieldDef['picklist']> {
  const valueSet = childOf(file, root, 'valueSet');
  if (valueSet === undefined) throw new InvalidSource(file, 'a Picklist needs a <valueSet>');
  refuseUnknown(file, valueSet, new Set(['restricted', 'valueSetDefinition']));
  const definition = childOf(file, valueSet, 'valueSetDefinition');
  if (definition === undefined)
    throw new InvalidSource(file, '<valueSet> needs a <valueSetDefinition>');
  refuseUnknown(file, definition, new Set(['sorted', 'value']));
  const values = childrenOf(definition, 'value').flatMap((value): PicklistValue[] => {
    refuseUnknown(
      file,
      value,
      new Set(['fullName', 'default', 'label', 'description', 'isActive', 'color']),
    );
    if (!flagOf(file, value, 'isActive', true)) return [];
    return [
      {
        name: requiredText(file, value, 'fullName'),
        label: requiredText(file, value, 'label'),
        isDefault: flagOf(file, value, 'default', false),
      },
    ];
  });
  return { restricted: flagOf(file, valueSet, 'restricted', false), values };
}

function lookupOf(file: string, root: XmlElement, name: string): Partial<FieldDef> {
  const constraint = textOf(file, root, 'deleteConstraint') ?? 'SetNull';
  if (constraint !== 'SetNull' && constraint !== 'Restrict') {
    throw new Unsupported(file, 'deleteConstraint', constraint);
  }
  const children = textOf(file, root, 'relationshipName');
  return {
    referenceTo: [requiredText(file, root, 'referenceTo')],
    relationshipName: parentName(name),
    ...(children === undefined ? {} : { childRelationshipName: `${children}__r` }),
    deleteConstraint: constraint,
  };
}

function autoNumberOf(file: string, root: XmlElement): Partial<FieldDef> {
  const start = wholeOf(file, root, 'startingNumber') ?? 1;
  if (start !== 1) throw new Unsupported(file, 'startingNumber', `the start ${start} (only 1)`);
  return {
    system: true,
    displayFormat: autoNumberFormat(file, requiredText(file, root, 'displayFormat')),
  };
}

/** Accepts `PRE-{0000}`; the platform's date parts (`{YYYY}`) are refused. */
export function autoNumberFormat(file: string, format: string): string {
  if (!/^[^{}]*\{0+\}[^{}]*$/.test(format))
    throw new Unsupported(file, 'displayFormat', `"${format}"`);
  return format;
}

function defaultOf(file: string, root: XmlElement, type: FieldType): Partial<FieldDef> {
  const text = textOf(file, root, 'defaultValue');
  if (text === undefined) return type === 'Checkbox' ? { defaultValue: false } : {};
  if (type === 'Checkbox' && (text === 'true' || text === 'false'))
    return { defaultValue: text === 'true' };
  if (type === 'Number' && /^-?\d+(\.\d+)?$/.test(text)) return { defaultValue: Number(text) };
  const quoted = /^(["'])([^"'\\]*)\1$/.exec(text);
  if ((type === 'Text' || type === 'TextArea') && quoted !== null)
    return { defaultValue: quoted[2] ?? '' };
  throw new Unsupported(file, 'defaultValue', `"${text}" (only a literal of the field's own type)`);
}
