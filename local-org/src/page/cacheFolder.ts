import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../../node_modules');

/**
 * Where compiled base components are kept: beside the packages they are made of, so that all orgs of
 * this installation share them and a fresh start keeps them; in the data folder where that may not be
 * written to.
 */
export function chooseCacheFolder(dataDir: string): string {
  const shared = join(packages, '.cache/asset-signals/pages');
  try {
    mkdirSync(shared, { recursive: true });
    accessSync(shared, constants.W_OK);
    return shared;
  } catch {
    return join(dataDir, 'pages');
  }
}
