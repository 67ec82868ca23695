import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { UsageError } from '../fleet/usage.ts';

/**
 * Looks whether the result can be written at the end, so that it is said before the run.
 *
 * @throws UsageError naming the file and what to do
 */
export async function checkResultFile(file: string): Promise<void> {
  const folder = dirname(file);
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw new UsageError(
      `--json ${file}: the folder ${folder} does not exist or may not be written to; ` +
        `create it or name another`,
    );
  }
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) {
    throw new UsageError(`--json ${file}: this is a folder; name a file in it`);
  }
}
