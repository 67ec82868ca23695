import type { PageFile } from '../benchmark.ts';
import { median as middle } from '../numbers.ts';
import { drawLines } from '../plot/lines.ts';
import type { OutageResult, Sample } from './run.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
/** Points of a line; more cannot be told apart. */
const POINTS = 12;

/** What may be resident. */
export const LIMIT_MB = 256;

/** What the run shows to be wrong; empty: all holds. */
export function failures(result: OutageResult): readonly string[] {
  const { acknowledged, logged, expected, arrived, repeats, mostMb } = result;
  return [
    ...(acknowledged > logged ? [`${acknowledged - logged} acknowledged messages lost`] : []),
    ...(arrived < expected ? [`${expected - arrived} signals lost`] : []),
    ...(repeats > 0 ? [`${repeats} events twice`] : []),
    ...(mostMb > LIMIT_MB ? [`${whole(mostMb)} MB resident, ${LIMIT_MB} is the limit`] : []),
  ];
}

/** The page and its drawing. */
export function outagePage(result: OutageResult, readings: number): readonly PageFile[] {
  const { acknowledged, logged, expected, arrived, repeats, feedSeconds, drainSeconds, samples } =
    result;
  const failed = failures(result);
  const peak = samples.toSorted((a, b) => b.residentMb - a.residentMb)[0];
  const median = (pick: (sample: Sample) => number): string => whole(middle(samples.map(pick)));
  const text = `# An hour without the org

{{run}}

${failed.length === 0 ? 'Nothing is lost, memory is bounded, the drain is paced.' : `**${failed.join('; ')}.**`}

| | |
| --- | --- |
| readings fed while the org was away | ${whole(readings)}, as fast as they were taken: ${whole(feedSeconds)} s |
| acknowledged by the bridge | ${whole(acknowledged)} |
| records the log has held (a tick each second among them) | ${whole(logged)} |
| **acknowledged and not in the log** | **${whole(Math.max(0, acknowledged - logged))}** |
| signals that had to arrive → arrived | ${whole(expected)} → ${whole(arrived)} |
| **lost** | **${whole(expected - arrived)}** |
| events that arrived twice | ${whole(repeats)} |
| drain | ${whole(drainSeconds)} s; ${whole(result.fastest)} events in its fastest second |
| resident memory, most (limit ${LIMIT_MB} MB) | ${whole(result.mostMb)} MB |
| disk, most | ${whole(result.diskMb)} MB |

| MB | resident | of its own | pages of files | heap: room | heap: in use | buffers outside |
| --- | --- | --- | --- | --- | --- | --- |
| median | ${[median((one) => one.residentMb), median((one) => one.ownMb), median((one) => one.filesMb), median((one) => one.heapMb), median((one) => one.heapUsedMb), median((one) => one.externalMb)].join(' | ')} |
| at the most resident | ${[peak?.residentMb, peak?.ownMb, peak?.filesMb, peak?.heapMb, peak?.heapUsedMb, peak?.externalMb].map((mb) => whole(mb ?? 0)).join(' | ')} |

![Memory and events over time](outage.svg)

An hour at 5,000 readings a second, compressed. Before the org came back the bridge's clock was moved an hour on (a module loaded before the bridge changes \`Date\`; the bridge knows nothing of it), so
that everything that is due by time was due. The org and the door in front of it are processes of the benchmark; events are counted there, each key once. The log needs \`log.maxBytes\` (2 GB unless set) and a
segment more; processed messages go when it is full, signals wait in SQLite.
`;
  const series = (label: string, pick: (sample: Sample) => number) => ({
    label,
    points: thin(samples).map((sample) => [sample.second, Math.max(1, pick(sample))] as const),
  });
  const svg = drawLines(
    'While the org is away, and after',
    { x: 'seconds', y: '', marks: [{ label: `${LIMIT_MB} MB`, y: LIMIT_MB }] },
    [
      series('MB resident', ({ residentMb }) => residentMb),
      series('events so far', ({ events }) => events),
      series('readings so far', ({ acknowledged: so }) => so),
    ],
  );
  return [
    { name: 'outage.md', text },
    { name: 'outage.svg', text: svg },
  ];
}

function thin(samples: readonly Sample[]): readonly Sample[] {
  const step = Math.max(1, Math.floor(samples.length / POINTS));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
}
