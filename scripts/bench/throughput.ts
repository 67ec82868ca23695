import type { Benchmark } from './benchmark.ts';
import { bare } from './contestants/bare.ts';
import type { Contestant } from './contestants/contestant.ts';
import { naive } from './contestants/naive.ts';
import { nodeRed } from './contestants/nodeRed.ts';
import { ours } from './contestants/ours.ts';
import { nextRate, pairedRatio, summarise } from './throughput/rates.ts';
import type { Summary } from './throughput/rates.ts';
import { describeRound, throughputPage } from './throughput/page.ts';
import { runRound } from './throughput/round.ts';
import type { Round, RoundOptions } from './throughput/round.ts';
import { timeLeft } from './timeLeft.ts';

const LOAD = { devices: 10_000, signals: 0.01, window: 10_000 };
const FULL = { rounds: 5, warmMs: 5_000, measureMs: 10_000 };
const QUICK = { rounds: 2, warmMs: 3_000, measureMs: 5_000 };
/** Looking for a rate that can be kept up ends after so many tries. */
const TRIES = 5;

const CONTESTANTS: readonly Contestant[] = [
  bare,
  ours('ours', { charts: false }),
  ours('oursWithCharts', { charts: true }),
  nodeRed,
  naive,
];

/**
 * How many messages a second the whole durable pipeline takes and what each costs, against the MQTT library that only counts, Node-RED,
 * and the bridge one writes in an afternoon. All get the same load, by turns, every time as fresh processes.
 */
export const throughput: Benchmark = {
  about:
    'messages a second and CPU a message of the whole pipeline, against mqtt alone, Node-RED and a naive bridge',
  run: async ({ quick, say }) => {
    const { rounds: count, ...times } = quick ? QUICK : FULL;
    say(`${count} rounds of ${CONTESTANTS.length}, after a look for the rate of each`);
    const rates = new Map<Contestant, number>();
    for (const contestant of CONTESTANTS) {
      const short = { ...LOAD, warmMs: QUICK.warmMs, measureMs: QUICK.measureMs };
      rates.set(contestant, await findRate(contestant, short, say));
    }
    const rounds = new Map<Contestant, Round[]>(CONTESTANTS.map((one) => [one, []]));
    const startedAt = Date.now();
    let done = 0;
    for (let index = 0; index < count; index += 1) {
      for (const turn of CONTESTANTS.keys()) {
        const contestant = CONTESTANTS[(turn + index) % CONTESTANTS.length] ?? bare;
        const rate = rates.get(contestant) ?? Number.POSITIVE_INFINITY;
        const round = await runRound(contestant, { ...LOAD, ...times, rate });
        rounds.get(contestant)?.push(round);
        done += 1;
        const left = timeLeft(Date.now() - startedAt, done / (count * CONTESTANTS.length));
        say(`round ${index + 1} of ${count}, ${left}: ${describeRound(contestant.name, round)}`);
      }
    }
    return report(rounds, rates);
  },
};

/** The highest rate that is kept up: as fast as it goes, or where that leaves a rest, less. */
async function findRate(
  contestant: Contestant,
  options: Omit<RoundOptions, 'rate'>,
  say: (line: string) => void,
): Promise<number> {
  let rate = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const round = await runRound(contestant, { ...options, rate });
    say(`how fast? ${describeRound(contestant.name, round)}`);
    if (round.sustained) break;
    rate = nextRate(rate, round);
  }
  return rate;
}

function report(
  rounds: ReadonlyMap<Contestant, readonly Round[]>,
  rates: ReadonlyMap<Contestant, number>,
) {
  const summaries: Record<string, Summary & { readonly detail: readonly Round[] }> = {};
  for (const [contestant, detail] of rounds) {
    const offered = rates.get(contestant) ?? Number.POSITIVE_INFINITY;
    summaries[contestant.name] = { ...summarise(detail, offered), detail };
  }
  const of = (name: string, what: 'rates' | 'cpuUsOfRounds') => summaries[name]?.[what] ?? [];
  const data = {
    load: LOAD,
    ...summaries,
    ratioCpu: pairedRatio(of('bare', 'cpuUsOfRounds'), of('ours', 'cpuUsOfRounds')),
    ratioNodeRed: pairedRatio(of('ours', 'rates'), of('nodeRed', 'rates')),
  };
  const lines = Object.entries(summaries).map(([name, summary]) => describe(name, summary));
  const ratios =
    `messages a CPU second, ours to bare: ${data.ratioCpu.toFixed(2)}x; ` +
    `highest rates, ours to Node-RED: ${data.ratioNodeRed.toFixed(1)}x`;
  return {
    lines: [...lines, ratios],
    data,
    pages: throughputPage(summaries, data.ratioCpu, data.ratioNodeRed, LOAD),
  };
}

const describe = (name: string, { rate, cpuUs, sustainedRounds, rounds }: Summary): string =>
  `${name.padEnd(15)} ${Math.round(rate).toLocaleString('en-US').padStart(9)} messages/s   ` +
  `${cpuUs.toFixed(2).padStart(6)} µs CPU a message   kept up in ${sustainedRounds} of ${rounds} rounds`;
