import { flowNodes, flowResources } from '../flow.ts';
import { judgeFieldPath, type Org } from '../org.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../validate.ts';
import { childOf, childrenOf, everyElement, textOf, type XmlElement } from '../xml.ts';

/** A permission set grants what exists. */
export const permissionReferences: Rule = function* ({ type, root }, { org }) {
  if (type !== 'PermissionSet') return;
  for (const grant of childrenOf(root, 'objectPermissions')) {
    const object = textOf(grant, 'object');
    if (!org.objects.has(object)) yield { line: grant.line, text: `object ${object} is unknown` };
  }
  for (const grant of childrenOf(root, 'fieldPermissions')) {
    const [object = '', field = ''] = textOf(grant, 'field').split('.');
    yield* tell(grant, judgeFieldPath(org, object, field));
  }
};

/** A flow names objects, fields, resources and flows that exist. */
export const flowReferences: Rule = function* ({ type, root }, { org, schema }) {
  if (type !== 'Flow') return;
  const nodes = flowNodes(root, schema).map(({ element }) => element);
  const start = childOf(root, 'start');
  for (const element of start === undefined ? nodes : [start, ...nodes]) {
    yield* judgeFields(org, element);
    const flow = textOf(element, 'flowName');
    if (flow !== '' && !org.flows.has(flow)) {
      yield { line: element.line, text: `flow ${flow} is not in force-app` };
    }
  }
  const resources = flowResources(root, schema);
  const objects = objectsOf([...nodes, ...resources], start);
  const outcomes = nodes.flatMap((node) => childrenOf(node, 'rules'));
  const names = new Set([...nodes, ...resources, ...outcomes].map((it) => textOf(it, 'name')));
  for (const { line, way } of mentions(root)) {
    const [first = '', ...rest] = way.split('.');
    if (!first.startsWith('$') && !names.has(first)) {
      yield { line, text: `'${way}' begins with ${first}, which the flow does not have` };
    }
    const object = objects.get(first);
    if (object !== undefined && rest.length > 0) {
      const wrong = judgeFieldPath(org, object, rest.join('.'));
      if (wrong !== undefined) yield { line, text: `'${way}': ${wrong}` };
    }
  }
};

const NAMES_A_FIELD = ['field', 'queriedFields', 'sortField', 'upsertExternalIdField'];

/* Elements that work on one object name its fields plainly: filters, assignments, queried fields. */
function* judgeFields(org: Org, element: XmlElement): Generator<Finding> {
  const object = textOf(element, 'object');
  if (object === '') return;
  if (!org.objects.has(object)) yield { line: element.line, text: `object ${object} is unknown` };
  else {
    for (const part of everyElement(element)) {
      if (!NAMES_A_FIELD.includes(part.name) || part.text === '') continue;
      yield* tell(part, judgeFieldPath(org, object, part.text));
    }
  }
}

/* Which object a name of the flow stands for, where that is one record. */
function objectsOf(
  elements: readonly XmlElement[],
  start: XmlElement | undefined,
): ReadonlyMap<string, string> {
  const objects = new Map<string, string>();
  const triggered = start === undefined ? '' : textOf(start, 'object');
  if (triggered !== '') objects.set('$Record', triggered).set('$Record__Prior', triggered);
  for (const element of elements) {
    const isRecord = element.name === 'recordLookups' || textOf(element, 'dataType') === 'SObject';
    const object = textOf(element, 'object') || textOf(element, 'objectType');
    if (isRecord && object !== '') objects.set(textOf(element, 'name'), object);
  }
  return objects;
}

const NAMES_A_RESOURCE = [
  'elementReference',
  'assignToReference',
  'leftValueReference',
  'collectionReference',
  'inputReference',
  'outputReference',
  'assignNextValueToReference',
  'assignRecordIdToReference',
];

/* Every place that names an element or resource, also inside formulas and texts: `{!signal.Name}`. */
function* mentions(root: XmlElement): Generator<{ readonly line: number; readonly way: string }> {
  for (const { name, text, line } of everyElement(root)) {
    if (NAMES_A_RESOURCE.includes(name) && text !== '') yield { line, way: text };
    for (const [, way = ''] of text.matchAll(/\{!([^{}]+)\}/g)) yield { line, way };
  }
}

function* tell(element: XmlElement, wrong: string | undefined): Generator<Finding> {
  if (wrong !== undefined) yield { line: element.line, text: wrong };
}
