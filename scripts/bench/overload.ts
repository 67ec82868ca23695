import type { Benchmark } from './benchmark.ts';
import { overloadPage } from './overload/page.ts';
import { runOverload } from './overload/run.ts';

/** More than the bridge can take: it takes what it can, loses nothing of it, and stays as large as it is. */
export const overload: Benchmark = {
  about:
    'twice the capacity for a minute: what is acknowledged is safe, memory is bounded, signals still flow',
  run: async ({ quick, say }) => {
    say('measuring the capacity, then offering twice as much');
    const times = quick
      ? { capacityMs: 4_000, overloadMs: 10_000 }
      : { capacityMs: 10_000, overloadMs: 60_000 };
    const result = await runOverload(times);
    const { capacity, seconds, acknowledged, logged, opened, cleared, repeats, eventMs } = result;
    const most = Math.max(...seconds.map(({ residentMb }) => residentMb));
    return {
      lines: [
        `capacity ${capacity}/s, offered ${2 * capacity}/s for ${seconds.length} s`,
        `${acknowledged} acknowledged, ${logged} records in the log, ${Math.max(0, acknowledged - logged)} lost`,
        `${opened.expected} episodes begun, ${opened.arrived} events; ${cleared.expected} ended, ${cleared.arrived} events; ${repeats} repeats`,
        `event p50 ${eventMs.p50.toFixed(0)} ms, p99 ${eventMs.p99.toFixed(0)} ms; at most ${most.toFixed(0)} MB resident`,
      ],
      data: { ...result },
      pages: overloadPage(result),
    };
  },
};
