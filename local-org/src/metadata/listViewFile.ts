import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { childrenOf, parseXml, refuseUnknown, requiredText } from './xml.ts';

/** A list of all records of an object, as its columns. */
export interface ListView {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  /** Field names, in order. */
  readonly columns: readonly string[];
}

/** How list views call the standard fields. Source: Metadata API Developer Guide, "ListView". */
const STANDARD_COLUMNS: Readonly<Record<string, string>> = {
  NAME: 'Name',
  CREATED_DATE: 'CreatedDate',
  LAST_UPDATE: 'LastModifiedDate',
};

/** Reads a `.listView-meta.xml` of a custom object; filters are not supported. */
export function readListView(
  file: string,
  object: ObjectDef | undefined,
  name: string,
  xml: string,
): ListView {
  const root = parseXml(file, xml, 'ListView');
  refuseUnknown(file, root, new Set(['columns', 'filterScope', 'fullName', 'label']));
  if (object?.kind !== 'custom') throw new Unsupported(file, name, 'a list view of this object');
  const scope = requiredText(file, root, 'filterScope');
  if (scope !== 'Everything') throw new Unsupported(file, '<filterScope>', scope);
  return {
    object: object.name,
    name,
    label: requiredText(file, root, 'label'),
    columns: childrenOf(root, 'columns').map(({ text }) => {
      const field = STANDARD_COLUMNS[text] ?? text;
      if (object.fields.has(field)) return field;
      throw new InvalidSource(file, `<columns>: no field ${text} on ${object.name}`);
    }),
  };
}
