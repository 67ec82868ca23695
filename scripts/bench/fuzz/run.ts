import { Worker } from 'node:worker_threads';

import { z } from 'zod';

import { timeLeft } from '../timeLeft.ts';

const report = z.object({
  tried: z.number(),
  read: z.number(),
  refused: z.number(),
  finding: z.string().optional(),
  done: z.boolean().optional(),
});

export interface FuzzResult {
  readonly what: 'frames' | 'payloads';
  readonly seed: number;
  readonly tried: number;
  readonly read: number;
  readonly refused: number;
  readonly seconds: number;
  /** What must not happen and did: a crash, a hang, a wrong answer, with its seed. */
  readonly findings: readonly string[];
}

/** Nothing that is tried takes a hundredth of it. */
const HANG_MS = 20_000;

/** Fuzzes in a thread of its own, which a watchdog ends when it has not moved for `HANG_MS`. */
export function fuzz(
  what: FuzzResult['what'],
  seed: number,
  count: number,
  say: (line: string) => void,
): Promise<FuzzResult> {
  const startedAt = performance.now();
  const current = new SharedArrayBuffer(8);
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: { what, seed, count, current },
  });
  const findings: string[] = [];
  let total = { tried: 0, read: 0, refused: 0 };
  let tenth = 0;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(watchdog);
      void worker.terminate();
      resolve({ what, seed, ...total, seconds: (performance.now() - startedAt) / 1_000, findings });
    };
    const watchdog = setTimeout(() => {
      findings.push(`seed ${new Float64Array(current)[0]}: no end within ${HANG_MS / 1_000} s`);
      end();
    }, HANG_MS);
    worker.on('message', (message) => {
      const { finding, done, ...counts } = report.parse(message);
      watchdog.refresh();
      total = counts;
      if (finding !== undefined) findings.push(finding);
      if (Math.floor((10 * total.tried) / count) > tenth && done !== true) {
        tenth = Math.floor((10 * total.tried) / count);
        const tried = `${total.tried.toLocaleString('en-US')} of ${count.toLocaleString('en-US')}`;
        say(`  ${what}: ${tried}, ${timeLeft(performance.now() - startedAt, total.tried / count)}`);
      }
      if (done === true) end();
    });
    worker.on('error', (error) => {
      findings.push(`seed ${new Float64Array(current)[0]}: the thread died: ${String(error)}`);
      end();
    });
  });
}
