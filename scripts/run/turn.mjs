import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/* A holder shows a sign of life every second; a minute without one is a machine that went away. */
const SIGN_OF_LIFE_MS = 1000;
const SILENT_TOO_LONG_MS = 60_000;

/**
 * Waits until this process alone may install, and returns the function that gives the turn back.
 *
 * The turn is a directory, because making one either works or fails, also between two processes.
 * A turn whose holder died, or has shown no sign of life for a minute, is taken over.
 * `onWait` is called about twice a second while another process holds it.
 */
export async function takeTurn(directory, onWait = () => {}) {
  mkdirSync(dirname(directory), { recursive: true });
  while (!tryTake(directory)) {
    if (isStale(directory)) removeStale(directory);
    else {
      onWait();
      await sleep(400);
    }
  }
  const alive = setInterval(() => showLife(directory), SIGN_OF_LIFE_MS);
  alive.unref();
  return () => {
    clearInterval(alive);
    rmSync(directory, { recursive: true, force: true });
  };
}

function tryTake(directory) {
  try {
    mkdirSync(directory);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(directory, 'holder'), JSON.stringify({ pid: process.pid, host: hostname() }));
  return true;
}

function isStale(directory) {
  const since = statSync(directory, { throwIfNoEntry: false })?.mtimeMs;
  if (since === undefined) return false;
  if (Date.now() - since > SILENT_TOO_LONG_MS) return true;
  const holder = readHolder(directory);
  return holder !== undefined && holder.host === hostname() && !isRunning(holder.pid);
}

/* Renaming first lets only one of two waiting processes remove the same stale turn. */
function removeStale(directory) {
  const aside = `${directory}.stale-${process.pid}`;
  try {
    renameSync(directory, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (isStale(aside)) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, directory);
}

function readHolder(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, 'holder'), 'utf8'));
  } catch {
    /* Not written yet, half written, or just given back: the next look will tell. */
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

function showLife(directory) {
  try {
    utimesSync(directory, new Date(), new Date());
  } catch {
    /* Someone removed the directory by hand; there is nothing left to guard. */
  }
}
