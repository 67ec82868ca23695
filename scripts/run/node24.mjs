import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.mjs';

/**
 * The path of a Node that runs TypeScript as it is: version 24 or newer.
 * The running one when it will do, else the one npm installed as an optional package for this platform.
 */
export function findNode24(root, running = process) {
  if (Number(running.versions.node.split('.')[0]) >= 24) return running.execPath;
  const name = `node-${running.platform}-${running.arch}`;
  const installed = join(root, 'node_modules', name, 'bin', 'node');
  if (existsSync(installed)) return installed;
  throw new Problem(
    `This needs Node 24 or newer; this is Node ${running.versions.node}, and no Node 24 came with the packages ` +
      `for ${running.platform} ${running.arch}.\n` +
      'Install Node 24 from https://nodejs.org and run the same command again.',
  );
}
