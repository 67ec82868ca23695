import { fieldAt } from '../data/record.ts';
import type { UiRecord } from '../data/record.ts';
import { make } from './dom.ts';
import { show } from './format.ts';
import { labelOf, parentPath } from './objectInfo.ts';
import type { FieldInfo } from './objectInfo.ts';

/** The qualified names to ask for so that `pairs` can show these fields. */
export function namesToAsk(object: string, fields: readonly FieldInfo[]): readonly string[] {
  return fields.flatMap((field) => {
    const parent = parentPath(field);
    const own = `${object}.${field.apiName}`;
    return parent === undefined ? [own] : [own, `${object}.${parent}`];
  });
}

/** Fields under a heading, column by column. */
export interface Section {
  readonly heading: string | null;
  readonly columns: readonly (readonly FieldInfo[])[];
}

/** A section of the details with its values. */
export function sectionOf(record: UiRecord, { heading, columns }: Section): HTMLElement {
  const isWide = columns.length === 1;
  const lists = columns.map((column) =>
    pairs(record, column, isWide ? 'host-details' : 'host-details host-details_column'),
  );
  return make(
    'div',
    { class: 'host-section' },
    heading === null ? undefined : make('h3', {}, heading),
    make('div', { class: isWide ? '' : 'host-columns' }, ...lists),
  );
}

/** A list of labels and values. */
export function pairs(
  record: UiRecord,
  fields: readonly FieldInfo[],
  className: string,
): HTMLElement {
  const list = make('dl', { class: className });
  for (const field of fields) {
    const parent = field.relationshipName;
    const value = show(
      field,
      record.fields[field.apiName],
      parent === null ? undefined : fieldAt(record, [parent]),
    );
    const isLong = ['TextArea', 'LongTextArea'].includes(field.dataType);
    list.append(
      make(
        'div',
        { class: isLong ? 'host-pair host-pair_long' : 'host-pair' },
        make('dt', {}, labelOf(field)),
        make('dd', {}, value),
      ),
    );
  }
  return list;
}
