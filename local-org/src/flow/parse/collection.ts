import type { CollectionElement, SortOption } from '../model.ts';
import { readConditions } from './logicElements.ts';
import { readConnector } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

const KINDS = ['FilterCollectionProcessor', 'SortCollectionProcessor'] as const;

/** Source: Metadata API Developer Guide, "FlowCollectionProcessor" and "FlowCollectionSortOption". */
export function readCollection(xml: XmlReader): Omit<CollectionElement, 'name'> {
  const kind = xml.oneOf('collectionProcessorType', KINDS);
  if (xml.oneOf('elementSubtype', KINDS, kind) !== kind)
    xml.invalid('elementSubtype and collectionProcessorType differ');
  return {
    kind: 'collectionProcessors',
    collection: xml.text('collectionReference'),
    work: kind === 'SortCollectionProcessor' ? readSort(xml) : readFilter(xml),
    next: readConnector(xml, 'connector'),
  };
}

type Work<Kind> = Extract<CollectionElement['work'], { kind: Kind }>;

function readFilter(xml: XmlReader): Work<'filter'> {
  const itemTo = xml.text('assignNextValueToReference').trim();
  const formula = xml.optionalText('formula');
  if (formula === undefined) return { kind: 'filter', itemTo, keeps: readConditions(xml) };
  xml.oneOf('conditionLogic', ['formula_evaluates_to_true']);
  return { kind: 'filter', itemTo, keeps: { formula } };
}

function readSort(xml: XmlReader): Work<'sort'> {
  const by = xml.children('sortOptions').map((item): SortOption => {
    const option = {
      field: item.optionalText('sortField')?.trim(),
      descending: item.oneOf('sortOrder', ['Asc', 'Desc'] as const) === 'Desc',
      emptyFirst: item.boolean('doesPutEmptyStringAndNullFirst'),
    };
    item.done();
    return option;
  });
  if (by.length === 0) xml.invalid('at least one sortOptions is needed');
  const limit = xml.optionalNumber('limit');
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    xml.invalid(`<limit> is ${limit}; a whole number from 1 is allowed`);
  return { kind: 'sort', by, limit };
}
