import type { PageFile } from '../benchmark.ts';
import { drawBars } from '../plot/bars.ts';
import type { MemoryRun } from './run.ts';
import { perMillion } from './usage.ts';

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** The page and its drawing. */
export function memoryPage(
  runs: readonly MemoryRun[],
  marginalMb: number,
  heard: number,
): readonly PageFile[] {
  const rows = runs.map((run) => {
    const { devices, emptyBytes, bytes, peakBytes, usage } = run;
    return (
      `| ${devices.toLocaleString('en-US')} | ${mb(emptyBytes)} | ${mb(bytes)} | ${mb(peakBytes)} | ${mb(usage.heapUsed)} of ${mb(usage.heapTotal)} ` +
      `| ${mb(usage.external)} | **${perMillion(bytes, emptyBytes, devices).toFixed(0)}** | ${run.openedArrived} of ${run.openedExpected} |`
    );
  });
  const text = `# Memory by devices

{{run}}

Megabytes (10^6 bytes).

| devices | empty process | after | at most | heap in use | external | MB a million devices above empty | Opened that arrived |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Must: 400 MB a million devices × 4 metrics above the empty process (goal 300). From the smaller to the larger number of devices a million costs **${marginalMb.toFixed(0)} MB**: what does
not grow with the devices (buffers of log and network, the points kept for evidence up to their bound) is left out of this.

![Resident memory](memory.svg)

- Each device sends at full speed until it was heard ${heard} times at least; four metrics, a detector of another kind on each and silence on the device, as in [throughput](throughput.md), 1 % of
  the messages a signal, charts off. Then a pause of 25 s, for two snapshots to be written, and resident memory as the kernel counts it. *Empty* is the same process, connected, before the first message.
- *At most* holds everything that lives for a moment: snapshots, batches, garbage that V8 has not collected yet.
- What does not grow with the devices was measured apart (100,000 devices, heap snapshots and \`/proc/PID/smaps\`): about 27 MB of objects of V8 and 78 MB of typed arrays are in use, 32 MB of these for the points
  of evidence; everything above that was garbage: 134 MB of room for new objects, of which V8 gives nothing back by itself, 30 to 130 MB of old objects not collected yet, and up to 60 MB of socket buffers that single messages kept.
  So sockets are read into one buffer, \`npm run bridge\` lets the room for new objects grow to 2 × 16 MB and the heap to twice of what is in use (\`scripts/run/nodeOptions.mjs\`), and the bridge collects when it is idle.
- The library of C kept 40 to 50 MB more for later (the same command with \`--quick\`, interleaved: 246 and 301 MB with 50,000 and 200,000 devices, 198 and 248 MB with the settings of \`nodeOptions.mjs\`).
- Of what a million devices take some 230 MB are the numbers of detection (28 a device), 40 MB their keys, 24 MB places and times to look at them, 32 MB points of evidence, the rest objects of V8, buffers and the outbox.
- Heap and external are from \`process.memoryUsage()\` of the bridge itself, asked by a signal.
`;
  const svg = drawBars(
    'Resident memory in MB',
    runs.flatMap(({ devices, emptyBytes, bytes }) => [
      { label: 'empty', value: emptyBytes / 1e6, muted: true, shown: `${mb(emptyBytes)} MB` },
      {
        label: `${devices.toLocaleString('en-US')} devices`,
        value: bytes / 1e6,
        shown: `${mb(bytes)} MB`,
      },
    ]),
  );
  return [
    { name: 'memory.md', text },
    { name: 'memory.svg', text: svg },
  ];
}
