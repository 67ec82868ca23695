import { go } from './flowTestXml.ts';

/** For tests: a screen flow around its elements; `rest` is for what else stands at its top. */
export function screenFlowXml(first: string, body: string, rest = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Flow xmlns="http://soap.sforce.com/2006/04/metadata">
  <apiVersion>66.0</apiVersion><label>Test screens</label><processType>Flow</processType>${rest}
  <start>${go(first)}</start><status>Active</status>
  ${body}
</Flow>`;
}

/** For tests: a screen that leads on to another element, or ends the flow. */
export function screen(name: string, fields: string, next?: string, rest = ''): string {
  const connector = next === undefined ? '' : go(next);
  return `<screens><name>${name}</name><label>${name}</label>${connector}${fields}${rest}</screens>`;
}

/** For tests: a field; `rest` holds what its type does not say. */
export function field(name: string, type: string, rest = '', dataType = 'String'): string {
  const data = ['DisplayText', 'LargeTextArea'].includes(type)
    ? ''
    : `<dataType>${dataType}</dataType>`;
  return `<fields><name>${name}</name>${data}<fieldType>${type}</fieldType>${rest}</fields>`;
}

export const label = (text: string): string => `<fieldText>${text}</fieldText>`;
export const required = '<isRequired>true</isRequired>';

export function choice(name: string, text: string): string {
  return `<choices><name>${name}</name><choiceText>${text}</choiceText><dataType>String</dataType><value><stringValue>${name}</stringValue></value></choices>`;
}

export const choosesFrom = (...names: readonly string[]): string =>
  names.map((name) => `<choiceReferences>${name}</choiceReferences>`).join('');
