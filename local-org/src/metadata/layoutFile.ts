import { fieldOfColumn } from './columnNames.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { childOf, childrenOf, flagOf, parseXml, refuseUnknown, requiredText } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** The page layout of an object: sections of fields, and lists of records that point to it. */
export interface PageLayout {
  readonly object: string;
  readonly sections: readonly LayoutSection[];
  readonly relatedLists: readonly LayoutList[];
  /** Names of the actions of the page, `OBJECT.NAME`, in order; undefined where the layout leaves them as they are. */
  readonly actions: readonly string[] | undefined;
}

export interface LayoutSection {
  /** Undefined where the section shows none. */
  readonly heading: string | undefined;
  /** Field names, column by column. */
  readonly columns: readonly (readonly string[])[];
}

export interface LayoutList {
  readonly object: string;
  /** The lookup that leads here. */
  readonly lookup: string;
  readonly columns: readonly string[];
  readonly sort: { readonly field: string; readonly descending: boolean } | undefined;
}

/** Switches of classic pages; a layout may say that they are off. */
const OFF = [
  'showEmailCheckbox',
  'showHighlightsPanel',
  'showInteractionLogPanel',
  'showRunAssignmentRulesCheckbox',
  'showSubmitAndAttachButton',
];

/**
 * Reads an `OBJECT-NAME.layout-meta.xml` of a custom object, which may name the given actions. How a field may be edited is left to
 * those who edit: pages here only show. Source: Metadata API Developer Guide, "Layout".
 */
export function readLayout(
  file: string,
  name: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
  actions: ReadonlySet<string>,
): PageLayout {
  const root = parseXml(file, xml, 'Layout');
  refuseUnknown(
    file,
    root,
    new Set(['layoutSections', 'platformActionList', 'relatedLists', ...OFF]),
  );
  const on = OFF.find((flag) => flagOf(file, root, flag, false));
  if (on !== undefined) throw new Unsupported(file, `<${on}>`, 'true');
  const object = objects.get(name.split('-')[0] ?? '');
  if (object?.kind !== 'custom') throw new Unsupported(file, name, 'a layout of this object');
  return {
    object: object.name,
    sections: childrenOf(root, 'layoutSections').map((one) => readSection(file, one, object)),
    relatedLists: childrenOf(root, 'relatedLists').map((one) => readList(file, one, objects)),
    actions: childrenOf(root, 'platformActionList').map((one) =>
      readActions(file, one, actions),
    )[0],
  };
}

/** Buttons of the platform, which a list of actions takes away unless it names them; pages here have none. */
const BUTTONS = new Set(['Clone', 'Delete', 'Edit']);

/** Source: Metadata API Developer Guide, "Layout", PlatformActionList. */
function readActions(
  file: string,
  list: XmlElement,
  actions: ReadonlySet<string>,
): readonly string[] {
  refuseUnknown(file, list, new Set(['actionListContext', 'platformActionListItems']));
  const context = requiredText(file, list, 'actionListContext');
  if (context !== 'Record') throw new Unsupported(file, '<actionListContext>', context);
  const items = childrenOf(list, 'platformActionListItems').map((item) => {
    refuseUnknown(file, item, new Set(['actionName', 'actionType', 'sortOrder']));
    const name = requiredText(file, item, 'actionName');
    const type = requiredText(file, item, 'actionType');
    const order = Number(requiredText(file, item, 'sortOrder'));
    if (type === 'StandardButton' && BUTTONS.has(name)) return { name: undefined, order };
    if (type !== 'QuickAction') throw new Unsupported(file, '<actionName>', `${type} ${name}`);
    if (!actions.has(name)) throw new InvalidSource(file, `no action ${name} in this org`);
    return { name, order };
  });
  return items.toSorted((a, b) => a.order - b.order).flatMap(({ name }) => name ?? []);
}

function readSection(file: string, section: XmlElement, object: ObjectDef): LayoutSection {
  refuseUnknown(
    file,
    section,
    new Set(['customLabel', 'detailHeading', 'editHeading', 'label', 'layoutColumns', 'style']),
  );
  const style = requiredText(file, section, 'style');
  const columns = childrenOf(section, 'layoutColumns');
  const most = MOST_COLUMNS[style];
  if (most === undefined) throw new Unsupported(file, '<style>', style);
  if (columns.length > most) throw new InvalidSource(file, `${style} has ${most} <layoutColumns>`);
  return {
    heading: flagOf(file, section, 'detailHeading', false)
      ? requiredText(file, section, 'label')
      : undefined,
    columns: columns.map((column) => readColumn(file, column, object)),
  };
}

const MOST_COLUMNS: Readonly<Record<string, number>> = { OneColumn: 1, TwoColumnsTopToBottom: 2 };

function readColumn(file: string, column: XmlElement, object: ObjectDef): readonly string[] {
  refuseUnknown(file, column, new Set(['layoutItems']));
  return childrenOf(column, 'layoutItems').map((item) => {
    refuseUnknown(file, item, new Set(['behavior', 'field']));
    const field = requiredText(file, item, 'field');
    if (object.fields.has(field)) return field;
    throw new InvalidSource(file, `<layoutItems>: no field ${field} on ${object.name}`);
  });
}

/** `<relatedList>` is `OBJECT.LOOKUP` for custom objects. */
function readList(
  file: string,
  list: XmlElement,
  objects: ReadonlyMap<string, ObjectDef>,
): LayoutList {
  refuseUnknown(file, list, new Set(['fields', 'relatedList', 'sortField', 'sortOrder']));
  const name = requiredText(file, list, 'relatedList');
  const [objectName = '', lookup = ''] = name.split('.');
  const object = objects.get(objectName);
  if (object?.fields.get(lookup)?.type !== 'Lookup')
    throw new Unsupported(file, '<relatedList>', name);
  const columnOf = (column: string): string =>
    fieldOfColumn(file, 'relatedLists', object, column).name;
  const sort = childOf(file, list, 'sortField');
  return {
    object: object.name,
    lookup,
    columns: childrenOf(list, 'fields').map(({ text }) => columnOf(text)),
    sort:
      sort === undefined
        ? undefined
        : {
            field: columnOf(sort.text),
            descending: requiredText(file, list, 'sortOrder') === 'Desc',
          },
  };
}
