import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** On the disk of the repository: a folder in memory would make every fdatasync free. */
const ROOT = join(import.meta.dirname, '../../../.data/bench');

/** An empty folder that is gone in the end, unless it is to be kept. */
export async function makeBenchFolder(
  name: string,
  keep = false,
): Promise<AsyncDisposable & { readonly path: string }> {
  await mkdir(ROOT, { recursive: true });
  const path = await mkdtemp(join(ROOT, `${name}-`));
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (!keep) await rm(path, { recursive: true, force: true });
    },
  };
}
