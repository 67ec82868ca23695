import type { PageFile } from '../benchmark.ts';
import { drawBars } from '../plot/bars.ts';
import type { LoadOptions } from '../programs/loadSource.ts';
import type { Summary } from './rates.ts';
import type { Round } from './round.ts';

type Detailed = Summary & { readonly detail: readonly Round[] };

/** Who is who, in the order of the tables. */
const TITLES: Readonly<Record<string, string>> = {
  bare: '`mqtt` 5.16, only counts',
  ours: 'the bridge, charts off',
  oursWithCharts: 'the bridge, charts on',
  nodeRed: 'Node-RED 4.1',
  naive: '`mqtt` + zod + public Pub/Sub client',
};

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** One round in a line. */
export function describeRound(name: string, round: Round): string {
  const { rate, cpuUs, opened, cleared, drainMs, sustained, troubles } = round;
  const signals =
    opened.expected === 0
      ? ''
      : `, ${opened.arrived} of ${opened.expected} Opened` +
        (cleared.expected === 0 ? '' : ` and ${cleared.arrived} of ${cleared.expected} Cleared`);
  return (
    `${name}: ${whole(rate)}/s, ${cpuUs.toFixed(2)} µs each${signals}; ` +
    `rest gone after ${whole(drainMs)} ms${sustained ? '' : ' (did not keep up)'}` +
    troubles.map((trouble) => `; ${trouble}`).join('')
  );
}

/** The page and its two drawings. */
export function throughputPage(
  summaries: Readonly<Record<string, Detailed>>,
  ratioCpu: number,
  ratioNodeRed: number,
  { devices, signals, window }: LoadOptions,
): readonly PageFile[] {
  const all = Object.entries(summaries);
  const title = (name: string): string => TITLES[name] ?? name;
  const rows = all.map(([name, { rate, cpuUs, rates, cpuUsOfRounds, sustainedRounds, rounds }]) => {
    const range = (values: readonly number[], show: (value: number) => string): string =>
      `${show(Math.min(...values))}–${show(Math.max(...values))}`;
    const micro = (value: number): string => value.toFixed(2);
    return (
      `| ${title(name)} | ${whole(rate)} (${range(rates, whole)}) ` +
      `| ${micro(cpuUs)} (${range(cpuUsOfRounds, micro)}) | ${sustainedRounds} of ${rounds} | ${arrived(summaries[name])} |`
    );
  });
  const text = `# Throughput of the whole pipeline

{{run}}

| | messages a second, median (range) | CPU a message in µs, median (range) | kept up | signals that arrived |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Messages a CPU second, ours to the bare subscriber: **${ratioCpu.toFixed(2)}×** (must be 1.5, goal 2.0).
Highest rates, ours to Node-RED: **${ratioNodeRed.toFixed(1)}×** (must be 8, goal 15).
Both are medians of the ratios of rounds that stood side by side.

![CPU a message](throughput-cpu.svg)

![Messages a second](throughput-rate.svg)

- **Load.** ${whole(devices)} devices, each message JSON with four metrics (about 130 bytes), QoS 1, MQTT 5, ${whole(window)} messages on the way at most, from a fake broker
  that sends encoded frames and is never the limit (\`scripts/bench/load\`). Of all messages ${(signals * 100).toFixed(1)} % are signals: one in ${whole(2 / signals)} takes a device beyond its limit, a later one
  brings it back; each time it is a new episode. The peers say only the first of the two.
- **Ours** is the bridge as it ships, but for the cap on signal rows a day (10,000 unless set), which is lifted: a benchmark publishes in a minute what an org takes in weeks. Commit before acknowledgement, validation, a detector of another kind on each metric and silence on the device, episodes, outbox, one gRPC stream over TLS,
  receipts. What must have arrived is counted by the load source, what did by the org. **Node-RED**: MQTT in, JSON, a function with EWMA and a limit, MQTT out with QoS 0. **Naive**: the same function,
  one publish an event. Both acknowledge first and keep nothing on disk. **Bare** subscribes and counts.
- **CPU** is that of all processes of a contestant, user and system, from the end of its warm-up until nothing was left to do. **Kept up**: what waited did not grow while it was measured, and
  nothing was missing in the end. Who did not keep up at full speed was asked for less until it did.
- Every round starts every program anew, contestants by turns, each time in another order. Wall clock rates swing with what else the machine does; CPU times and ratios within a round swing less.
`;
  return [
    { name: 'throughput.md', text },
    {
      name: 'throughput-cpu.svg',
      text: drawBars(
        'CPU a message in µs (dots: rounds); shorter is better',
        all.map(([name, { cpuUs, cpuUsOfRounds }]) => ({
          label: name,
          value: cpuUs,
          muted: name === 'bare',
          dots: cpuUsOfRounds,
          shown: `${cpuUs.toFixed(2)} µs`,
        })),
      ),
    },
    {
      name: 'throughput-rate.svg',
      text: drawBars(
        'Messages a second (dots: rounds); longer is better',
        all.map(([name, { rate, rates }]) => ({
          label: name,
          value: rate,
          muted: name === 'bare',
          dots: rates,
          shown: `${whole(rate)}/s`,
        })),
      ),
    },
  ];
}

function arrived(summary: Detailed | undefined): string {
  const sum = (pick: (round: Round) => number): number =>
    (summary?.detail ?? []).reduce((total, round) => total + pick(round), 0);
  const expected = sum(({ opened, cleared }) => opened.expected + cleared.expected);
  if (expected === 0) return '–';
  return `${whole(sum(({ opened, cleared }) => opened.arrived + cleared.arrived))} of ${whole(expected)}`;
}
