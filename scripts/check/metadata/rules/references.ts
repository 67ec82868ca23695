import { flowNodes, flowResources } from '../flow.ts';
import { judgeFieldPath } from '../org.ts';
import type { Rule } from '../rule.ts';
import { flowFieldUses, mentions } from '../uses/flowUses.ts';
import { childOf, childrenOf, everyElement, textOf, type XmlElement } from '../xml.ts';

/*
 * Global of flows → what it holds; empty where that is not a fixed list. One missing here is added with its first use.
 * Source: Salesforce Help, "Global Variables in Flow".
 */
const GLOBALS: Readonly<Record<string, readonly string[]>> = {
  $Flow: [
    'ActiveStages',
    'CurrentDate',
    'CurrentDateTime',
    'CurrentRecord',
    'CurrentStage',
    'FaultMessage',
    'InterviewGuid',
    'InterviewStartTime',
  ],
  $GlobalConstant: ['EmptyString', 'False', 'True'],
  $Label: [],
  $Organization: [],
  $Permission: [],
  $Profile: [],
  $Record: [],
  $Record__Prior: [],
  $User: [],
};

const CHOICES = ['choices', 'dynamicChoiceSets'];
const CHOSEN = ['choiceReferences', 'defaultSelectedChoiceReference'];

/** A flow names objects, fields, resources, labels and flows that exist. */
export const flowReferences: Rule = function* ({ type, root }, { org, schema, files }) {
  if (type !== 'Flow') return;
  const nodes = flowNodes(root, schema).map(({ element }) => element);
  const start = childOf(root, 'start');
  const resources = flowResources(root, schema);
  const sets = resources.filter(({ name }) => name === 'dynamicChoiceSets');
  const working = [...nodes, ...sets];
  for (const element of start === undefined ? working : [start, ...working]) {
    for (const object of [textOf(element, 'object'), textOf(element, 'picklistObject')]) {
      if (object !== '' && !org.objects.has(object)) {
        yield { line: element.line, text: `object ${object} is unknown` };
      }
    }
    const flow = textOf(element, 'flowName');
    if (flow !== '' && !org.flows.has(flow)) {
      yield { line: element.line, text: `flow ${flow} is not in force-app` };
    }
  }
  const outcomes = nodes.flatMap((node) => childrenOf(node, 'rules'));
  // What a person enters on a screen is known by the name of its field.
  const entered = childrenOf(root, 'screens').flatMap((screen) => childrenOf(screen, 'fields'));
  const named = [...nodes, ...resources, ...outcomes, ...entered];
  const names = new Set(named.map((it) => textOf(it, 'name')));
  const labels = new Set(
    files.flatMap((file) => childrenOf(file.root, 'labels')).map((it) => textOf(it, 'fullName')),
  );
  for (const { line, way } of mentions(root)) {
    const [first = '', second = ''] = way.split('.');
    if (!first.startsWith('$') && !names.has(first)) {
      yield { line, text: `'${way}' begins with ${first}, which the flow does not have` };
    }
    const allowed = GLOBALS[first];
    if (first.startsWith('$') && allowed === undefined) {
      yield { line, text: `'${way}': ${first} is no global of flows` };
    } else if (allowed !== undefined && allowed.length > 0 && !allowed.includes(second)) {
      yield { line, text: `'${way}': ${first} has ${allowed.join(', ')}` };
    }
    if (first === '$Label' && !labels.has(second)) {
      yield { line, text: `'${way}': label ${second} is not in force-app` };
    }
  }
  const chosen = resources.filter(({ name }) => CHOICES.includes(name));
  const choices = new Set(chosen.map((it) => textOf(it, 'name')));
  for (const { name, text, line } of everyElement(root)) {
    if (CHOSEN.includes(name) && !choices.has(text)) {
      yield { line, text: `'${text}' is no choice of this flow` };
    }
  }
  for (const { line, object, path, way } of flowFieldUses(root, { org, schema })) {
    const wrong = judgeFieldPath(org, object, path);
    if (wrong !== undefined) yield { line, text: way === undefined ? wrong : `'${way}': ${wrong}` };
  }
};

/** A fixed text that is put into a picklist, or compared with one, is one of its values. */
export const picklistValues: Rule = function* ({ type, root }, { org, schema }) {
  if (type !== 'Flow') return;
  const elements = flowNodes(root, schema).map(({ element }) => element);
  const start = childOf(root, 'start');
  for (const element of start === undefined ? elements : [start, ...elements]) {
    const object = textOf(element, 'object');
    for (const part of everyElement(element)) {
      const values = org.fields.get(`${object}.${textOf(part, 'field')}`)?.values;
      const text = fixedText(part);
      if (values === undefined || text === undefined || values.has(text.text)) continue;
      yield {
        line: text.line,
        text: `'${text.text}' is no value of ${object}.${textOf(part, 'field')}: ${[...values].join(', ')}`,
      };
    }
  }
};

function fixedText(part: XmlElement): XmlElement | undefined {
  const value = childOf(part, 'value');
  const text = value === undefined ? undefined : childOf(value, 'stringValue');
  return text?.text === '' ? undefined : text;
}

/** A lookup leads to an object that exists. */
export const lookupTargets: Rule = function* ({ type, root }, { org }) {
  if (type !== 'CustomField') return;
  for (const { text, line } of childrenOf(root, 'referenceTo')) {
    if (!org.objects.has(text)) yield { line, text: `object ${text} is unknown` };
  }
};
