import type { PageFile } from '../benchmark.ts';
import type { IdentityRun } from '../identity.ts';

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);

export function identityPage(runs: readonly IdentityRun[]): readonly PageFile[] {
  const rows = runs.map(({ devices, first, notice, everything, fileBytes }) => {
    const start = first.beforeBytes;
    return (
      `| ${devices.toLocaleString('en-US')} | **${first.calls}** | ${first.seconds.toFixed(1)} (${first.cpuSeconds.toFixed(1)}) | ${mb(start)} | **${mb(first.mostBytes - start)}** ` +
      `| ${notice.calls} | ${notice.seconds.toFixed(2)} | ${everything.calls} | ${everything.seconds.toFixed(1)} | ${mb(everything.mostBytes - start)} | ${mb(fileBytes)} |`
    );
  });
  const text = `# Devices and owners copied from an org

{{run}}

Each device is installed on an Asset of its own, which one of a thousand Accounts owns: three records and two Assets to read for each device. Megabytes are 10^6 bytes.

| devices | API calls, first reading | seconds (of CPU) | MB at the start | MB above, at most | API calls after a notice | seconds | API calls, everything compared | seconds | MB above the start, at most | MB on disk |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Must: 100,000 devices in bounded memory and API calls. What a reading takes above the start does not grow with the devices: it is a page of 2,000 rows of each of five kinds as JSON and as objects, and what V8 has not collected yet. The comparison takes some 100 bytes a device more while it lasts, for it notes what it has seen.

- The org is a process of its own that answers the real questions over HTTP (\`scripts/bench/identity/org.ts\`); the reader is the bridge's own code under the options of Node that \`npm run bridge\` gives, and nothing else of the bridge.
- *A notice* is a look at what was saved in the last half minute. *Everything compared* is the daily look for what was deleted and is no longer told.
- Resident memory as the kernel counts it, looked at every 10 ms.
- A test holds the API calls of 100,000 devices, and that a heap of 96 MB is enough for them (\`bridge/src/edge/salesforce/identityLoad.test.ts\`).
`;
  return [{ name: 'identity.md', text }];
}
