import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { UsageError } from '../fleet/usage.ts';

/** Marks a folder as a demo's own, so that clearing it can never hit anything else. */
const MARKER = 'asset-signals-demo.json';

/** A folder that belongs to one running demo. */
export interface DataFolder {
  readonly path: string;
  file(name: string): string;
}

/**
 * Takes a folder for this run and empties it.
 *
 * Without `wanted`: `.data/demo` under `root`, or `.data/demo-2` and so on while other demos
 * run there.
 *
 * @throws UsageError when the wanted folder is in use or holds something that is not a demo's
 */
export async function takeDataFolder(
  root: string,
  wanted: string | undefined,
): Promise<DataFolder> {
  if (wanted !== undefined) return take(resolve(wanted), `--data ${wanted}`);
  for (let number = 1; ; number += 1) {
    const path = join(root, '.data', number === 1 ? 'demo' : `demo-${number}`);
    if ((await runningIn(path)) === undefined) return take(path, path);
  }
}

async function take(path: string, name: string): Promise<DataFolder> {
  const pid = await runningIn(path);
  if (pid !== undefined) {
    throw new UsageError(`${name}: another demo (process ${pid}) is using it; name another folder`);
  }
  const entries = existsSync(path) ? await listFolder(path, name) : [];
  if (entries.length > 0 && !entries.includes(MARKER)) {
    throw new UsageError(
      `${name}: the folder holds files that are not a demo's (${entries.slice(0, 3).join(', ')}` +
        `${entries.length > 3 ? ', …' : ''}), and a demo starts by emptying it; name another folder`,
    );
  }
  await mkdir(path, { recursive: true });
  // Before the emptying: it keeps other demos off, and after a kill the next one may go on with it.
  await writeFile(join(path, MARKER), `${JSON.stringify({ pid: process.pid })}\n`);
  for (const entry of entries) {
    if (entry !== MARKER) await rm(join(path, entry), { recursive: true, force: true });
  }
  return { path, file: (entry) => join(path, entry) };
}

async function listFolder(path: string, name: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch {
    throw new UsageError(`${name}: this is not a folder that can be read; name another folder`);
  }
}

/** The process of the demo that uses the folder, if one is alive. */
async function runningIn(path: string): Promise<number | undefined> {
  try {
    const { pid } = JSON.parse(await readFile(join(path, MARKER), 'utf8')) as { pid?: unknown };
    if (typeof pid !== 'number' || pid === process.pid) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}
