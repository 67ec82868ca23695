import type { MetadataFile } from './file.ts';
import { EVENT_FIELDS, STANDARD_OBJECTS, SYSTEM_FIELDS } from './standardFields.ts';
import { childOf, childrenOf, everyElement, textOf, type XmlElement } from './xml.ts';

/** A field that the files bring. */
export interface CustomField {
  readonly object: string;
  readonly name: string;
  readonly file: MetadataFile;
  /** Of the Metadata API, e.g. `LongTextArea`. */
  readonly type: string;
  readonly isRequired: boolean;
  /** Nobody writes it: a formula, a running number, a sum. */
  readonly isComputed: boolean;
  /** What the other side calls the records that look up to it; '' where it has no name. */
  readonly childRelationship: string;
  /** The values of a picklist that takes no others; undefined for other fields. */
  readonly values: ReadonlySet<string> | undefined;
}

/** Objects with their fields, and the flows: what one file may name of the others. */
export interface Org {
  /** Object → field → the object a lookup leads to, '' for other fields. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** `Object.Field` → what the files say of it. */
  readonly fields: ReadonlyMap<string, CustomField>;
  readonly flows: ReadonlySet<string>;
}

/** All that the files bring, on top of the standard objects that are known. */
export function readOrg(files: readonly MetadataFile[]): Org {
  const objects = new Map<string, Map<string, string>>();
  const fields = new Map<string, CustomField>();
  for (const [object, known] of Object.entries(STANDARD_OBJECTS)) {
    objects.set(object, new Map([...Object.entries(SYSTEM_FIELDS), ...Object.entries(known)]));
  }
  for (const { type, name } of files) {
    if (type !== 'CustomObject' || objects.has(name)) continue;
    const own = name.endsWith('__e') ? EVENT_FIELDS : SYSTEM_FIELDS;
    objects.set(name, new Map(Object.entries(own)));
  }
  for (const file of files) {
    if (file.type !== 'CustomField' || file.object === undefined) continue;
    objects.get(file.object)?.set(file.name, textOf(file.root, 'referenceTo'));
    fields.set(`${file.object}.${file.name}`, readField(file, file.object));
  }
  const flows = files.filter(({ type }) => type === 'Flow').map(({ name }) => name);
  return { objects, fields, flows: new Set(flows) };
}

function readField(file: MetadataFile, object: string): CustomField {
  const { name, root } = file;
  const type = textOf(root, 'type');
  const isComputed = textOf(root, 'formula') !== '' || type === 'AutoNumber' || type === 'Summary';
  return {
    object,
    name,
    file,
    type,
    isRequired: textOf(root, 'required') === 'true' || type === 'MasterDetail',
    isComputed,
    childRelationship: textOf(root, 'relationshipName'),
    values: restrictedValues(root),
  };
}

function restrictedValues(root: XmlElement): ReadonlySet<string> | undefined {
  const set = childOf(root, 'valueSet');
  if (set === undefined || textOf(set, 'restricted') !== 'true') return undefined;
  const definition = childOf(set, 'valueSetDefinition');
  if (definition === undefined) return undefined;
  return new Set(childrenOf(definition, 'value').map((value) => textOf(value, 'fullName')));
}

/** One step of a way of fields. */
export interface FieldStep {
  readonly object: string;
  readonly field: string;
}

/** The fields a way of fields passes, or what is wrong with it. */
export type FieldWay = { readonly steps: readonly FieldStep[]; readonly wrong: string | undefined };

/**
 * Follows a way of fields from an object, e.g. `Asset__r.AccountId` from Asset_Signal__c: the lookup Asset__c and the
 * field AccountId of Asset. What comes after a lookup to more than one object cannot be followed, and is not wrong.
 */
export function followFields(org: Org, object: string, path: string): FieldWay {
  const fields = org.objects.get(object);
  if (fields === undefined) {
    return { steps: [], wrong: `object ${object} is not in force-app, nor a known standard one` };
  }
  const [step = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    return fields.has(step)
      ? { steps: [{ object, field: step }], wrong: undefined }
      : { steps: [], wrong: `${object} has no field ${step}` };
  }
  const lookup = step.endsWith('__r') ? step.replace(/__r$/, '__c') : `${step}Id`;
  const next = fields.get(lookup);
  if (next === undefined || next === '') {
    return { steps: [], wrong: `${object} has no lookup behind ${step}` };
  }
  const here = { object, field: lookup };
  if (next.includes(' ')) return { steps: [here], wrong: undefined };
  const { steps, wrong } = followFields(org, next, rest.join('.'));
  return { steps: [here, ...steps], wrong };
}

/** What is wrong with a way of fields from an object; undefined when nothing is. */
export function judgeFieldPath(org: Org, object: string, path: string): string | undefined {
  return followFields(org, object, path).wrong;
}

/** All names a formula holds that look like fields: `Asset__r.AccountId`, `Phase__c`. Texts and functions are left out. */
export function namesInFormula(formula: string): readonly string[] {
  const withoutTexts = formula.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ' ');
  return [...withoutTexts.matchAll(/(?<![$\w.])[A-Za-z]\w*(?:\.\w+)*(?!\w|\s*\()/g)].map(
    ([name]) => name,
  );
}

/** The formulas of a file that is about one object: of a field, of a validation rule. */
export function formulasOf({ type, root }: MetadataFile): readonly XmlElement[] {
  const holders: Readonly<Record<string, readonly string[]>> = {
    CustomField: ['formula', 'defaultValue'],
    ValidationRule: ['errorConditionFormula'],
  };
  const names = holders[type] ?? [];
  return [...everyElement(root)].filter(({ name, text }) => names.includes(name) && text !== '');
}
