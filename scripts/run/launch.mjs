import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';
import { environmentFor, nodeOptionsFor } from './nodeOptions.mjs';
import { Problem } from './problem.mjs';

/**
 * Installs what is missing, runs the file under Node 24 and ends as it ends: same exit code, same signal.
 * The first argument names the file, from the project's root; the others are the file's own.
 */
export async function launch({ root, arguments: [file, ...rest] }) {
  if (file === undefined) {
    throw new Problem('Which file? Usage: node scripts/run.mjs FILE.ts [arguments]');
  }
  const path = resolve(root, file);
  if (!existsSync(path)) throw new Problem(`There is no ${file} in ${root}.`);
  await ensureInstalled(root);
  const args = [...nodeOptionsFor(file), path, ...rest];
  const { code, signal } = await runUnder(findNode24(root), args, environmentFor(file));
  if (signal === null) process.exitCode = code;
  else process.kill(process.pid, signal);
}

function runUnder(node, args, environment) {
  // Before it runs: a signal in between would end this process and leave the other to itself.
  const stopPassing = passSignals((signal) => child.kill(signal));
  const child = spawn(node, args, {
    stdio: 'inherit',
    env: {
      ...environment,
      ...process.env,
      PATH: [dirname(node), process.env.PATH].join(delimiter),
    },
  });
  return new Promise((end, reject) => {
    child.on('error', (error) =>
      reject(
        new Problem(
          `${node} could not be started (${error.code}). Install Node 24 from https://nodejs.org and run this again.`,
        ),
      ),
    );
    child.on('close', (code, signal) => end({ code, signal }));
  }).finally(stopPassing);
}

/*
 * Ctrl-C reaches the child by itself, for a terminal signals every process of its foreground group;
 * passing it on as well would count as a second Ctrl-C.
 */
function passSignals(kill) {
  const onTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const passing = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const pass = () => {
      if (signal !== 'SIGINT' || !onTerminal) kill(signal);
    };
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  return () => passing.forEach((stop) => stop());
}
