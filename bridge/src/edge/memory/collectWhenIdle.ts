import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { makeIdleCheck } from './idleCheck.ts';

const LOOK_MS = 1_000;

type Collect = (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;

/**
 * Collects garbage at once, for the program is loaded, and whenever work has stopped: V8 collects when it has to make room, so what a burst has left stays until
 * the next one (measured: 435 MB resident a minute after a burst, 250 after a collection of 60 ms). It goes on until the process ends.
 */
export function collectWhenIdle(): void {
  // The function is there for contexts made after the flag; this one has none, and need not.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  const isDue = makeIdleCheck();
  // Loading the program leaves as much garbage as some seconds of work.
  collect({ type: 'major', flavor: 'last-resort' });
  let since = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const load = performance.eventLoopUtilization(now, since).utilization;
    since = now;
    const { total_heap_size: heap, external_memory: external } = getHeapStatistics();
    if (isDue({ load, heldBytes: heap + external })) {
      // The pages it keeps for next time go too.
      collect({ type: 'major', flavor: 'last-resort' });
    }
  }, LOOK_MS).unref();
}
