import type { Schema, SchemaElement } from './schema.ts';
import type { XmlElement } from './xml.ts';

/** Something wrong at a line of a file. */
export interface Finding {
  readonly line: number;
  readonly text: string;
}

/*
 * The WSDL calls this element text in base64, source files spell it out. It is the one place where both differ
 * among the types used here.
 */
const EXEMPT: ReadonlySet<string> = new Set(['LightningComponentBundle.targetConfigs']);

/* What the schema requires and a file leaves out where the other is there: choices of a picklist have no object. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['FlowDynamicChoiceSet.displayField', 'picklistField'],
  ['FlowDynamicChoiceSet.object', 'picklistField'],
]);

/** Everything about an element, inside and out, that the schema's type does not allow. */
export function validate(schema: Schema, typeName: string, element: XmlElement): Finding[] {
  const type = schema.get(typeName);
  if (type?.kind === 'struct') return validateStruct(schema, typeName, type.elements, element);
  if (type?.kind === 'alias') return validate(schema, type.of, element);
  const text = element.text;
  if (element.children.length > 0) {
    return [at(element, `<${element.name}> is a ${typeName} and holds no elements`)];
  }
  if (type?.kind === 'enum') {
    if (type.values.has(text)) return [];
    return [
      at(element, `<${element.name}> is '${text}'; ${typeName} allows ${listOf(type.values)}`),
    ];
  }
  const form = SIMPLE.get(typeName);
  if (form === undefined)
    return [at(element, `the schema names ${typeName} and does not define it`)];
  return form.test(text) ? [] : [at(element, `<${element.name}> is '${text}', not a ${typeName}`)];
}

const SIMPLE: ReadonlyMap<string, RegExp> = new Map([
  ['string', /^/],
  ['boolean', /^(true|false)$/],
  ['number', /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/],
  [
    'Date',
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$|^\d{2}:\d{2}:\d{2}/,
  ],
]);

function validateStruct(
  schema: Schema,
  typeName: string,
  elements: ReadonlyMap<string, SchemaElement>,
  element: XmlElement,
): Finding[] {
  const findings = [...validateOrder(elements, element)];
  if (element.text !== '') {
    findings.push(at(element, `<${element.name}> holds loose text: '${shorten(element.text)}'`));
  }
  for (const child of element.children) {
    const known = elements.get(child.name);
    if (known === undefined) {
      findings.push(at(child, `<${child.name}> is no element of ${typeName}`));
    } else if (!EXEMPT.has(`${typeName}.${child.name}`)) {
      findings.push(...validate(schema, known.type, child));
    }
  }
  for (const [name, { isRequired }] of elements) {
    const instead = INSTEAD.get(`${typeName}.${name}`);
    if (isRequired && !element.children.some((it) => it.name === name || it.name === instead)) {
      findings.push(at(element, `<${element.name}> lacks <${name}>, which ${typeName} requires`));
    }
  }
  return findings;
}

/* A deployment wants elements of one name side by side, and one only where the schema has no list. */
function validateOrder(
  elements: ReadonlyMap<string, SchemaElement>,
  element: XmlElement,
): readonly Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  let before = '';
  for (const child of element.children) {
    if (seen.has(child.name)) {
      if (elements.get(child.name)?.isList === false) {
        findings.push(at(child, `<${child.name}> stands more than once; one is allowed`));
      } else if (before !== child.name) {
        findings.push(at(child, `<${child.name}> stands apart from its like; keep them together`));
      }
    }
    seen.add(child.name);
    before = child.name;
  }
  return findings;
}

function at(element: XmlElement, text: string): Finding {
  return { line: element.line, text };
}

function listOf(values: ReadonlySet<string>): string {
  const shown = [...values].slice(0, 12).join(', ');
  return values.size > 12 ? `${shown} and ${values.size - 12} more` : shown;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
