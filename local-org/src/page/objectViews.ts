import type { Access } from '../api/access.ts';
import type { FormFactor } from '../metadata/bundleFile.ts';
import type { RecordPage } from '../metadata/flexiPageFile.ts';
import type { LightningApp } from '../metadata/appFile.ts';
import type { PageMetadata } from '../metadata/pages.ts';
import type { ObjectDef } from '../metadata/schema.ts';
import type {
  DetailSection,
  ObjectView,
  PageRegion,
  RelatedList,
} from '../../browser/data/pageContext.ts';
import { LAYOUTS } from './layouts.ts';
import { whereOf } from './listWhere.ts';

/** What views of objects are made of. */
export interface ViewParts {
  readonly objects: ReadonlyMap<string, ObjectDef>;
  readonly pages: PageMetadata;
  readonly access: Access;
  /** Whether a user may run a screen flow. */
  readonly mayRun: (userId: string, flow: string) => boolean;
}

/** The page of an object for which no app has activated one. */
const plainPage: readonly PageRegion[] = [
  { name: 'header', components: [{ kind: 'standard', name: 'force:highlightsPanel' }] },
  { name: 'main', components: [{ kind: 'standard', name: 'force:detailPanel' }] },
  { name: 'sidebar', components: [{ kind: 'standard', name: 'force:relatedListContainer' }] },
];

/**
 * How the pages of all objects look that the viewer may read, with the fields that he may read. It tells
 * what the metadata says and the viewer's permissions allow, and nothing of any record.
 */
export function objectViews(
  parts: ViewParts,
  app: LightningApp | undefined,
  userId: string,
): Readonly<Record<string, ObjectView>> {
  const readable = [...parts.objects.values()].filter(
    (object) => hasPages(object) && parts.access.may(userId, object.name, 'read'),
  );
  const names = new Set(readable.map(({ name }) => name));
  return Object.fromEntries(
    readable.map((object) => [object.name, viewOf(parts, app, userId, object, names)]),
  );
}

/** Whether this org has pages for an object: those that people work with. */
export function hasPages(object: ObjectDef): boolean {
  return object.kind === 'custom' || Object.hasOwn(LAYOUTS, object.name);
}

function viewOf(
  { pages, access, objects, mayRun }: ViewParts,
  app: LightningApp | undefined,
  userId: string,
  object: ObjectDef,
  readableObjects: ReadonlySet<string>,
): ObjectView {
  const layout = LAYOUTS[object.name];
  const own = [...object.fields.values()]
    .filter((field) => !field.system || field.type === 'AutoNumber')
    .map(({ name }) => name)
    .filter((name) => !['OwnerId', 'Name'].includes(name));
  const short = own.filter((name) => object.fields.get(name)?.type !== 'LongTextArea');
  const nameField = layout?.nameField ?? 'Name';
  const may = (names: readonly string[]): string[] =>
    names
      .flatMap((name) => partsOf(object, name))
      .filter(
        (name) => object.fields.has(name) && access.mayField(userId, object.name, name, 'read'),
      );
  // Numbers are given in the order of creation, and no two rows share one.
  const isNumbered = object.fields.get(nameField)?.type === 'AutoNumber';
  const newestFirst = { field: isNumbered ? nameField : 'CreatedDate', descending: true };
  return {
    name: object.name,
    label: object.label,
    pluralLabel: object.pluralLabel,
    nameField,
    icon: layout?.icon ?? pages.tabs.get(object.name)?.icon ?? 'standard:custom',
    highlights: may(
      layout?.highlights ??
        pages.compactLayouts.get(object.name)?.filter((name) => name !== nameField) ??
        short.slice(0, 4),
    ),
    details: sectionsOf(
      pages.layouts.get(object.name)?.sections ??
        layout?.details ?? [
          { columns: [[nameField, ...own, 'OwnerId', 'CreatedDate', 'LastModifiedDate']] },
        ],
      may,
    ),
    lists: listsOf(pages, object, may, layout?.columns ?? [nameField, ...short.slice(0, 5)]),
    orderBy: layout?.orderBy ?? newestFirst,
    relatedLists: relatedListsOf(pages, objects, object.name)
      .filter(
        ({ object: name, lookup }) =>
          readableObjects.has(name) && access.mayField(userId, name, lookup, 'read'),
      )
      .map((list) => ({
        ...list,
        columns: list.columns.filter((column) =>
          access.mayField(userId, list.object, column, 'read'),
        ),
      })),
    pages: {
      Large: regionsOf(pages, app, object, 'Large'),
      Small: regionsOf(pages, app, object, 'Small'),
    },
    actions: pages.quickActions
      .filter((action) => action.object === object.name)
      .filter((action) => action.kind !== 'flow' || mayRun(userId, action.flow))
      .map((action) =>
        action.kind === 'flow'
          ? { label: action.label, flow: action.flow }
          : { label: action.label, component: action.component },
      ),
  };
}

