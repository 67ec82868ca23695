import type { PageFile } from '../benchmark.ts';
import { drawLines } from '../plot/lines.ts';
import type { OverloadResult } from './run.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The page and its drawing. */
export function overloadPage(result: OverloadResult): readonly PageFile[] {
  const { capacity, seconds, acknowledged, logged, opened, cleared, repeats, eventMs } = result;
  const most = Math.max(...seconds.map(({ residentMb }) => residentMb));
  const text = `# Twice the capacity

{{run}}

| | |
| --- | --- |
| capacity, measured first | ${whole(capacity)} messages a second |
| offered | ${whole(2 * capacity)} a second for ${seconds.length} s |
| acknowledged by the bridge | ${whole(acknowledged)} |
| records in the log's files (a tick each second among them) | ${whole(logged)} |
| **acknowledged and not in the log** | **${whole(Math.max(0, acknowledged - logged))}** |
| episodes begun by acknowledged messages → events at the org | ${whole(opened.expected)} → ${whole(opened.arrived)} |
| episodes ended → events at the org | ${whole(cleared.expected)} → ${whole(cleared.arrived)} |
| events that arrived twice | ${whole(repeats)} |
| event p50 / p99 under the overload | ${whole(eventMs.p50)} / ${whole(eventMs.p99)} ms |
| resident memory, most | ${whole(most)} MB |

![Memory, messages and events over time](overload.svg)

What the bridge does not acknowledge stays with the broker: in the end the source was ${whole(result.behind)} messages behind. Counted by the load source (what was sent and acknowledged), by the org (what
arrived, each key once) and by a reader of the log's files of its own. 10,000 devices, four metrics, QoS 1, 10,000 messages on the way at most, 1 % of them signals. All processes share the cores.
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
