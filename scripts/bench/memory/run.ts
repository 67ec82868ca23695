import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startLoadedBridge } from '../contestants/loadedBridge.ts';
import type { LoadOptions } from '../programs/loadSource.ts';
import { peakResidentBytes, residentBytes } from '../programs/usage.ts';
import { timeLeft } from '../timeLeft.ts';
import { askMemory } from './usage.ts';
import type { MemoryUsage } from './usage.ts';

export interface MemoryOptions extends LoadOptions {
  readonly charts: boolean;
  /** Each device is heard at least so often. */
  readonly heard: number;
  /** What it may take until all is heard and processed. */
  readonly patienceMs: number;
  readonly say: (line: string) => void;
}

export interface MemoryRun {
  readonly devices: number;
  readonly charts: boolean;
  /** Connected and subscribed, nothing heard yet; bytes resident. */
  readonly emptyBytes: number;
  /** After all was heard, processed and published, and a pause. */
  readonly bytes: number;
  /** The most it ever had. */
  readonly peakBytes: number;
  readonly usage: MemoryUsage;
  readonly messages: number;
  readonly openedExpected: number;
  readonly openedArrived: number;
  readonly seconds: number;
}

const EMPTY_MS = 5_000;
/** Longer than two snapshots are apart, and V8 has time to give back what it does not need. */
const PAUSE_MS = 25_000;
const LOOK_MS = 1_000;
const LOOKS_PER_LINE = 15;

/** The bridge with so many devices. */
export async function runMemory(options: MemoryOptions): Promise<MemoryRun> {
  const { devices, signals, window, charts, heard, patienceMs, say } = options;
  const preload = join(import.meta.dirname, 'tellMemory.ts');
  await using stage = await startLoadedBridge({
    ...{ name: 'memory', charts, devices, signals, window },
    nodeArgs: () => ['--import', preload],
    env: (folder) => ({ BENCH_MEMORY_FILE: join(folder, 'memory.json') }),
  });
  const { source, org, bridge, folder } = stage;
  await sleep(EMPTY_MS);
  const emptyBytes = residentBytes(bridge.pid);

  const begin = Date.now();
  const wanted = devices * heard;
  source.setRate(Number.POSITIVE_INFINITY);
  let stopped = false;
  let looks = 0;
  for (;;) {
    await sleep(LOOK_MS);
    const { counts } = await source.report(true);
    if (!stopped && counts.sent >= wanted) {
      source.setRate(0);
      stopped = true;
    }
    const { processed = 0 } = await bridge.work();
    const arrived = (await org.report()).counts.opened;
    looks += 1;
    if (looks % LOOKS_PER_LINE === 0) {
      const of = Math.max(wanted, counts.sent);
      const left = timeLeft(Date.now() - begin, processed / of);
      say(`${devices} devices: ${processed} of ${of} messages processed, ${left}`);
    }
    if (stopped && processed >= counts.sent && arrived >= counts.beyond) break;
    if (Date.now() - begin > patienceMs) {
      say(`gave up after ${patienceMs / 1_000} s: ${processed} of ${wanted} processed`);
      source.setRate(0);
      break;
    }
  }
  const seconds = (Date.now() - begin) / 1_000;
  await sleep(PAUSE_MS);
  const usage = await askMemory(bridge.pid, join(folder, 'memory.json'));
  const { counts } = await source.report();
  return {
    devices,
    charts,
    emptyBytes,
    bytes: residentBytes(bridge.pid),
    peakBytes: peakResidentBytes(bridge.pid),
    usage,
    messages: counts.acknowledged,
    openedExpected: counts.beyond,
    openedArrived: (await org.report()).counts.opened,
    seconds,
  };
}
