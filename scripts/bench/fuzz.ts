import type { Benchmark } from './benchmark.ts';
import { fuzz as fuzzOne } from './fuzz/run.ts';
import { fuzzPage } from './fuzz/page.ts';
import type { FuzzResult } from './fuzz/run.ts';

const COUNT = { full: 10_000_000, quick: 200_000 };

/** Random and damaged bytes against what reads them, side by side with somebody else's reading of the same. */
export const fuzz: Benchmark = {
  about: `${COUNT.full.toLocaleString('en-US')} MQTT frames and as many payloads, damaged and made up: nothing crashes or hangs, what is bad is refused`,
  run: async ({ quick, say }) => {
    const count = quick ? COUNT.quick : COUNT.full;
    const seed = Number(process.env['BENCH_SEED'] ?? Math.floor(Math.random() * 2 ** 30));
    say(`seed ${seed} (BENCH_SEED=${seed} repeats it)`);
    const results = await Promise.all([
      fuzzOne('frames', seed, count, say),
      fuzzOne('payloads', seed, count, say),
    ]);
    const findings = results.flatMap((result) => result.findings);
    if (findings.length > 0) process.exitCode = 1;
    return {
      lines: [...results.map(describe), ...findings],
      data: { results },
      pages: fuzzPage(results),
    };
  },
};

function describe({ what, tried, read, refused, seconds, findings }: FuzzResult): string {
  const number = (value: number): string => Math.round(value).toLocaleString('en-US');
  return (
    `${what.padEnd(9)} ${number(tried)} tried in ${number(seconds)} s (${number(tried / seconds)}/s): ` +
    `${number(read)} read, ${number(refused)} refused with a reason, ${findings.length} crashes, hangs or wrong answers`
  );
}
