import { canFault, flowEntries, flowNodes, reachable } from '../flow.ts';
import type { Rule } from '../rule.ts';
import { childOf, textOf } from '../xml.ts';

/** Every connector leads to an element, and every element can be reached; a flow begins somewhere. */
export const connections: Rule = function* ({ type, root }, { schema }) {
  if (type !== 'Flow') return;
  const nodes = flowNodes(root, schema);
  const entries = flowEntries(root);
  const names = new Set(nodes.map((node) => node.name));
  for (const { target, line } of [...entries, ...nodes.flatMap((node) => node.connectors)]) {
    if (!names.has(target))
      yield { line, text: `a connector leads to '${target}', which is no element` };
  }
  if (entries.length === 0)
    yield { line: root.line, text: 'the flow has no start, or one that leads nowhere' };
  const reached = reachable(nodes, entries, { alongFaults: true });
  for (const { name, element } of nodes) {
    if (!reached.has(name))
      yield { line: element.line, text: `${element.name} ${name} is never reached` };
  }
};

/**
 * Whatever can fail has a path for it. Exempt are before-save flows, whose failure is the save's own, and what only
 * a fault path leads to: a second failure is the interview's.
 */
export const faultPaths: Rule = function* ({ type, root }, { schema }) {
  if (type !== 'Flow' || isBeforeSave(textOf(childOf(root, 'start') ?? root, 'triggerType')))
    return;
  const nodes = flowNodes(root, schema);
  const normal = reachable(nodes, flowEntries(root), { alongFaults: false });
  for (const { name, kind, element } of nodes) {
    if (
      canFault(kind, schema) &&
      normal.has(name) &&
      childOf(element, 'faultConnector') === undefined
    ) {
      yield { line: element.line, text: `${kind} ${name} has no fault path (<faultConnector>)` };
    }
  }
};

function isBeforeSave(triggerType: string): boolean {
  return triggerType === 'RecordBeforeSave' || triggerType === 'RecordBeforeDelete';
}
