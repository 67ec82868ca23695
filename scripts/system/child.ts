import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of a test: its output is kept, its end can be awaited, and it dies with the test. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Everything it printed so far, both streams. */
  output(): string;
  /** Resolves with the exit code, or with the signal's name when a signal ended it. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program; the test must dispose of it (`await using`). */
export function startChild(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Child {
  const child: ChildProcess = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  return {
    pid,
    ended,
    output: () => text,
    kill: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await once(child, 'close');
      clearTimeout(late);
    },
  };
}

/** Runs a Node program of this repository under the node that runs the test. */
export const startNode = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child =>
  startChild(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { env });
