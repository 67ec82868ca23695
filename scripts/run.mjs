#!/usr/bin/env node
/*
 * node scripts/run.mjs FILE.ts [arguments]
 *
 * Installs the locked packages when they are missing or older than the lock, then runs FILE.ts under
 * Node 24: the node that started this when it is new enough, else the one among the packages.
 * This file must parse in any node that knows ES modules, so that an old one is told what it lacks.
 */
import { dirname } from 'path';
import { fileURLToPath } from 'url';

const major = Number(process.versions.node.split('.')[0]);

if (major < 18) {
  console.error('This project needs Node 18 or newer; this is Node ' + process.versions.node + '.');
  console.error('Install Node 24 from https://nodejs.org and run the same command again.');
  process.exitCode = 1;
} else {
  import('./run/launch.mjs')
    .then((launcher) =>
      launcher.launch({
        root: dirname(dirname(fileURLToPath(import.meta.url))),
        arguments: process.argv.slice(2),
      }),
    )
    .catch((error) => {
      console.error(error.forPeople ? error.message : error);
      process.exitCode = 1;
    });
}
