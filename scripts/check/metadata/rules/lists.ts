import type { MetadataFile } from '../file.ts';
import { followFields, formulasOf, namesInFormula } from '../org.ts';
import type { Context, Rule } from '../rule.ts';
import type { Finding } from '../validate.ts';
import { everyElement, type XmlElement } from '../xml.ts';

/* List views and search layouts name standard fields in their own way. Source: Metadata API guide, ListView. */
const COLUMN_OF_STANDARD_FIELD = /^[A-Z0-9]+([_.][A-Z0-9]+)*$/;

/** Where a type of file names fields of its own object: the elements, and whether standard columns may stand there. */
const FIELD_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  CompactLayout: ['fields'],
  CustomObject: [
    'customTabListAdditionalFields',
    'lookupDialogsAdditionalFields',
    'searchResultsAdditionalFields',
  ],
  FieldSet: ['field'],
  Layout: ['field'],
  ListView: ['columns', 'field'],
};

/** A field that a list, layout or search shows. */
export interface ShownField {
  readonly object: string;
  readonly field: string;
  readonly element: XmlElement;
}

/** The fields of its own object that a file shows people; standard columns and fields of other objects are left out. */
export function shownFields(file: MetadataFile): readonly ShownField[] {
  const names = FIELD_ELEMENTS[file.type];
  const object = objectOf(file);
  if (names === undefined || object === undefined) return [];
  return [...everyElement(file.root)]
    .filter(({ name, text }) => names.includes(name) && text !== '')
    .filter(({ text }) => !COLUMN_OF_STANDARD_FIELD.test(text))
    .map((element) => ({ object, field: element.text, element }));
}

/** Lists, layouts and searches show fields that exist. */
export const listReferences: Rule = function* (file, { org, files }) {
  for (const { object, field, element } of shownFields(file)) {
    const fields = org.objects.get(object);
    if (fields === undefined) yield { line: element.line, text: `object ${object} is unknown` };
    else if (!fields.has(field)) {
      yield { line: element.line, text: `${object} has no field ${field}` };
    }
  }
  yield* judgeNamed(file, files);
};

/* The compact layout an object is given, and the quick actions of a layout. */
function* judgeNamed(file: MetadataFile, files: readonly MetadataFile[]): Generator<Finding> {
  const has = (type: string, name: string): boolean =>
    files.some((other) => other.type === type && other.name === name);
  for (const { name, text, line } of everyElement(file.root)) {
    if (name === 'compactLayoutAssignment' && text !== 'SYSTEM' && !has('CompactLayout', text)) {
      yield { line, text: `compact layout ${text} is not in force-app` };
    }
    const isOwnAction = name === 'quickActionName' && text.includes('.');
    if (isOwnAction && !has('QuickAction', text)) {
      yield { line, text: `quick action ${text} is not in force-app` };
    }
  }
}

/** A formula names fields that exist. */
export const formulaReferences: Rule = function* (file, context) {
  for (const { line, wrong } of formulaWays(file, context)) {
    if (wrong !== undefined) yield { line, text: wrong };
  }
};

/** Every way of fields in the formulas of a file, followed from the object the file belongs to. */
export function* formulaWays(file: MetadataFile, { org }: Context) {
  const { object } = file;
  if (object === undefined) return;
  for (const { text, line } of formulasOf(file)) {
    for (const name of namesInFormula(text)) {
      if (/^(true|false|null)$/i.test(name)) continue;
      const way = followFields(org, object, name);
      yield { line, steps: way.steps, wrong: way.wrong };
    }
  }
}

/* A layout's file is called `Object-Name of the layout`. */
function objectOf({ type, name, object }: MetadataFile): string | undefined {
  if (type === 'Layout') return name.split('-')[0];
  return type === 'CustomObject' ? name : object;
}
