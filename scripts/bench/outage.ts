import type { Benchmark } from './benchmark.ts';
import { failures, outagePage } from './outage/page.ts';
import { runOutage } from './outage/run.ts';

/** Signals are what the org would get in an hour of real life: a few a second. */
const SIZES = {
  full: { readings: 18_000_000, signals: 0.001 },
  quick: { readings: 600_000, signals: 0.002 },
};

/** An hour of readings with the org away: nothing is lost, memory is bounded, the drain is paced. */
export const outage: Benchmark = {
  about:
    '18 M readings while the org is away, then an hour later it is back: nothing lost, memory bounded, paced drain',
  run: async ({ quick, say }) => {
    const size = quick ? SIZES.quick : SIZES.full;
    say(
      `${size.readings.toLocaleString('en-US')} readings: about ${quick ? 1 : 5} min on two idle cores`,
    );
    const result = await runOutage({ ...size, say });
    const failed = failures(result);
    if (failed.length > 0) process.exitCode = 1;
    const { acknowledged, logged, expected, arrived, repeats, mostMb, diskMb } = result;
    return {
      lines: [
        `${acknowledged} acknowledged in ${result.feedSeconds.toFixed(0)} s, ${logged} records in the log, ${Math.max(0, acknowledged - logged)} lost`,
        `${expected} signals had to arrive, ${arrived} did, ${expected - arrived} lost, ${repeats} repeats`,
        `drained in ${result.drainSeconds.toFixed(0)} s, ${result.fastest} in the fastest second; at most ${mostMb.toFixed(0)} MB resident, ${diskMb.toFixed(0)} MB of disk`,
        failed.length === 0 ? 'holds' : `DOES NOT HOLD: ${failed.join('; ')}`,
      ],
      data: { ...result, failures: failed },
      pages: outagePage(result, size.readings),
    };
  },
};
