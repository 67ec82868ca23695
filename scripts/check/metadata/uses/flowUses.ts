import { flowNodes, flowResources } from '../flow.ts';
import type { Org } from '../org.ts';
import type { Schema } from '../schema.ts';
import { childOf, childrenOf, everyElement, textOf, type XmlElement } from '../xml.ts';

/** One place of a flow that names a field, or a way of fields, of an object. */
export interface FlowFieldUse {
  readonly line: number;
  readonly object: string;
  /** e.g. `Asset__r.AccountId` */
  readonly path: string;
  readonly isWrite: boolean;
  /** How the flow names it, where that says more than the path. */
  readonly way: string | undefined;
}

const READS = ['queriedFields', 'sortField', 'upsertExternalIdField', 'displayField', 'valueField'];

/** Every field a flow names: in filters, assignments and queried fields, and behind its records, formulas included. */
export function* flowFieldUses(
  flow: XmlElement,
  { org, schema }: { readonly org: Org; readonly schema: Schema },
): Generator<FlowFieldUse> {
  const nodes = flowNodes(flow, schema).map(({ element }) => element);
  const start = childOf(flow, 'start');
  const resources = flowResources(flow, schema);
  const working = [...nodes, ...resources.filter(({ name }) => name === 'dynamicChoiceSets')];
  for (const element of start === undefined ? working : [start, ...working]) {
    const object = textOf(element, 'object');
    if (org.objects.has(object)) yield* usesOfElement(element, object);
    const listed = textOf(element, 'picklistObject');
    if (org.objects.has(listed)) {
      const path = textOf(element, 'picklistField');
      yield { line: element.line, object: listed, path, isWrite: false, way: undefined };
    }
  }
  const objects = objectsOf([...nodes, ...resources], start);
  for (const { line, way, isWrite } of mentions(flow)) {
    const [first = '', ...rest] = way.split('.');
    const object = objects.get(first);
    if (object !== undefined && rest.length > 0) {
      yield { line, object, path: rest.join('.'), isWrite, way };
    }
  }
}

/* Elements that work on one object name its fields plainly: filters, assignments, queried fields. */
function* usesOfElement(element: XmlElement, object: string): Generator<FlowFieldUse> {
  for (const part of everyElement(element)) {
    if (READS.includes(part.name) && part.text !== '') {
      yield { line: part.line, object, path: part.text, isWrite: false, way: undefined };
    }
    for (const { line, text } of childrenOf(part, 'field')) {
      if (text === '') continue;
      yield { line, object, path: text, isWrite: part.name === 'inputAssignments', way: undefined };
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

const WRITES = ['assignToReference', 'assignNextValueToReference', 'assignRecordIdToReference'];

/** Every place that names an element or resource, also inside formulas and texts: `{!signal.Name}`. */
export function* mentions(
  root: XmlElement,
): Generator<{ readonly line: number; readonly way: string; readonly isWrite: boolean }> {
  for (const { name, text, line } of everyElement(root)) {
    if (NAMES_A_RESOURCE.includes(name) && text !== '') {
      yield { line, way: text, isWrite: WRITES.includes(name) };
    }
    for (const [, way = ''] of text.matchAll(/\{!([^{}]+)\}/g)) yield { line, way, isWrite: false };
  }
}
