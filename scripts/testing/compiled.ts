import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/* About 100 MB. A run leaves some thousands: tests make files of their own, each at a new place. */
const MOST_FILES = 20_000;

/**
 * The folder, one that git does not look at, in which Node keeps what it has compiled for the processes that come after
 * (`NODE_COMPILE_CACHE`); what is in it is known by its content and the version of Node. Emptied where it has grown too
 * large; processes that use it meanwhile compile for themselves.
 */
export function compiledFolder(root: string, mostFiles = MOST_FILES): string {
  const folder = join(root, '.data/compiled');
  mkdirSync(folder, { recursive: true });
  // A folder for each version of Node; their files lie flat in it.
  const files = readdirSync(folder).flatMap((version) => listFiles(join(folder, version)));
  if (files.length > mostFiles) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return folder;
}

/** None where it is no folder, or has just been taken away by another run. */
function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
