import { fieldOfColumn } from './columnNames.ts';
import { readListFilter } from './listViewFilter.ts';
import type { ListFilter } from './listViewFilter.ts';
import { Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { childrenOf, parseXml, refuseUnknown, requiredText } from './xml.ts';

/** A list of records of an object: which ones, and the columns to show of them. */
export interface ListView {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  /** Field names, in order. */
  readonly columns: readonly string[];
  readonly filters: readonly ListFilter[];
}

/** Standard objects that may have list views here: those whose columns are known. */
const STANDARD: ReadonlySet<string> = new Set(['Case']);

/** Reads a `.listView-meta.xml`; of scopes there is Everything alone, and filters are joined by AND. */
export function readListView(
  file: string,
  object: ObjectDef | undefined,
  name: string,
  xml: string,
): ListView {
  const root = parseXml(file, xml, 'ListView');
  refuseUnknown(file, root, new Set(['columns', 'filterScope', 'filters', 'fullName', 'label']));
  if (object === undefined || (object.kind !== 'custom' && !STANDARD.has(object.name)))
    throw new Unsupported(file, name, 'a list view of this object');
  const scope = requiredText(file, root, 'filterScope');
  if (scope !== 'Everything') throw new Unsupported(file, '<filterScope>', scope);
  return {
    object: object.name,
    name,
    label: requiredText(file, root, 'label'),
    columns: childrenOf(root, 'columns').map(
      ({ text }) => fieldOfColumn(file, 'columns', object, text).name,
    ),
    filters: childrenOf(root, 'filters').map((one) => readListFilter(file, one, object)),
  };
}
