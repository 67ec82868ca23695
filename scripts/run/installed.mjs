import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.mjs';

const stampOf = (root) => join(root, 'node_modules', '.installed-lock');
/* npm writes this file last, so an install that was cut short has none. */
const npmsOwnLockOf = (root) => join(root, 'node_modules', '.package-lock.json');

/**
 * Says whether node_modules holds what package-lock.json asks for.
 *
 * The stamp of the last install here decides by content, so a fresh checkout's times mean nothing.
 * Packages installed by hand carry no such stamp: then npm's own record has to be at least as new as the lock.
 */
export function isInstalled(root) {
  const lock = readLock(root);
  const record = timeOf(npmsOwnLockOf(root));
  if (record === undefined) return false;
  if (readIfThere(stampOf(root)) === hashOf(lock)) return true;
  return record >= timeOf(join(root, 'package-lock.json'));
}

/** Records that the lock as it is now has been installed. */
export function markInstalled(root) {
  writeFileSync(stampOf(root), hashOf(readLock(root)));
}

/** Takes the records away before an install, so that one cut short is not taken for a whole one. */
export function forgetInstalled(root) {
  rmSync(stampOf(root), { force: true });
  rmSync(npmsOwnLockOf(root), { force: true });
}

/** How many packages an install brings to this machine: those for other platforms are left out. */
export function countLockedPackages(root) {
  const { packages = {} } = JSON.parse(readLock(root));
  return Object.entries(packages).filter(
    ([path, entry]) =>
      path.includes('node_modules/') &&
      !entry.link &&
      (entry.os === undefined || entry.os.includes(process.platform)) &&
      (entry.cpu === undefined || entry.cpu.includes(process.arch)),
  ).length;
}

function readLock(root) {
  const text = readIfThere(join(root, 'package-lock.json'));
  if (text !== undefined) return text;
  throw new Problem(
    `There is no package-lock.json in ${root}, so nobody can say which packages belong here.\n` +
      'Restore it: git checkout -- package-lock.json',
  );
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}
