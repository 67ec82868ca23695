import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { z } from 'zod';

/** A program of ours that says JSON objects, one a line, and may be asked for them. */
export interface LineProcess<T> extends AsyncDisposable {
  readonly pid: number;
  ask(request: object): void;
  /** The next thing it says that `choose` takes; rejects when the program ends first. */
  next<U extends T>(choose: (said: T) => said is U): Promise<U>;
}

/** @param errorsFile what it writes to its standard error is appended here */
export function startLineProcess<T>(
  script: string,
  args: readonly string[],
  said: z.ZodType<T>,
  errorsFile: string,
): LineProcess<T> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} could not be started`);
  bindToUs(child);
  const kept: T[] = [];
  const waiting: { readonly look: () => void; readonly fail: (error: Error) => void }[] = [];
  child.stderr.on('data', (chunk: Buffer) => appendFileSync(errorsFile, chunk));
  createInterface({ input: child.stdout }).on('line', (line) => {
    kept.push(said.parse(JSON.parse(line)));
    for (const entry of [...waiting]) entry.look();
  });
  child.once('exit', (code, signal) => {
    const error = new Error(`${script} ended (${signal ?? code}); see ${errorsFile}`);
    for (const { fail } of waiting.splice(0)) fail(error);
  });
  return {
    pid,
    ask: (request) => void child.stdin.write(`${JSON.stringify(request)}\n`),
    next: <U extends T>(choose: (one: T) => one is U) =>
      new Promise<U>((resolve, reject) => {
        const entry = {
          look: (): void => {
            const found = kept.find((one) => choose(one));
            if (found === undefined || !choose(found)) return;
            kept.splice(kept.indexOf(found), 1);
            waiting.splice(waiting.indexOf(entry), 1);
            resolve(found);
          },
          fail: reject,
        };
        waiting.push(entry);
        entry.look();
        if (hasEnded(child)) entry.fail(new Error(`${script} has ended; see ${errorsFile}`));
      }),
    [Symbol.asyncDispose]: () => endProcess(child, 'SIGTERM'),
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/** A program gets this long to end by itself; then it is killed. */
const END_MS = 12_000;

/** Takes a child along, however this process ends. */
export function bindToUs(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

/** Ends a child of ours and waits for it. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await ended;
  clearTimeout(late);
}
