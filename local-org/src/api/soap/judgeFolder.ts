import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

import type { Component } from './components.ts';
import { topLevelElements } from './topLevel.ts';

/** The org's source with a package laid over it, in a folder of its own that goes away when disposed of. */
export interface JudgeFolder extends Disposable {
  /** To be loaded together. */
  readonly roots: readonly string[];
  /** The component a path of the package belongs to; undefined when the path is the org's own. */
  componentAt(path: string): Component | undefined;
  /** A path of the org's own source, from its folder. */
  ownPath(path: string): string;
  /** A text without the paths of this folder, which mean nothing to who sent the package. */
  withoutPaths(text: string): string;
  /** Takes the component away, and what lies inside its object with it; what it replaced comes back. */
  drop(component: Component): void;
}

/** Copies the org's source, takes out what the package replaces, and writes the package beside it. */
export function makeJudgeFolder(
  roots: readonly string[],
  components: readonly Component[],
): JudgeFolder {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-deploy-'));
  const own = join(folder, 'org');
  const sent = join(folder, 'package');
  mkdirSync(own);
  mkdirSync(sent);
  roots.forEach((root, index) => cpSync(root, join(own, String(index)), { recursive: true }));
  const owners = new Map<string, Component>();
  for (const component of components) {
    for (const { path, content } of component.source) {
      owners.set(identityOf(path), component);
      mkdirSync(dirname(join(sent, path)), { recursive: true });
      writeFileSync(join(sent, path), content);
    }
  }
  const kept = join(folder, 'kept');
  const replaced = moveReplaced(own, kept, owners, components);
  const ownRoot = new RegExp(`${RegExp.escape(own + sep)}\\d+${RegExp.escape(sep)}`, 'g');
  return {
    roots: [own, sent],
    componentAt: (path) =>
      path.startsWith(sent) ? owners.get(identityOf(relative(sent, path))) : undefined,
    ownPath: (path) => relative(own, path).split(sep).slice(1).join('/'),
    withoutPaths: (text) => text.replaceAll(ownRoot, '').replaceAll(sent + sep, ''),
    drop(component) {
      const gone = goneWith(component, components);
      for (const { source } of gone) {
        for (const { path } of source) {
          rmSync(join(sent, path), { force: true });
          for (const back of replaced.get(identityOf(path)) ?? [])
            cpSync(join(kept, back), join(own, back), { recursive: true });
        }
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * What a file of source format is, wherever it lies: `Asset/fields/Status__c.field-meta.xml` for what lies in an
 * object, `lwc/chart` for any file of a bundle, else the file's name.
 */
function identityOf(path: string): string {
  const parts = path.split(sep);
  const bundle = parts.indexOf('lwc');
  if (bundle >= 0) return parts.slice(bundle, bundle + 2).join('/');
  const objects = parts.lastIndexOf('objects');
  return objects >= 0 ? parts.slice(objects + 1).join('/') : (parts.at(-1) ?? path);
}

/** The folder of a bundle's file, for a bundle is replaced as a whole. */
function bundleOf(path: string): string | undefined {
  const parts = path.split(sep);
  const at = parts.lastIndexOf('lwc');
  return at < 0 ? undefined : parts.slice(0, at + 2).join(sep);
}

/** Moves away what the package replaces; answers the paths of each identity. */
function moveReplaced(
  own: string,
  kept: string,
  owners: ReadonlyMap<string, Component>,
  components: readonly Component[],
): ReadonlyMap<string, readonly string[]> {
  const labels = components.filter(({ type }) => type === 'CustomLabels');
  const sentLabels = new Set(labels.flatMap(({ source }) => source.flatMap(labelsIn)));
  const moved = new Map<string, string[]>();
  for (const entry of readdirSync(own, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !existsSync(path)) continue;
    const identity = identityOf(relative(own, path));
    const isLabels = entry.name.endsWith('.labels-meta.xml') && sentLabels.size > 0;
    if (!isLabels && !owners.has(identity)) continue;
    const what = relative(own, bundleOf(path) ?? path);
    cpSync(join(own, what), join(kept, what), { recursive: true });
    moved.set(identity, [...(moved.get(identity) ?? []), what]);
    if (isLabels) withoutLabels(path, sentLabels);
    else rmSync(join(own, what), { recursive: true });
  }
  return moved;
}

/** The component, and for an object all that is inside it. */
function goneWith(component: Component, all: readonly Component[]): readonly Component[] {
  if (component.type !== 'CustomObject') return [component];
  const inside = ({ fullName }: Component): boolean =>
    fullName.startsWith(`${component.fullName}.`);
  return [component, ...all.filter(inside)];
}

const labelName = (inside: string): string =>
  /<fullName>\s*([^<]*?)\s*<\/fullName>/.exec(inside)?.[1] ?? '';

const labelsIn = ({ content }: { readonly content: Buffer }): string[] =>
  topLevelElements(content.toString('utf8')).map(({ inside }) => labelName(inside));

/** Labels are added to an org one by one; a package replaces those it names. */
function withoutLabels(path: string, sent: ReadonlySet<string>): void {
  const xml = readFileSync(path, 'utf8');
  const kept = topLevelElements(xml)
    .filter(({ inside }) => sent.has(labelName(inside)))
    .reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), xml);
  if (kept !== xml) writeFileSync(path, kept);
}
