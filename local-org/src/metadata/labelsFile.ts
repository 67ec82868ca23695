import { InvalidSource, Unsupported } from './schema.ts';
import { childrenOf, parseXml, refuseUnknown, requiredText, textOf } from './xml.ts';

const known = new Set([
  'fullName',
  'categories',
  'language',
  'protected',
  'shortDescription',
  'value',
]);

/** Reads a `.labels-meta.xml`: texts by name, in the language of the file, which must be English. */
export function readLabels(file: string, xml: string): ReadonlyMap<string, string> {
  const root = parseXml(file, xml, 'CustomLabels');
  refuseUnknown(file, root, new Set(['labels']));
  const labels = new Map<string, string>();
  for (const label of childrenOf(root, 'labels')) {
    refuseUnknown(file, label, known);
    const name = requiredText(file, label, 'fullName');
    const language = textOf(file, label, 'language') ?? 'en_US';
    if (language !== 'en_US') throw new Unsupported(file, name, `the language ${language}`);
    if (labels.has(name)) throw new InvalidSource(file, `the label ${name} is defined twice`);
    labels.set(name, requiredText(file, label, 'value'));
  }
  return labels;
}
