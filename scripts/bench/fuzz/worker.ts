import { parentPort, workerData } from 'node:worker_threads';

import { z } from 'zod';

import { fuzzFrames } from './frames.ts';
import { fuzzPayloads } from './payloads.ts';
import type { Round } from './round.ts';

const rounds: Readonly<Record<string, Round>> = { frames: fuzzFrames, payloads: fuzzPayloads };
/** Between two reports; the watchdog waits for them. */
const REPORT_MS = 500;

const task = z
  .object({
    what: z.enum(['frames', 'payloads']),
    seed: z.number(),
    count: z.number(),
    /** The seed that is tried now, for the one who waits in vain. */
    current: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData);
const current = new Float64Array(task.current);
const round = rounds[task.what] ?? fuzzFrames;
const total = { tried: 0, read: 0, refused: 0 };
let reported = performance.now();
for (let seed = task.seed; total.tried < task.count; seed += 1) {
  current[0] = seed;
  try {
    const { tried, read, refused } = round(seed);
    total.tried += tried;
    total.read += read;
    total.refused += refused;
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ ...total, finding: `seed ${seed}: ${text}` }, []);
    break;
  }
  if (performance.now() - reported > REPORT_MS) {
    reported = performance.now();
    parentPort?.postMessage(total, []);
  }
}
parentPort?.postMessage({ ...total, done: true }, []);
