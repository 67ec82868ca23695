import { flowNodes, flowResources } from '../flow.ts';
import type { Rule } from '../rule.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../xml.ts';

/* The release the package is built and tested for; one flow on another version would behave unlike its siblings. */
const API_VERSION = '66.0';

const DOMAIN_TYPE_ACTION = /^[A-Z][A-Za-z0-9]*_[A-Z][A-Za-z0-9]*_[A-Z][A-Za-z0-9]*$/;
const VERB_NOUN = /^[A-Z][A-Za-z0-9]*(_[A-Z0-9][A-Za-z0-9]*)+$/;
const QUESTION = /^(Is|Has|Have|Does|Do|Did|Are|Was|Were|Can|May|Should|Which|What|Who|How)_/;
const FOR_EACH = /^For_Each_/;
const NOUN = /^[a-z][A-Za-z0-9]*$/;
const LEFT_OVER = /(^Copy_\d+_of_|^My[A-Z_]|_(?:0|Copy)$)/i;

/** A flow tells by its names what it does, and runs on the version of all the others. */
export const flowNames: Rule = function* ({ type, name, root }, { schema }) {
  if (type !== 'Flow') return;
  const version = textOf(root, 'apiVersion');
  if (version !== API_VERSION) {
    const line = childOf(root, 'apiVersion')?.line ?? root.line;
    yield { line, text: `<apiVersion> is '${version}'; every flow has ${API_VERSION}` };
  }
  if (!DOMAIN_TYPE_ACTION.test(name)) {
    yield { line: root.line, text: `the flow is called ${name}; the form is Domain_TYPE_Action` };
  }
  const nodes = flowNodes(root, schema);
  const resources = flowResources(root, schema);
  for (const node of nodes) yield* judgeNode(node.kind, node.name, node.element);
  for (const element of resources) {
    const itsName = textOf(element, 'name');
    if (!NOUN.test(itsName)) {
      yield {
        line: element.line,
        text: `${element.name} ${itsName}: a resource is a noun, camelCase`,
      };
    }
  }
  const elements = nodes.map((node) => node.element);
  const inside = elements.flatMap((element) =>
    ['fields', 'rules'].flatMap((list) => childrenOf(element, list)),
  );
  yield* doubled([...elements, ...inside, ...resources]);
};

function* judgeNode(kind: string, name: string, element: XmlElement) {
  const form = kind === 'decisions' ? QUESTION : kind === 'loops' ? FOR_EACH : VERB_NOUN;
  const wanted =
    kind === 'decisions' ? 'a question, Is_Noun' : kind === 'loops' ? 'For_Each_Noun' : 'Verb_Noun';
  if (!form.test(name) || !VERB_NOUN.test(name) || LEFT_OVER.test(name)) {
    yield { line: element.line, text: `${kind} ${name}: the form of its name is ${wanted}` };
  }
  for (const rule of childrenOf(element, 'rules')) {
    const outcome = textOf(rule, 'name');
    if (!VERB_NOUN.test(outcome) || LEFT_OVER.test(outcome)) {
      yield {
        line: rule.line,
        text: `outcome ${outcome}: it answers its decision, as Words_Like_These`,
      };
    }
  }
}

/* One name space for elements, their outcomes and screen fields, and resources, without regard to case. */
function* doubled(elements: readonly XmlElement[]) {
  const seen = new Set<string>();
  for (const element of elements) {
    const name = textOf(element, 'name').toLowerCase();
    if (seen.has(name)) {
      yield {
        line: element.line,
        text: `${element.name} ${textOf(element, 'name')}: the name is taken`,
      };
    }
    seen.add(name);
  }
}
