import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';

/** How a child ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  /** Writes one line to its standard input; only where it listens. */
  say(line: string): void;
  /** Asks it to end by SIGTERM and waits; kills it when it does not. */
  stop(): Promise<Exit>;
}

export interface ChildSpec {
  readonly name: string;
  /** Arguments for this same node: the script first. */
  readonly args: readonly string[];
  /** Standard output and error go here, from an empty file. */
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** True where ending with code 0 is the child's task, not a failure. */
  readonly mayEnd?: boolean;
  /** True where `say` is used. */
  readonly listens?: boolean;
}

/** The processes of one demo, started and ended by it. */
export interface Children extends AsyncDisposable {
  start(spec: ChildSpec): Promise<Child>;
  /** Aborted with an Error for a person when a child ends that should not have. */
  readonly failure: AbortSignal;
}

/** A child gets this long to end by itself; then it is killed. */
const STOP_TIMEOUT_MS = 8_000;
const LAST_LINES = 12;

/** Disposing ends all children, the last started first, so that nobody loses whom it talks to. */
export function makeChildren(): Children {
  const failure = new AbortController();
  const running: Child[] = [];
  let stopping = false;

  const fail = async (spec: ChildSpec, exit: Exit): Promise<void> => {
    if (stopping || (spec.mayEnd === true && exit.code === 0)) return;
    const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
    const lines = (await readFile(spec.logFile, 'utf8').catch(() => '')).trimEnd().split('\n');
    failure.abort(
      new Error(
        `${spec.name} ended unexpectedly ${how}. Its last lines (${spec.logFile}):\n` +
          lines
            .slice(-LAST_LINES)
            .map((line) => `  ${line.slice(0, 500)}`)
            .join('\n'),
      ),
    );
  };

  return {
    failure: failure.signal,
    start: async (spec) => {
      const log = await open(spec.logFile, 'w');
      const child = spawn(process.execPath, spec.args, {
        stdio: [spec.listens === true ? 'pipe' : 'ignore', log.fd, log.fd],
        env: { ...process.env, ...spec.env },
      });
      await log.close();
      // A line to a child that has just ended is nobody's failure.
      child.stdin?.on('error', () => undefined);
      const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
      const exited = new Promise<Exit>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, signal) => resolve({ code, signal }));
      });
      exited.then((exit) => fail(spec, exit)).catch((error: unknown) => failure.abort(error));
      const started: Child = {
        name: spec.name,
        exited,
        isRunning,
        say: (line) => child.stdin?.write(`${line}\n`),
        stop: async () => {
          if (isRunning()) {
            child.kill('SIGTERM');
            const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
            await exited.finally(() => clearTimeout(killTimer));
          }
          return exited;
        },
      };
      running.push(started);
      return started;
    },
    [Symbol.asyncDispose]: async () => {
      stopping = true;
      for (const child of running.reverse()) await child.stop().catch(() => undefined);
    },
  };
}
