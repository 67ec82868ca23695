import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';

import { bindToUs, endProcess } from '../programs/lineProcess.ts';
import type { Running } from './contestant.ts';

/** Starts a Node program; what it prints goes to `output.txt` of the folder. */
export function startScript(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Running & { readonly hasEnded: () => boolean; readonly output: string } {
  const output = join(folder, 'output.txt');
  const file = openSync(output, 'a');
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', file, file],
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args[0]} could not be started`);
  bindToUs(child);
  return {
    pid,
    output,
    work: () => Promise.resolve({ troubles: [] }),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    [Symbol.asyncDispose]: () => endProcess(child, 'SIGTERM'),
  };
}
