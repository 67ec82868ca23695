import type { Benchmark } from './benchmark.ts';
import { ours } from './contestants/ours.ts';
import { latencyPage } from './latency/page.ts';
import { describeRun, summarisePoint } from './latency/points.ts';
import type { Point } from './latency/points.ts';
import { runLatency } from './latency/run.ts';
import type { LatencyRun } from './latency/run.ts';
import { runRound } from './throughput/round.ts';
import { nextRate } from './throughput/rates.ts';
import { timeLeft } from './timeLeft.ts';

const LOAD = { devices: 10_000, signals: 0.01, window: 10_000 };
const SHARES = [0.1, 0.25, 0.5, 0.75];
/** The rate that a goal is set for. */
const FIXED_RATE = 50_000;
const FULL = { rounds: 3, warmMs: 6_000, measureMs: 20_000 };
const QUICK = { rounds: 1, warmMs: 3_000, measureMs: 6_000 };
const TRIES = 5;

/** How long a message waits for its acknowledgement and for its event, at parts of what the bridge can take. */
export const latency: Benchmark = {
  about:
    'PUBLISH to PUBACK and PUBLISH to event, at 10, 25, 50 and 75 % of capacity and at 50,000 a second',
  run: async ({ quick, say }) => {
    const { rounds: count, ...times } = quick ? QUICK : FULL;
    const capacity = await findCapacity(say);
    say(`capacity: ${Math.round(capacity)} messages a second`);
    const asked = [
      ...SHARES.map((share) => ({ name: `${share * 100} %`, rate: Math.round(capacity * share) })),
      { name: 'fixed', rate: FIXED_RATE },
    ];
    const runs = new Map<string, LatencyRun[]>(asked.map(({ name }) => [name, []]));
    const startedAt = Date.now();
    let done = 0;
    for (let index = 0; index < count; index += 1) {
      for (const { name, rate } of asked) {
        const run = await runLatency({ ...LOAD, ...times, rate });
        runs.get(name)?.push(run);
        done += 1;
        const left = timeLeft(Date.now() - startedAt, done / (count * asked.length));
        say(`round ${index + 1} of ${count}, ${left}: ${describeRun(name, run)}`);
      }
    }
    const points: Point[] = asked.map(({ name, rate }) =>
      summarisePoint(name, rate, runs.get(name) ?? []),
    );
    return {
      lines: points.map(({ line }) => line),
      data: { load: LOAD, capacity, points },
      pages: latencyPage(capacity, points, LOAD),
    };
  },
};

/** The highest rate the bridge keeps up with, messages a second. */
async function findCapacity(say: (line: string) => void): Promise<number> {
  const contestant = ours('ours', { charts: false });
  let rate = Number.POSITIVE_INFINITY;
  for (let tries = 1; ; tries += 1) {
    const times = { warmMs: QUICK.warmMs, measureMs: QUICK.measureMs };
    const round = await runRound(contestant, { ...LOAD, ...times, rate });
    say(`how fast? ${Math.round(round.rate)} a second${round.sustained ? '' : ', not kept up'}`);
    if (round.sustained || tries === TRIES) return round.rate;
    rate = nextRate(rate, round);
  }
}
