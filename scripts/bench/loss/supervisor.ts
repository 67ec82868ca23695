import { setTimeout as sleep } from 'node:timers/promises';

import type { Child } from '../../system/child.ts';
import type { Contender } from './contender.ts';

/** Keeps a contender running as a service manager would: what dies by itself is started again after a second. */
export interface Supervisor extends AsyncDisposable {
  kill(): Promise<void>;
  start(): Promise<void>;
  /** How often it has died by itself. */
  crashes(): number;
  /** What it has said since its last start. */
  output(): string;
  /** The last of what it said before it died by itself. */
  lastWords(): string;
}

const RESTART_MS = 1_000;

export async function supervise(contender: Contender): Promise<Supervisor> {
  let child: Child | undefined;
  let crashes = 0;
  let lastWords = '';
  let wanted = true;

  async function start(): Promise<void> {
    wanted = true;
    const started = await contender.start();
    child = started;
    void watch(started);
  }

  async function watch(started: Child): Promise<void> {
    await started.ended;
    if (!wanted || child !== started) return;
    crashes += 1;
    lastWords = started.output().slice(-600);
    await sleep(RESTART_MS);
    if (wanted && child === started) await start();
  }

  async function kill(): Promise<void> {
    wanted = false;
    child?.kill('SIGKILL');
    await child?.ended;
  }

  await start();
  return {
    kill,
    start,
    crashes: () => crashes,
    output: () => child?.output() ?? '',
    lastWords: () => lastWords,
    [Symbol.asyncDispose]: kill,
  };
}
