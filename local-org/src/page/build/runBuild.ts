import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';

import type { BuildProgress, BuildRequest, BuildResult } from './build.ts';
import type { BuildProblem } from './problem.ts';
import type { FromBuild } from './process.ts';

/** How a build ended. */
export type BuildOutcome =
  | { readonly kind: 'built'; readonly result: BuildResult }
  | { readonly kind: 'failed'; readonly problem: BuildProblem };

/** A build under way. */
export interface RunningBuild {
  readonly outcome: Promise<BuildOutcome>;
  /** Ends it at once; its outcome is then a failure. */
  stop(): void;
}

/** Niceness of the build: the org's own answers come first. */
const NICE = 5;

/** Builds pages in a process of its own. */
export function runBuild(
  request: BuildRequest,
  progress: (now: BuildProgress) => void,
): RunningBuild {
  const child = fork(join(import.meta.dirname, 'process.ts'), {
    // Type stripping of the browser's modules is experimental as an API, which is no news to users.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  if (child.pid !== undefined) setPriority(child.pid, NICE);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const outcome = new Promise<BuildOutcome>((resolve) => {
    child.on('message', (message: FromBuild) => {
      if (message.kind === 'progress') progress(message.progress);
      if (message.kind === 'done') resolve({ kind: 'built', result: message.result });
      if (message.kind === 'failed') resolve({ kind: 'failed', problem: message.problem });
    });
    const end = (reason: string): void =>
      resolve({ kind: 'failed', problem: { message: `The build ended: ${reason}` } });
    child.on('error', (error) => end(error.message));
    // The last message may still be on its way when the process has ended; not when its channel has.
    void Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(([[code, signal]]) =>
      end(errors.trim() || String(signal ?? `exit code ${String(code)}`)),
    );
  });
  child.send(request);
  return { outcome, stop: () => child.kill('SIGKILL') };
}
