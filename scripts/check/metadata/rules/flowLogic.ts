import type { Rule } from '../rule.ts';
import { childrenOf, everyElement, type XmlElement } from '../xml.ts';

/* The element that says how conditions are joined → those conditions, beside it. */
const LOGIC: Readonly<Record<string, string>> = {
  conditionLogic: 'conditions',
  filterLogic: 'filters',
};

/** Conditions are joined by `and`, by `or`, or by a formula like `1 AND (2 OR 3)` that names each of them and no others. */
export const flowLogic: Rule = function* ({ type, root }) {
  if (type !== 'Flow') return;
  for (const element of everyElement(root)) {
    for (const [name, conditions] of Object.entries(LOGIC)) {
      for (const { text, line } of childrenOf(element, name)) {
        const wrong = judge(text, childrenOf(element, conditions));
        if (wrong !== undefined) yield { line, text: `<${name}> ${text}: ${wrong}` };
      }
    }
  }
};

function judge(logic: string, conditions: readonly XmlElement[]): string | undefined {
  if (logic === 'and' || logic === 'or') return undefined;
  // A start that is filtered by a formula says so, and lists no filters.
  if (logic === 'formula_evaluates_to_true') return undefined;
  if (!/^[\d\s()]*(?:(?:AND|OR|NOT)[\d\s()]*)+$/i.test(logic)) {
    return "allowed are 'and', 'or' and a formula like 1 AND (2 OR 3)";
  }
  const named = new Set((logic.match(/\d+/g) ?? []).map(Number));
  const all = conditions.map((_condition, index) => index + 1);
  const missing = all.find((number) => !named.has(number));
  if (missing !== undefined) return `condition ${missing} is left out`;
  const extra = [...named].find((number) => !all.includes(number));
  return extra === undefined ? undefined : `there is no condition ${extra}`;
}
