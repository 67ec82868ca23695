import type { ChildProcess } from 'node:child_process';

/** A run that was asked to end: its tests have ended, and nothing may follow them. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly forPeople = true;
}

/**
 * Waits for a runner of tests and answers whether it ended well. A SIGTERM meanwhile is passed on to it.
 * @throws Ended after a SIGTERM, when the runner is gone
 */
export async function untilEnded(runner: ChildProcess): Promise<boolean> {
  let ended = false;
  const stop = (signal: NodeJS.Signals): void => {
    ended = true;
    runner.kill(signal);
  };
  process.once('SIGTERM', stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      runner.once('error', reject);
      runner.once('close', resolve);
    });
    if (ended) throw new Ended('The tests were ended by SIGTERM.');
    return code === 0;
  } finally {
    process.off('SIGTERM', stop);
  }
}
