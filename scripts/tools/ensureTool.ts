import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from '../run/install.mjs';

/**
 * Installs the packages that only some tests or checks need, unless they are there, and answers with their folder.
 *
 * Each folder beside this file holds a package.json and a lock of its own, so that neither the bridge nor a first
 * `npm start` pays for them. What the lock says is installed, by `npm ci` under the Node that runs this; its hash is
 * kept, so a changed lock is installed again. Of several processes one installs and the others wait.
 * Rejects with an error for people when npm fails. Import from a tool by `createRequire(join(folder, 'package.json'))`.
 */
export async function ensureTool(name: string, tools = import.meta.dirname): Promise<string> {
  const folder = join(tools, name);
  if (!existsSync(join(folder, 'package-lock.json'))) {
    throw new Error(
      `There is no tool '${name}': ${folder} holds no package-lock.json. ` +
        'A tool is a folder with a package.json and the lock npm install makes of it under Node 24.',
    );
  }
  await ensureInstalled(folder, `packages of scripts/tools/${name}`);
  return folder;
}
