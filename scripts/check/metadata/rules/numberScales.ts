import type { Rule } from '../rule.ts';
import { childOf, textOf } from '../xml.ts';

/**
 * A number in a flow says how many digits follow its point, as each that Flow Builder makes does (Metadata API guide,
 * Flow, FlowFormula and FlowVariable: scale). What an org takes for one that says nothing is not documented, and none
 * would cut every fraction.
 */
export const numberScales: Rule = function* ({ type, root }) {
  if (type !== 'Flow') return;
  for (const element of root.children) {
    if (element.name !== 'formulas' && element.name !== 'variables') continue;
    if (textOf(element, 'dataType') !== 'Number' || childOf(element, 'scale') !== undefined)
      continue;
    const name = textOf(element, 'name');
    yield { line: element.line, text: `${element.name} ${name}: a Number says its <scale>` };
  }
};
