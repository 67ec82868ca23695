import { formFactorOf } from './bundleFile.ts';
import type { FormFactor } from './bundleFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import { childOf, refuseUnknown, requiredText } from './xml.ts';
import type { XmlElement } from './xml.ts';

const FORM_FACTOR = '{!$Client.formFactor}';

/**
 * On which form factor alone a component is shown; undefined where it has no rule. Rules on anything else
 * (fields, permissions, several criteria) throw `Unsupported`.
 */
export function readVisibilityRule(file: string, instance: XmlElement): FormFactor | undefined {
  const rule = childOf(file, instance, 'visibilityRule');
  if (rule === undefined) return undefined;
  refuseUnknown(file, rule, new Set(['criteria']));
  const criteria = childOf(file, rule, 'criteria');
  if (criteria === undefined)
    throw new InvalidSource(file, 'a <visibilityRule> needs a <criteria>');
  refuseUnknown(file, criteria, new Set(['leftValue', 'operator', 'rightValue']));
  const left = requiredText(file, criteria, 'leftValue');
  if (left !== FORM_FACTOR) throw new Unsupported(file, '<visibilityRule>', `a rule on ${left}`);
  const operator = requiredText(file, criteria, 'operator');
  if (operator !== 'EQUAL') throw new Unsupported(file, '<visibilityRule>', operator);
  return formFactorOf(file, requiredText(file, criteria, 'rightValue'));
}