/** Pages read a place as its latitude and longitude. */
function partsOf(object: ObjectDef, name: string): readonly string[] {
  if (object.fields.get(name)?.type !== 'Location') return [name];
  return [...object.fields.values()]
    .filter(({ compound }) => compound === name)
    .map((one) => one.name);
}

/** What is left of the sections for a viewer; an empty one is not shown. */
function sectionsOf(
  sections: readonly {
    readonly heading?: string | undefined;
    readonly columns: readonly (readonly string[])[];
  }[],
  may: (names: readonly string[]) => string[],
): readonly DetailSection[] {
  return sections
    .map(({ heading, columns }) => ({ heading: heading ?? null, columns: columns.map(may) }))
    .filter(({ columns }) => columns.some((column) => column.length > 0));
}

/** The list views whose filters name only what the viewer may read; one of all records comes first. */
function listsOf(
  { listViews }: PageMetadata,
  object: ObjectDef,
  may: (names: readonly string[]) => string[],
  columns: readonly string[],
): ObjectView['lists'] {
  const own = listViews
    .filter((view) => view.object === object.name)
    .filter(({ filters }) => filters.every(({ field }) => may([field]).length > 0))
    .map((view) => ({
      name: view.name,
      label: view.label,
      columns: may(view.columns),
      where: whereOf(view.filters),
    }));
  const all = own.find(({ name }) => name === 'All');
  const first = all ?? { name: 'All', label: 'All', columns: may(columns), where: null };
  return [first, ...own.filter((list) => list !== all)];
}

/** Those of the object's layout; a standard object brings its own. */
function relatedListsOf(
  { layouts }: PageMetadata,
  objects: ReadonlyMap<string, ObjectDef>,
  name: string,
): readonly RelatedList[] {
  const layout = layouts.get(name);
  if (layout === undefined) return LAYOUTS[name]?.relatedLists ?? [];
  return layout.relatedLists.map(({ object, lookup, columns, sort }) => ({
    object,
    lookup,
    columns,
    label: objects.get(object)?.pluralLabel ?? object,
    ...(sort === undefined ? {} : { orderBy: sort }),
  }));
}

/** The page that the app has activated for the object, with what may be shown on that form factor. */
function regionsOf(
  { recordPages, bundles }: PageMetadata,
  app: LightningApp | undefined,
  object: ObjectDef,
  formFactor: FormFactor,
): readonly PageRegion[] {
  const active = app?.pages.find(
    (one) => one.object === object.name && one.formFactor === formFactor,
  );
  const page: RecordPage | undefined = recordPages.get(active?.page ?? '');
  if (page === undefined) return plainPage;
  return page.regions.map(({ name, components }) => ({
    name,
    components: components
      .filter(({ only }) => only === undefined || only === formFactor)
      .filter(
        (component) =>
          component.kind === 'standard' ||
          bundles.get(component.name)?.formFactors.includes(formFactor) === true,
      ),
  }));
}
