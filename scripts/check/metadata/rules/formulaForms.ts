import type { Rule } from '../rule.ts';
import { childOf, everyElement, textOf } from '../xml.ts';

const FORMULAS = new Set(['expression', 'filterFormula', 'formulaExpression']);

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

/**
 * No text in a formula of a flow contains a backslash: a deployment refuses it as a syntax error, though formula fields
 * take it (tried in an org by the authors of a public engine of formulas). Single quotes hold double ones; a constant
 * holds a backslash.
 */
export const flowTexts: Rule = function* ({ type, root }) {
  if (type !== 'Flow') return;
  for (const { name, text, line } of everyElement(root)) {
    if (!FORMULAS.has(name) || !text.includes('\\')) continue;
    yield { line, text: 'a text in a formula of a flow cannot contain a backslash' };
  }
};
