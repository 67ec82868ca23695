import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

import { environmentFor, nodeOptionsFor } from '../run/nodeOptions.mjs';
import type { Benchmark } from './benchmark.ts';
import { identityPage } from './identity/page.ts';
import { makeBenchFolder } from './programs/folder.ts';
import { startLineProcess } from './programs/lineProcess.ts';

const part = z.object({
  calls: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  beforeBytes: z.number(),
  mostBytes: z.number(),
});
const reading = z.object({
  devices: z.number(),
  installations: z.number(),
  first: part,
  notice: part,
  everything: part,
  fileBytes: z.number(),
});
/** What it took to read all devices of an org, and to stay current. */
export type IdentityRun = z.infer<typeof reading>;

const SIZES = { full: [1_000, 10_000, 100_000, 300_000], quick: [1_000, 20_000] };
const MAIN = 'bridge/src/main.ts';
const folderOf = (name: string): string => join(import.meta.dirname, 'identity', name);

/** Memory and API calls of the bridge's copy of devices and owners, by the number of devices. */
export const identity: Benchmark = {
  about:
    'memory, API calls and time of reading 1,000 to 300,000 devices with their owners from an org',
  run: async ({ quick, say }) => {
    const runs: IdentityRun[] = [];
    for (const count of quick ? SIZES.quick : SIZES.full) {
      const run = await read(count);
      runs.push(run);
      say(describe(run));
    }
    return { lines: runs.map(describe), data: { runs }, pages: identityPage(runs) };
  },
};

/** The org and the bridge's side of it in processes of their own. */
async function read(count: number): Promise<IdentityRun> {
  await using folder = await makeBenchFolder('identity');
  const errors = join(folder.path, 'org.err');
  const said = z.object({ url: z.string() });
  await using org = startLineProcess(folderOf('org.ts'), [String(count)], said, errors);
  const { url } = await org.next((one): one is z.infer<typeof said> => one.url !== '');
  const args = [...nodeOptionsFor(MAIN), folderOf('reader.ts'), url];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, join(folder.path, 'identity.sqlite')],
    { env: { ...process.env, ...environmentFor(MAIN) } },
  );
  return reading.parse(JSON.parse(stdout));
}

function describe({ devices, first, notice, everything, fileBytes }: IdentityRun): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return (
    `${devices.toLocaleString('en-US').padStart(7)} devices: ${first.calls} API calls, ${first.seconds.toFixed(1)} s (${first.cpuSeconds.toFixed(1)} s of CPU), ` +
    `at most ${mb(first.mostBytes - first.beforeBytes)} MB above the start, ${mb(fileBytes)} MB on disk; ` +
    `a notice ${notice.calls} call, ${notice.seconds.toFixed(2)} s; everything compared ${everything.calls} calls, ${everything.seconds.toFixed(1)} s, ` +
    `at most ${mb(everything.mostBytes - first.beforeBytes)} MB above the start`
  );
}
