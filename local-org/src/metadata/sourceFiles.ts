import { readdirSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';

import { InvalidSource, Unsupported } from './schema.ts';

/** The kinds of source this org reads. */
export type SourceKind =
  | 'object'
  | 'field'
  | 'flow'
  | 'permissionset'
  | 'permissionsetgroup'
  | 'customPermission'
  | 'queue'
  | 'notiftype'
  | 'validationRule'
  | PageKind;

/** What only pages need: `name` of a bundle is its folder's, `path` the folder itself. */
export type PageKind =
  | 'app'
  | 'bundle'
  | 'compactLayout'
  | 'flexipage'
  | 'labels'
  | 'layout'
  | 'listView'
  | 'quickAction'
  | 'tab';

/** A source file of a kind that matters here. `name` is its API name, from the file's name. */
export interface SourceFile {
  readonly kind: SourceKind;
  readonly name: string;
  readonly path: string;
  /** For fields, lists, compact layouts and validation rules: the object whose folder they lie in. */
  readonly object?: string;
}

const readKinds: ReadonlyMap<string, SourceKind> = new Map([
  ['object', 'object'],
  ['field', 'field'],
  ['flow', 'flow'],
  ['permissionset', 'permissionset'],
  ['permissionsetgroup', 'permissionsetgroup'],
  ['customPermission', 'customPermission'],
  ['queue', 'queue'],
  ['notiftype', 'notiftype'],
  ['validationRule', 'validationRule'],
  ['app', 'app'],
  ['compactLayout', 'compactLayout'],
  ['flexipage', 'flexipage'],
  ['labels', 'labels'],
  ['layout', 'layout'],
  ['listView', 'listView'],
  ['quickAction', 'quickAction'],
  ['tab', 'tab'],
]);

/** Kinds that lie in the folder of their object, and the folder's name. */
const ofObjects: ReadonlyMap<SourceKind, string> = new Map([
  ['compactLayout', 'compactLayouts'],
  ['field', 'fields'],
  ['listView', 'listViews'],
  ['validationRule', 'validationRules'],
]);

/** Kinds that only reports and people see: loading them would change nothing here. */
const ignoredKinds: ReadonlySet<string> = new Set([
  'dashboard',
  'dashboardFolder',
  'report',
  'reportFolder',
  'reportType',
]);

/**
 * Finds all source files below the given folders, at any depth, in the order of their paths.
 * Throws `Unsupported` for a kind that is neither read nor on the ignore list.
 */
export function findSourceFiles(roots: readonly string[]): SourceFile[] {
  return roots.flatMap((root) => {
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
      throw new InvalidSource(
        root,
        'not a folder; name a folder of metadata in source format, e.g. force-app',
      );
    }
    return walk(root);
  });
}

function walk(folder: string): SourceFile[] {
  if (basename(folder) === 'lwc') return bundlesIn(folder);
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      return entry.name.startsWith('.') ? [] : judge(path);
    });
}

/** Each folder in an `lwc` folder is a bundle; files beside them (`jsconfig.json`) are for editors. */
function bundlesIn(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('__'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name }) => ({ kind: 'bundle', name, path: join(folder, name) }));
}

function judge(path: string): SourceFile[] {
  const match = /^(.+)\.([A-Za-z]+)-meta\.xml$/.exec(basename(path));
  const [, name = '', suffix = ''] = match ?? [];
  if (match === null) throw new Unsupported(path, 'file', 'a file that is not NAME.KIND-meta.xml');
  if (ignoredKinds.has(suffix)) return [];
  const kind = readKinds.get(suffix);
  if (kind === undefined) throw new Unsupported(path, 'file', `the metadata kind ${suffix}`);
  const parts = path.split(sep);
  const folder = ofObjects.get(kind);
  if (folder !== undefined) {
    const object = parts.at(-3);
    if (parts.at(-2) !== folder || object === undefined) {
      throw new InvalidSource(path, `a ${kind} lies in objects/OBJECT/${folder}/`);
    }
    return [{ kind, name, path, object }];
  }
  return [{ kind, name, path }];
}
