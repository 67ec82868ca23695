import { setTimeout as sleep } from 'node:timers/promises';

import type { Random } from '../../fleet/random.ts';
import type { Child } from '../../system/child.ts';

export const VICTIMS = ['bridge', 'org', 'broker'] as const;
export type VictimName = (typeof VICTIMS)[number];

/** A program that is killed and started again. */
export interface Victim {
  readonly name: VictimName;
  /** Starts it; resolves when it is ready. */
  start(): Promise<Child>;
  /** Starts it without waiting, for one that is killed before it is ready. */
  launch?(): Promise<Child>;
}

/** The victims as they run now. */
export interface Running {
  readonly victim: Victim;
  child: Child;
}

/** One of so many kills happens while its victim is still starting: recovery itself has to survive a kill. */
const SHARE_IN_START = 0.2;
/** Up to this long after its start; a bridge needs about a second. */
const IN_START_MS = 900;

/** Kills one or more of them at once with SIGKILL and brings them back, in random order and after random pauses. */
export async function killOnce(running: readonly Running[], random: Random): Promise<void> {
  const count = random.integer(1, running.length);
  const chosen = random.shuffle(running).slice(0, count);
  for (const { child } of chosen) child.kill('SIGKILL');
  await Promise.all(chosen.map(({ child }) => child.ended));
  for (const one of random.shuffle(chosen)) {
    await sleep(random.uniform() * 300);
    if (one.victim.launch !== undefined && random.uniform() < SHARE_IN_START) {
      const half = await one.victim.launch();
      await sleep(random.uniform() * IN_START_MS);
      half.kill('SIGKILL');
      await half.ended;
    }
    one.child = await one.victim.start();
  }
}
