import { readFileSync } from 'node:fs';

import lwc from '@lwc/rollup-plugin';
import { rollup } from 'rollup';
import type { OutputChunk, RollupBuild } from 'rollup';

import type { Bundle } from '../../metadata/bundleFile.ts';
import type { ObjectDef } from '../../metadata/schema.ts';
import { ASSET_PATH } from './asset.ts';
import type { Asset } from './asset.ts';
import { ENGINE_MODULES } from './basePart.ts';
import { iconsIn, templateOf } from './icons.ts';
import { BROWSER_FOLDER } from './modules.ts';
import { pageModules } from './pageModules.ts';
import { API_VERSION, refuseUnresolved, stripTypes } from './plugins.ts';

/** What the metadata gives the build. */
export interface PageSources {
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly labels: ReadonlyMap<string, string>;
  readonly objects: ReadonlyMap<string, ObjectDef>;
}

/** Compiled bundles that still have to learn where the base components are. */
export interface CompiledPages {
  /** The base components in use: `lightning/card`. */
  readonly baseModules: readonly string[];
  readonly icons: ReadonlySet<string>;
  /** Ends the build; gives the assets and the address of the script that draws pages. */
  write(
    addresses: Readonly<Record<string, string>>,
  ): Promise<{ readonly assets: readonly Asset[]; readonly script: string }>;
}

/**
 * Compiles the package's bundles and the modules of the page; about a second. Throws rollup's error for
 * what does not compile and for imports that do not exist.
 */
export async function compilePages(sources: PageSources): Promise<CompiledPages> {
  const baseModules = new Set<string>();
  const bundle = await rollup({
    input: { page: 'page:entry' },
    plugins: [
      pageModules(sources, (name) => baseModules.add(name)),
      // Before the compiler, which would look for modules in configuration files.
      refuseUnresolved(),
      stripTypes(BROWSER_FOLDER),
      lwc({
        rootDir: BROWSER_FOLDER,
        defaultModules: [],
        exclude: [`${BROWSER_FOLDER}/**`],
        apiVersion: API_VERSION,
      }),
    ],
    onwarn(warning) {
      // Components of one package may use each other in a circle, as on the platform.
      if (warning.code !== 'CIRCULAR_DEPENDENCY')
        throw Object.assign(new Error(warning.message), warning);
    },
  });
  const engine: readonly string[] = ENGINE_MODULES;
  return {
    baseModules: [...baseModules].filter((name) => !engine.includes(name)).toSorted(),
    icons: iconsOf(bundle, sources),
    write: (addresses) => write(bundle, addresses),
  };
}

async function write(bundle: RollupBuild, addresses: Readonly<Record<string, string>>) {
  const { output } = await bundle.generate({
    format: 'es',
    paths: (id) => addresses[id] ?? id,
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await bundle.close();
  const chunks = output.filter((one): one is OutputChunk => one.type === 'chunk');
  const script = chunks.find((chunk) => chunk.isEntry)?.fileName ?? '';
  return {
    assets: chunks.map((chunk) => ({ name: chunk.fileName, content: chunk.code })),
    script: `${ASSET_PATH}${script}`,
  };
}

/** The icons that bundles name; one that does not exist would be blank, so it ends the build. */
function iconsOf(bundle: RollupBuild, { bundles }: PageSources): ReadonlySet<string> {
  const folders = [...bundles.values()].map(({ folder }) => folder);
  const icons = new Set<string>();
  for (const file of filesOf(bundle)) {
    const isBundles = folders.some((folder) => file.startsWith(folder));
    if (!isBundles || !/\.(?:js|html)$/.test(file)) continue;
    for (const icon of iconsIn(readFileSync(file, 'utf8'))) {
      if (templateOf(icon) === undefined)
        throw Object.assign(new Error(`there is no icon ${icon}`), { id: file });
      icons.add(icon);
    }
  }
  return icons;
}

/* The compiler names a bundle's own script with a query behind it, and only among the modules. */
function filesOf(bundle: RollupBuild): ReadonlySet<string> {
  const modules = bundle.cache?.modules ?? [];
  const ids = [...bundle.watchFiles, ...modules.map(({ id }) => id)];
  return new Set(ids.map((id) => id.replace(/\?.*$/, '')));
}
