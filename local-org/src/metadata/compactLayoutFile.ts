import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { childrenOf, parseXml, refuseUnknown, requiredText } from './xml.ts';

/** What the header of a record's page says of it. */
export interface CompactLayout {
  readonly object: string;
  readonly name: string;
  /** Field names, the most important first. */
  readonly fields: readonly string[];
}

/** Source: Salesforce Help, "Compact Layouts": up to ten fields, and no long texts. */
const MOST_FIELDS = 10;

/** Reads a `.compactLayout-meta.xml` of a custom object. Source: Metadata API Developer Guide, "CompactLayout". */
export function readCompactLayout(
  file: string,
  object: ObjectDef | undefined,
  name: string,
  xml: string,
): CompactLayout {
  const root = parseXml(file, xml, 'CompactLayout');
  refuseUnknown(file, root, new Set(['fields', 'fullName', 'label']));
  requiredText(file, root, 'label');
  if (object?.kind !== 'custom')
    throw new Unsupported(file, name, 'a compact layout of this object');
  const fields = childrenOf(root, 'fields').map(({ text }) => text);
  if (fields.length === 0 || fields.length > MOST_FIELDS)
    throw new InvalidSource(file, `a compact layout has 1 to ${MOST_FIELDS} fields`);
  for (const field of fields) {
    const type = object.fields.get(field)?.type;
    if (type === undefined)
      throw new InvalidSource(file, `<fields>: no field ${field} on ${object.name}`);
    if (type === 'LongTextArea')
      throw new InvalidSource(file, `<fields>: ${field} is a long text, which may not be there`);
  }
  return { object: object.name, name, fields };
}
