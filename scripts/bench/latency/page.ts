import type { PageFile } from '../benchmark.ts';
import { drawLines } from '../plot/lines.ts';
import type { LoadOptions } from '../programs/loadSource.ts';
import type { Point } from './points.ts';
import { PROBE_LIMIT_MS } from './run.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** The page and its drawing. */
export function latencyPage(
  capacity: number,
  points: readonly Point[],
  { devices, signals, window }: LoadOptions,
): readonly PageFile[] {
  const rows = points.map(({ name, rate, ackMs, eventMs, judgedRounds, runs }) => {
    const probe = (pick: (run: Point['runs'][number]) => number): string =>
      ms(Math.max(...runs.map(pick)));
    return (
      `| ${name === 'fixed' ? '–' : name} | ${whole(rate)} | ${ms(ackMs.p50)} | ${ms(ackMs.p99)} | ${ms(eventMs.p50)} | ${ms(eventMs.p99)} ` +
      `| ${probe((run) => run.probe.flushMs.p99)} | ${probe((run) => run.probe.loopMs.p99)} | ${probe((run) => run.heldBackMs)} | ${judgedRounds} of ${runs.length} |`
    );
  });
  const missing = points.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.missing, 0);
  const text = `# Latency

{{run}}

Capacity, measured first: ${whole(capacity)} messages a second. Milliseconds, medians of the rounds that are judged.

| of capacity | messages a second | ack p50 | ack p99 | event p50 | event p99 | probe: flush p99 | probe: timer p99 | held back | judged |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Must: acknowledgement p99 at 50,000 a second 25 ms (goal 10); event at 25 % of capacity 10/50 ms p50/p99 (goal 5/25).

![Latency by rate](latency.svg)

- **Acknowledgement**: PUBLISH written by the load source to PUBACK read by it; the message is on disk by then. **Event**: the same PUBLISH to the arrival of the event it opened at the org, over gRPC and TLS;
  the org answers at once. Clock: CLOCK_MONOTONIC, one for all processes. Events of this page that had not arrived five seconds after the last message: ${missing}.
- **Load**: ${whole(devices)} devices, four metrics, QoS 1, ${whole(window)} messages on the way at most, ${(signals * 100).toFixed(1)} % of the messages a signal; sent each millisecond what is due. *Held back*: by how much that was late at
  most, because the window was full or the CPU taken; what waited there is not in the other times.
- **Probe**: a process beside the bridge that flushes 4 KB every 20 ms to the same disk and looks how late a timer of 5 ms is; the worst round is shown. A round with a p99 above ${PROBE_LIMIT_MS} ms is reported and
  not judged, for then the machine was not ours: its times are those of the queue in front of disk or CPU. Where no round is judged the row holds the medians of all.
- Load source, bridge, org and probe share the cores of the machine: from half of the capacity on they wait for each other.
`;
  const inOrder = points.toSorted((a, b) => a.rate - b.rate);
  const series = (label: string, pick: (point: Point) => number) => ({
    label,
    points: inOrder.map((point) => [point.rate, pick(point)] as const),
  });
  const svg = drawLines(
    'Milliseconds by rate',
    {
      x: 'messages a second',
      y: 'ms',
      marks: [
        { label: 'event p99 ≤ 50 ms', y: 50 },
        { label: 'event p50 ≤ 10 ms', y: 10 },
      ],
    },
    [
      series('ack p50', ({ ackMs }) => ackMs.p50),
      series('ack p99', ({ ackMs }) => ackMs.p99),
      series('event p50', ({ eventMs }) => eventMs.p50),
      series('event p99', ({ eventMs }) => eventMs.p99),
    ],
  );
  return [
    { name: 'latency.md', text },
    { name: 'latency.svg', text: svg },
  ];
}
