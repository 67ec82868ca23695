import { flowNodes, flowResources } from '../flow.ts';
import type { MetadataFile } from '../file.ts';
import type { Rule } from '../rule.ts';
import type { Schema } from '../schema.ts';
import { everyElement, textOf, type XmlElement } from '../xml.ts';

/**
 * Everything an admin meets says what it is for: every type that has a description carries one, and so does every
 * element, variable, formula, constant and text template of a flow. Standard objects keep Salesforce's own words.
 */
export const descriptions: Rule = function* (file, { schema }) {
  for (const element of described(file, schema)) {
    if (textOf(element, 'description') === '') {
      const name = textOf(element, 'name') || textOf(element, 'fullName') || file.name;
      yield { line: element.line, text: `${element.name} ${name} has no <description>` };
    }
  }
};

/** A field people see explains itself in the page. Events have no page. */
export const helpTexts: Rule = function* ({ type, name, object, root }) {
  if (type !== 'CustomField' || !isCustom(name) || object?.endsWith('__e') === true) return;
  if (textOf(root, 'inlineHelpText') === '') {
    yield { line: root.line, text: `field ${object}.${name} has no <inlineHelpText>` };
  }
};

function described({ type, name, root }: MetadataFile, schema: Schema): readonly XmlElement[] {
  if (type === 'Flow') {
    const nodes = flowNodes(root, schema).map((node) => node.element);
    return [root, ...nodes, ...flowResources(root, schema)];
  }
  if ((type === 'CustomObject' || type === 'CustomField') && !isCustom(name)) return [];
  const declared = schema.get(type);
  return declared?.kind === 'struct' && declared.elements.has('description') ? [root] : [];
}

function isCustom(name: string): boolean {
  return /__(c|e|mdt|b|x)$/.test(name);
}

/** A property an admin sets in the page builder says what it does, and has a name. */
export const propertyWords: Rule = function* ({ type, root }) {
  if (type !== 'LightningComponentBundle') return;
  for (const { name, attributes, line } of everyElement(root)) {
    if (name !== 'property') continue;
    for (const key of ['label', 'description']) {
      if ((attributes.get(key) ?? '') === '') {
        yield { line, text: `property ${attributes.get('name')} has no ${key}` };
      }
    }
  }
};
