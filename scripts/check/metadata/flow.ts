import type { Schema } from './schema.ts';
import { childOf, childrenOf, everyElement, textOf, type XmlElement } from './xml.ts';

/** A way from one element of a flow to the next. */
export interface Connector {
  readonly target: string;
  readonly isFault: boolean;
  readonly line: number;
}

/** An element on the canvas: it has a place, a name and connectors. */
export interface FlowNode {
  readonly name: string;
  /** The name of the XML element, e.g. `recordLookups`. */
  readonly kind: string;
  readonly element: XmlElement;
  readonly connectors: readonly Connector[];
}

/** The elements on the canvas, in the order of the file. */
export function flowNodes(flow: XmlElement, schema: Schema): readonly FlowNode[] {
  return flow.children
    .filter((child) => child.name !== 'start' && isNodeKind(child.name, schema))
    .map((element) => ({
      name: textOf(element, 'name'),
      kind: element.name,
      element,
      connectors: connectorsIn(element),
    }));
}

/** Variables, formulas, constants, text templates and the like: named, and not on the canvas. */
export function flowResources(flow: XmlElement, schema: Schema): readonly XmlElement[] {
  return flow.children.filter(
    (child) =>
      child.name !== 'start' &&
      !isNodeKind(child.name, schema) &&
      hasElement(child.name, 'name', schema) &&
      hasElement(child.name, 'description', schema),
  );
}

/** The names where a run can begin: at once, and by each scheduled or asynchronous path. */
export function flowEntries(flow: XmlElement): readonly Connector[] {
  const start = childOf(flow, 'start');
  const named = childrenOf(flow, 'startElementReference').map((element) => ({
    target: element.text,
    isFault: false,
    line: element.line,
  }));
  return [...(start === undefined ? [] : connectorsIn(start)), ...named];
}

/** The names reached from `entries`, with or without going along fault paths. */
export function reachable(
  nodes: readonly FlowNode[],
  entries: readonly Connector[],
  { alongFaults }: { readonly alongFaults: boolean },
): ReadonlySet<string> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next.target) || (next.isFault && !alongFaults)) continue;
    reached.add(next.target);
    waiting.push(...(byName.get(next.target)?.connectors ?? []));
  }
  return reached;
}

/** Whether elements of this kind can fail and have a path for it. */
export function canFault(kind: string, schema: Schema): boolean {
  return hasElement(kind, 'faultConnector', schema);
}

function connectorsIn(element: XmlElement): readonly Connector[] {
  return [...everyElement(element)].flatMap((part) =>
    childrenOf(part, 'targetReference').map((target) => ({
      target: target.text,
      isFault: part.name === 'faultConnector',
      line: target.line,
    })),
  );
}

function isNodeKind(kind: string, schema: Schema): boolean {
  return hasElement(kind, 'locationX', schema) && hasElement(kind, 'name', schema);
}

function hasElement(kind: string, name: string, schema: Schema): boolean {
  const flow = schema.get('Flow');
  const element = flow?.kind === 'struct' ? flow.elements.get(kind) : undefined;
  const type = element === undefined ? undefined : schema.get(element.type);
  return type?.kind === 'struct' && type.elements.has(name);
}
