import type { PageFile } from '../benchmark.ts';
import { median } from '../numbers.ts';
import { drawLines } from '../plot/lines.ts';
import type { OverloadResult } from './run.ts';
import { isBounded, LIMIT_MB, OVERLOADED, silentSeconds } from './verdict.ts';
import type { Second } from './verdict.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** What the run shows to be wrong, or that it shows nothing; empty: all holds. */
export function failures(result: OverloadResult): readonly string[] {
  const { judged, acknowledged, logged, opened, cleared, repeats, seconds } = result;
  const silent = silentSeconds(seconds);
  return [
    ...(judged
      ? []
      : ['the bridge was never behind: what was offered was taken, nothing is judged']),
    ...(acknowledged > logged ? [`${acknowledged - logged} acknowledged messages lost`] : []),
    ...(opened.arrived < opened.expected ? ['episodes without their event'] : []),
    ...(cleared.arrived < cleared.expected ? ['ends of episodes without their event'] : []),
    ...(repeats > 0 ? [`${repeats} events twice`] : []),
    ...(isBounded(seconds) ? [] : [`memory grows, or is above ${LIMIT_MB} MB`]),
    ...(silent > 0 ? [`${silent} seconds without an event`] : []),
  ];
}

/** The page and its drawing. */
export function overloadPage(result: OverloadResult): readonly PageFile[] {
  const {
    capacity,
    windows,
    offered,
    seconds,
    taken,
    behind,
    acknowledged,
    logged,
    opened,
    cleared,
    repeats,
    eventMs,
  } = result;
  const most = Math.max(...seconds.map(({ residentMb }) => residentMb));
  const failed = failures(result);
  const half = Math.ceil(seconds.length / 2);
  const typical = (part: readonly Second[]): string =>
    whole(median(part.map(({ residentMb }) => residentMb)));
  const text = `# Twice the capacity

{{run}}

${failed.length === 0 ? 'The bridge was behind all the time; nothing acknowledged is lost, memory is bounded, signals flow.' : `**${failed.join('; ')}.**`}

| | |
| --- | --- |
| capacity: at full speed, the best of ${windows.length} windows (${windows.map(whole).join(', ')}) | ${whole(capacity)} messages a second, acknowledged and processed |
| offered | ${whole(offered)} a second for ${seconds.length} s |
| taken of it, and by how much the source was behind in the end | ${whole(taken)} of ${whole(offered * seconds.length)}; ${whole(behind)} messages |
| acknowledged by the bridge | ${whole(acknowledged)} |
| records in the log's files (a tick each second among them) | ${whole(logged)} |
| **acknowledged and not in the log** | **${whole(Math.max(0, acknowledged - logged))}** |
| episodes begun by acknowledged messages → events at the org | ${whole(opened.expected)} → ${whole(opened.arrived)} |
| episodes ended → events at the org | ${whole(cleared.expected)} → ${whole(cleared.arrived)} |
| events that arrived twice | ${whole(repeats)} |
| event p50 / p99 under the overload | ${whole(eventMs.p50)} / ${whole(eventMs.p99)} ms |
| seconds without an event at the org | ${silentSeconds(seconds)} of ${seconds.length} |
| resident memory: median of the first half, of the second, most (limit ${LIMIT_MB}) | ${typical(seconds.slice(0, half))}, ${typical(seconds.slice(half))}, ${whole(most)} MB |

![Memory, messages and events over time](overload.svg)

What the bridge does not acknowledge stays with the broker, here the load source. A run in which more than ${OVERLOADED * 100} % of the offer was taken shows nothing and says so; it offers twice what was taken first, three times at most.
Counted by the load source (what was sent and acknowledged), by the org (what arrived, each key once) and by a reader of the log's files of its own. 10,000 devices, four metrics, QoS 1, 10,000 messages on
the way at most, 1 % of them signals. All processes share the cores.
`;
  const svg = drawLines('Under twice the capacity', { x: 'seconds', y: '' }, [
    {
      label: 'messages/s',
      points: seconds.map((one) => [one.second, Math.max(1, one.acknowledged)]),
    },
    { label: 'MB resident', points: seconds.map((one) => [one.second, one.residentMb]) },
    { label: 'events/s', points: seconds.map((one) => [one.second, Math.max(1, one.events)]) },
  ]);
  return [
    { name: 'overload.md', text },
    { name: 'overload.svg', text: svg },
  ];
}
