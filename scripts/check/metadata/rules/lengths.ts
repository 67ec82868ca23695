import type { Rule } from '../rule.ts';
import { everyElement } from '../xml.ts';

/**
 * Characters an org accepts, by metadata type and element directly inside the root. The schema does not say, and a local
 * validation cannot: an org refuses the whole deployment ("Value too long for field: Description maximum length is:255").
 * Source: public logs of deployments for descriptions of permission sets, validation rules, custom permissions, Lightning web
 * components (255), objects and fields (1,000); Salesforce Help on custom fields and labels for the others. No log was found for
 * the remaining descriptions: they keep to 255, those of flows to 1,000.
 */
const OF_TYPE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  CustomField: { description: 1_000, inlineHelpText: 510, label: 40, relationshipName: 40 },
  CustomObject: { description: 1_000, label: 40, pluralLabel: 40 },
  Flow: { description: 1_000, label: 255 },
  ListView: { label: 40 },
  PermissionSet: { description: 255, label: 80 },
  ValidationRule: { description: 255, errorMessage: 255, fullName: 40 },
};
const DESCRIPTION = 255;

/** Elements further inside. */
const INSIDE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  CustomLabels: { fullName: 80, shortDescription: 80, value: 1_000, categories: 255 },
};

/** No text is longer than an org accepts. */
export const textLengths: Rule = function* ({ type, root }) {
  const limits = { description: DESCRIPTION, ...OF_TYPE[type] };
  for (const { name, text, line } of root.children) {
    yield* judge(name, text, line, limits);
  }
  const inside = INSIDE[type];
  if (inside === undefined) return;
  for (const { name, text, line } of everyElement(root)) yield* judge(name, text, line, inside);
};

function* judge(
  name: string,
  text: string,
  line: number,
  limits: Readonly<Record<string, number>>,
): Iterable<{ readonly line: number; readonly text: string }> {
  const limit = limits[name];
  if (limit === undefined || text.length <= limit) return;
  yield { line, text: `<${name}> has ${text.length} characters; an org accepts ${limit}` };
}
