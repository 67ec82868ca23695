import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

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
  const { path, entries } = oneAtATime(() => choose(root, wanted));
  for (const entry of entries) {
    if (entry !== MARKER) await rm(join(path, entry), { recursive: true, force: true });
  }
  return { path, file: (entry) => join(path, entry) };
}

/** A folder that is this demo's from now on, and what is still in it. */
interface Taken {
  readonly path: string;
  readonly entries: readonly string[];
}

function choose(root: string, wanted: string | undefined): Taken {
  if (wanted !== undefined) return take(resolve(wanted), `--data ${wanted}`);
  for (let number = 1; ; number += 1) {
    const path = join(root, '.data', number === 1 ? 'demo' : `demo-${number}`);
    if (runningIn(path) === undefined) return take(path, path);
  }
}

/** Longer than any number of demos take to choose one after the other. */
const LOCK_MS = 10_000;

/**
 * Demos that are started in the same moment choose one after the other. The lock is one of the operating system, on a
 * file that stays: it ends with its process, however that ends.
 */
function oneAtATime<T>(work: () => T): T {
  const file = join(tmpdir(), `asset-signals-demos-${userInfo().uid}.lock`);
  const lock = new DatabaseSync(file, { timeout: LOCK_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return work();
  } finally {
    lock.close();
  }
}

function take(path: string, name: string): Taken {
  const pid = runningIn(path);
  if (pid !== undefined) {
    throw new UsageError(`${name}: another demo (process ${pid}) is using it; name another folder`);
  }
  const entries = existsSync(path) ? listFolder(path, name) : [];
  if (entries.length > 0 && !entries.includes(MARKER)) {
    throw new UsageError(
      `${name}: the folder holds files that are not a demo's (${entries.slice(0, 3).join(', ')}` +
        `${entries.length > 3 ? ', …' : ''}), and a demo starts by emptying it; name another folder`,
    );
  }
  mkdirSync(path, { recursive: true });
  // Before the emptying: it keeps other demos off, and after a kill the next one may go on with it.
  writeFileSync(join(path, MARKER), `${JSON.stringify({ pid: process.pid })}\n`);
  return { path, entries };
}

function listFolder(path: string, name: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    throw new UsageError(`${name}: this is not a folder that can be read; name another folder`);
  }
}

/** The process of the demo that uses the folder, if one is alive. */
function runningIn(path: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(path, MARKER), 'utf8')) as { pid?: unknown };
    if (typeof pid !== 'number' || pid === process.pid) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}
