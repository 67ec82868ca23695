import type { Benchmark } from './benchmark.ts';
import { failures, overloadPage } from './overload/page.ts';
import { runOverload } from './overload/run.ts';

/** More than the bridge can take: it takes what it can, loses nothing of it, and stays as large as it is. */
export const overload: Benchmark = {
  about:
    'twice the capacity for a minute: what is acknowledged is safe, memory is bounded, signals still flow',
  run: async ({ quick, say }) => {
    const times = quick
      ? { windows: 3, windowMs: 4_000, overloadMs: 15_000 }
      : { windows: 6, windowMs: 5_000, overloadMs: 60_000 };
    say(`first the capacity, then twice as much: about ${quick ? 1 : 3} min`);
    const result = await runOverload({ ...times, say });
    const { capacity, offered, seconds, acknowledged, logged, opened, cleared, repeats, eventMs } =
      result;
    const most = Math.max(...seconds.map(({ residentMb }) => residentMb));
    const failed = failures(result);
    if (failed.length > 0) process.exitCode = 1;
    return {
      lines: [
        `capacity ${capacity}/s, the best of ${result.windows.join(', ')}; offered ${offered}/s for ${seconds.length} s, ${result.taken} taken, ${result.behind} behind in the end`,
        `${acknowledged} acknowledged, ${logged} records in the log, ${Math.max(0, acknowledged - logged)} lost`,
        `${opened.expected} episodes begun, ${opened.arrived} events; ${cleared.expected} ended, ${cleared.arrived} events; ${repeats} repeats`,
        `event p50 ${eventMs.p50.toFixed(0)} ms, p99 ${eventMs.p99.toFixed(0)} ms; at most ${most.toFixed(0)} MB resident`,
        failed.length === 0 ? 'holds' : `DOES NOT HOLD: ${failed.join('; ')}`,
      ],
      data: { ...result, sent: undefined, arrivals: undefined, failures: failed },
      pages: overloadPage(result),
    };
  },
};
