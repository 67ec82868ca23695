import { join } from 'node:path';

import lwc from '@lwc/rollup-plugin';
import { rollup } from 'rollup';
import type { OutputChunk, Plugin } from 'rollup';

import { ASSET_PATH } from './asset.ts';
import type { Asset } from './asset.ts';
import { iconListing } from './icons.ts';
import { BROWSER_FOLDER, SHARED_MODULES, platformFile } from './modules.ts';
import { API_VERSION, refuseUnresolved, stripTypes } from './plugins.ts';

/** What never changes while somebody writes bundles: the engine and the base components in use. */
export interface BasePart {
  /** `lwc`, `lightning/card` → the address that pages import it from. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly assets: readonly Asset[];
}

/** The modules that every page needs, in the order in which they must run. */
export const ENGINE_MODULES = ['@lwc/synthetic-shadow', 'lwc'] as const;

/**
 * Compiles the engine and base components, in about a quarter of a minute.
 * @param modules specifiers, without those of the engine
 * @param progress told how many modules are done and how many are known so far
 */
export async function buildBase(
  modules: readonly string[],
  icons: ReadonlySet<string>,
  progress: (done: number, known: number) => void,
): Promise<BasePart> {
  const specifiers = [...ENGINE_MODULES, ...modules];
  const bundle = await rollup({
    input: Object.fromEntries(specifiers.map((name) => [fileName(name), name])),
    plugins: [
      resolveEntries(),
      sharedModules(),
      filterIcons(icons),
      stripTypes(BROWSER_FOLDER),
      forBrowsers(),
      lwc({
        rootDir: BROWSER_FOLDER,
        modules: [{ npm: 'lightning-base-components' }],
        exclude: [`${BROWSER_FOLDER}/**`],
        enableDynamicComponents: true,
        apiVersion: API_VERSION,
      }),
      refuseUnresolved(),
      countModules(progress),
    ],
    // Templates of base components use what is deprecated for others; none of it is ours to mend.
    onwarn: () => undefined,
  });
  const { output } = await bundle.generate({
    format: 'es',
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
    manualChunks: chunkOf,
  });
  await bundle.close();
  const chunks = output.filter((one): one is OutputChunk => one.type === 'chunk');
  return {
    addresses: Object.fromEntries(
      specifiers.map((name) => {
        const chunk = chunks.find((one) => one.isEntry && one.name === fileName(name));
        return [name, `${ASSET_PATH}${chunk?.fileName ?? ''}`];
      }),
    ),
    assets: chunks.map((chunk) => ({ name: chunk.fileName, content: chunk.code })),
  };
}

function fileName(specifier: string): string {
  return specifier.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '');
}

/** Few files rather than one for each of hundreds of shared modules; icons come when first needed. */
function chunkOf(id: string): string | undefined {
  if (id.includes('/@lwc/synthetic-shadow/')) return 'shadow';
  if (id.includes('/@lwc/')) return 'engine';
  return id.includes('iconSvgTemplates') ? undefined : 'components';
}

/** The compiler's plugin resolves imports only; an entry is resolved as if a module of ours imported it. */
function resolveEntries(): Plugin {
  return {
    name: 'entries',
    resolveId(id, importer) {
      if (importer !== undefined) return undefined;
      return this.resolve(id, join(BROWSER_FOLDER, 'page/main.ts'));
    },
  };
}

function sharedModules(): Plugin {
  return {
    name: 'shared-modules',
    resolveId: (id) => (SHARED_MODULES.some((name) => name === id) ? platformFile(id) : undefined),
  };
}

function filterIcons(icons: ReadonlySet<string>): Plugin {
  return {
    name: 'icons',
    load: (id) =>
      /iconSvgTemplates[A-Za-z]*[\\/]buildTemplates[\\/]templates\.js$/.test(id)
        ? iconListing(id, icons)
        : undefined,
  };
}

/** What the packages leave to whoever bundles them. Longer names first: one begins like another. */
const CONSTANTS = [
  ['process.env.NODE_ENV', JSON.stringify('production')],
  ['import.meta.env.SSR', 'false'],
  ['import.meta.env', '({})'],
] as const;

function forBrowsers(): Plugin {
  return {
    name: 'constants',
    transform(code) {
      const given = CONSTANTS.filter(([name]) => code.includes(name));
      if (given.length === 0) return undefined;
      return {
        code: given.reduce((text, [name, value]) => text.replaceAll(name, value), code),
        map: null,
      };
    },
  };
}

function countModules(progress: (done: number, known: number) => void): Plugin {
  let done = 0;
  return {
    name: 'progress',
    moduleParsed() {
      done += 1;
      progress(done, [...this.getModuleIds()].length);
    },
  };
}
