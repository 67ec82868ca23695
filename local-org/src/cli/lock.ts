import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { StartError } from './errors.ts';

/**
 * Takes the data folder for this process; two orgs over one file would run every flow twice.
 * Held by the operating system, so it ends with the process, however that ends. Gives the way to
 * let go; throws `StartError` when another process holds it.
 */
export function lockData(dataDir: string): () => void {
  const lock = new DatabaseSync(join(dataDir, 'lock.sqlite'));
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new StartError(
      `${dataDir} is in use by another local org; stop it or choose another --data`,
      { cause },
    );
  }
  return () => lock.close();
}
