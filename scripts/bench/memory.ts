import type { Benchmark } from './benchmark.ts';
import { memoryPage } from './memory/page.ts';
import { runMemory } from './memory/run.ts';
import type { MemoryRun } from './memory/run.ts';
import { marginalPerMillion, perMillion } from './memory/usage.ts';

/** Fewer signals than elsewhere would be another pipeline; at full speed they are the same 1 %. */
const LOAD = { signals: 0.01, window: 10_000, charts: false };
const FULL = { devices: [100_000, 1_000_000], heard: 12, patienceMs: 900_000 };
const QUICK = { devices: [50_000, 200_000], heard: 12, patienceMs: 240_000 };

/** What the bridge needs for many devices, with all detectors and every device heard a dozen times. */
export const memory: Benchmark = {
  about: 'resident memory with 100,000 and 1,000,000 devices × 4 metrics, above the empty process',
  run: async ({ quick, say }) => {
    const { devices, heard, patienceMs } = quick ? QUICK : FULL;
    const runs: MemoryRun[] = [];
    for (const count of devices) {
      const run = await runMemory({ ...LOAD, devices: count, heard, patienceMs, say });
      runs.push(run);
      say(describe(run));
    }
    const [few, many] = runs;
    if (few === undefined || many === undefined) throw new Error('two sizes are needed');
    const marginalMb = marginalPerMillion(few, many);
    const data = {
      load: { ...LOAD, heard },
      runs: runs.map((run) => ({ ...run, mbPerMillion: mbPerMillion(run) })),
      mbPerMillion: mbPerMillion(many),
      marginalMbPerMillion: marginalMb,
    };
    return {
      lines: [
        ...runs.map(describe),
        `further devices cost ${marginalMb.toFixed(0)} MB a million; what does not grow with them left out`,
      ],
      data,
      pages: memoryPage(runs, marginalMb, heard),
    };
  },
};

const mbPerMillion = ({ bytes, emptyBytes, devices }: MemoryRun): number =>
  perMillion(bytes, emptyBytes, devices);

function describe(run: MemoryRun): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
  const { devices, emptyBytes, bytes, peakBytes, usage, openedArrived, openedExpected } = run;
  return (
    `${devices.toLocaleString('en-US').padStart(9)} devices: ${mb(bytes)} MB resident, ${mb(emptyBytes)} when empty, at most ${mb(peakBytes)}; ` +
    `${mbPerMillion(run).toFixed(0)} MB a million; heap ${mb(usage.heapUsed)} of ${mb(usage.heapTotal)}, external ${mb(usage.external)}; ` +
    `${run.messages} messages in ${run.seconds.toFixed(0)} s, ${openedArrived} of ${openedExpected} Opened arrived`
  );
}
