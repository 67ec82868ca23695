import { readFileSync } from 'node:fs';

import { readApp } from './appFile.ts';
import type { LightningApp } from './appFile.ts';
import { readBundle } from './bundleFile.ts';
import type { Bundle } from './bundleFile.ts';
import { readCompactLayout } from './compactLayoutFile.ts';
import { readRecordPage } from './flexiPageFile.ts';
import type { RecordPage } from './flexiPageFile.ts';
import { readLabels } from './labelsFile.ts';
import { readLayout } from './layoutFile.ts';
import type { PageLayout } from './layoutFile.ts';
import { readListView } from './listViewFile.ts';
import type { ListView } from './listViewFile.ts';
import { readQuickAction } from './quickActionFile.ts';
import type { QuickAction } from './quickActionFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { findSourceFiles } from './sourceFiles.ts';
import type { SourceFile, SourceKind } from './sourceFiles.ts';
import { readTab } from './tabFile.ts';
import type { ObjectTab } from './tabFile.ts';

/** What the metadata says about pages. */
export interface PageMetadata {
  readonly apps: readonly LightningApp[];
  /** Of custom objects, by object. */
  readonly tabs: ReadonlyMap<string, ObjectTab>;
  readonly listViews: readonly ListView[];
  /** By object. */
  readonly layouts: ReadonlyMap<string, PageLayout>;
  /** The fields of the compact layouts that objects name, by object. */
  readonly compactLayouts: ReadonlyMap<string, readonly string[]>;
  readonly recordPages: ReadonlyMap<string, RecordPage>;
  readonly quickActions: readonly QuickAction[];
  readonly bundles: ReadonlyMap<string, Bundle>;
}

/**
 * Reads apps, tabs, lists, layouts, record pages, quick actions and bundles under the given folders, with
 * the labels they use. Throws `Unsupported` for what this org does not draw and `InvalidSource` for what contradicts
 * itself.
 */
export function loadPages(
  roots: readonly string[],
  objects: ReadonlyMap<string, ObjectDef>,
): PageMetadata {
  const files = findSourceFiles(roots);
  const of = (kind: SourceKind): SourceFile[] => files.filter((file) => file.kind === kind);
  loadLabels(roots);
  const bundles = findBundles(roots);
  for (const kind of ['app', 'flexipage', 'quickAction', 'tab'] as const) {
    refuseTwice(of(kind));
  }
  const flows = new Set(of('flow').map(({ name }) => name));
  const tabs = new Map(
    of('tab').map(({ path, name }) => [name, readTab(path, name, text(path), objects)]),
  );
  const recordPages = new Map(
    of('flexipage').map(({ path, name }) => [
      name,
      readRecordPage(path, name, text(path), objects, bundles),
    ]),
  );
  const actions = new Set(of('quickAction').map(({ name }) => name));
  const layouts = layoutsOf(of('layout'), objects, actions);
  return {
    bundles,
    recordPages,
    tabs,
    listViews: of('listView').map(({ path, name, object = '' }) =>
      readListView(path, objects.get(object), name, text(path)),
    ),
    layouts,
    compactLayouts: compactLayoutsOf(of('compactLayout'), objects),
    // A layout that names the actions of its page leaves out the others.
    quickActions: of('quickAction')
      .map(({ path, name }) => readQuickAction(path, name, text(path), { objects, bundles, flows }))
      .filter(({ name, object }) => layouts.get(object)?.actions?.includes(name) ?? true),
    apps: of('app').map(({ path, name }) =>
      readApp(path, name, text(path), objects, tabs, recordPages),
    ),
  };
}

/** Which of two layouts somebody gets is said by profiles, which this org does not have. */
function layoutsOf(
  files: readonly SourceFile[],
  objects: ReadonlyMap<string, ObjectDef>,
  actions: ReadonlySet<string>,
): ReadonlyMap<string, PageLayout> {
  const layouts = new Map<string, PageLayout>();
  for (const { path, name } of files) {
    const layout = readLayout(path, name, text(path), objects, actions);
    if (layouts.has(layout.object))
      throw new Unsupported(path, name, `a second layout of ${layout.object}`);
    layouts.set(layout.object, layout);
  }
  return layouts;
}

function compactLayoutsOf(
  files: readonly SourceFile[],
  objects: ReadonlyMap<string, ObjectDef>,
): ReadonlyMap<string, readonly string[]> {
  const all = files.map(({ path, name, object = '' }) =>
    readCompactLayout(path, objects.get(object), name, text(path)),
  );
  const assigned = new Map<string, readonly string[]>();
  for (const { name, compactLayout, file = name } of objects.values()) {
    if (compactLayout === undefined) continue;
    const found = all.find((one) => one.object === name && one.name === compactLayout);
    if (found === undefined)
      throw new InvalidSource(file, `<compactLayoutAssignment>: ${name} has no ${compactLayout}`);
    assigned.set(name, found.fields);
  }
  return assigned;
}

/** All bundles by name; two folders of one name are an error that names both. */
export function findBundles(roots: readonly string[]): ReadonlyMap<string, Bundle> {
  const files = findSourceFiles(roots).filter(({ kind }) => kind === 'bundle');
  refuseTwice(files);
  return new Map(files.map(({ name, path }) => [name, readBundle(name, path)]));
}

/** All labels by name, from any number of files. */
export function loadLabels(roots: readonly string[]): ReadonlyMap<string, string> {
  const from = new Map<string, string>();
  const labels = new Map<string, string>();
  for (const { path } of findSourceFiles(roots).filter(({ kind }) => kind === 'labels')) {
    for (const [name, value] of readLabels(path, text(path))) {
      const other = from.get(name);
      if (other !== undefined)
        throw new InvalidSource(path, `the label ${name} is also defined in ${other}`);
      from.set(name, path);
      labels.set(name, value);
    }
  }
  return labels;
}

function refuseTwice(files: readonly SourceFile[]): void {
  const first = new Map<string, string>();
  for (const { name, path } of files) {
    const other = first.get(name);
    if (other !== undefined) throw new InvalidSource(path, `${name} is also defined in ${other}`);
    first.set(name, path);
  }
}

function text(path: string): string {
  return readFileSync(path, 'utf8');
}
