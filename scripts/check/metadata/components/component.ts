import type { MetadataFile } from '../file.ts';
import type { SourceFile } from '../files.ts';
import { readScript, type Script } from './script.ts';
import { readTemplate, type Template } from './template.ts';

/** A Lightning web component, or a module of functions in the form of one. */
export interface Component {
  readonly name: string;
  /** Its folder, from the project's root. */
  readonly path: string;
  /** Tests are left out: what only they use is unused. */
  readonly scripts: readonly Script[];
  readonly templates: readonly Template[];
  readonly styles: readonly SourceFile[];
  /** Its `.js-meta.xml`. */
  readonly meta: MetadataFile | undefined;
}

const IN_BUNDLE = /^(.*\/lwc\/([^/]+))\/(?:.*\/)?[^/]+$/;

/** Whether a file belongs to a component and is not its metadata or a test. */
export function isComponentSource(path: string): boolean {
  return IN_BUNDLE.test(path) && /\.(js|html|css)$/.test(path) && !path.includes('/__tests__/');
}

interface Parts {
  readonly scripts: Script[];
  readonly templates: Template[];
  readonly styles: SourceFile[];
}

/** All components, by name; a name used twice keeps the first and is told by the rules. */
export function readComponents(
  sources: readonly SourceFile[],
  files: readonly MetadataFile[],
): readonly Component[] {
  const folders = new Map<string, Parts>();
  const folderOf = (path: string) => {
    const folder = IN_BUNDLE.exec(path)?.[1] ?? '';
    const known = folders.get(folder) ?? { scripts: [], templates: [], styles: [] };
    folders.set(folder, known);
    return known;
  };
  for (const source of sources.filter(({ path }) => isComponentSource(path))) {
    if (source.path.endsWith('.js')) folderOf(source.path).scripts.push(readScript(source));
    else if (source.path.endsWith('.html'))
      folderOf(source.path).templates.push(readTemplate(source));
    else folderOf(source.path).styles.push(source);
  }
  const metas = files.filter(({ type }) => type === 'LightningComponentBundle');
  for (const { path } of metas) folderOf(path);
  return [...folders].map(([path, parts]) => ({
    name: path.split('/').at(-1) ?? '',
    path,
    ...parts,
    meta: metas.find((meta) => meta.path.startsWith(`${path}/`)),
  }));
}

/** The script that makes the component, or the module others import. */
export function mainScript({ name, scripts }: Component): Script | undefined {
  return scripts.find(({ path }) => path.endsWith(`/${name}/${name}.js`));
}

/** The component a tag of a template stands for: `c-signal-state` is signalState; undefined for other tags. */
export function componentOfTag(tag: string): string | undefined {
  return tag.startsWith('c-') ? camelCase(tag.slice(2)) : undefined;
}

/** `record-id` → recordId, as templates and classes name the same property. */
export function camelCase(kebab: string): string {
  return kebab.replace(/-([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase());
}
