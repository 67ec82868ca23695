import { loadMetadata } from '../../metadata/load.ts';
import { findBundles, loadLabels } from '../../metadata/pages.ts';
import type { Asset } from './asset.ts';
import { buildBase } from './basePart.ts';
import { cacheKey, readCache, writeCache } from './cache.ts';
import { iconsOfBaseComponents, templateOf } from './icons.ts';
import { compilePages } from './pagePart.ts';

/** What to build pages from. */
export interface BuildRequest {
  /** Folders of metadata. */
  readonly roots: readonly string[];
  /** Icons that pages use besides those of the bundles. */
  readonly icons: readonly string[];
  /** Where compiled base components are kept. */
  readonly cacheFolder: string;
}

export interface BuildResult {
  readonly assets: readonly Asset[];
  /** The address of the script that draws pages. */
  readonly script: string;
  /** Whether the base components were taken from the cache. */
  readonly fromCache: boolean;
}

export interface BuildProgress {
  readonly step: 'bundles' | 'base components';
  readonly done: number;
  readonly known: number;
}

/** Builds everything that pages load; throws what `toProblem` can explain. */
export async function buildPages(
  { roots, icons, cacheFolder }: BuildRequest,
  progress: (now: BuildProgress) => void,
): Promise<BuildResult> {
  progress({ step: 'bundles', done: 0, known: 1 });
  const compiled = await compilePages({
    bundles: findBundles(roots),
    labels: loadLabels(roots),
    objects: loadMetadata(roots).objects,
  });
  const wanted = new Set([
    ...iconsOfBaseComponents(),
    ...compiled.icons,
    ...icons.filter((icon) => templateOf(icon) !== undefined),
  ]);
  const key = cacheKey(compiled.baseModules, wanted);
  const kept = readCache(cacheFolder, key);
  const base =
    kept ??
    (await buildBase(compiled.baseModules, wanted, (done, known) =>
      progress({ step: 'base components', done, known }),
    ));
  if (kept === undefined) writeCache(cacheFolder, key, base);
  const { assets, script } = await compiled.write(base.addresses);
  return { assets: [...base.assets, ...assets], script, fromCache: kept !== undefined };
}
