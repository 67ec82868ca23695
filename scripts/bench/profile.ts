/**
 * `node scripts/bench/profile.ts [--seconds 10] [--warm 5] [--rate N] [--devices 10000] [--signals 0.01] [--window 10000] [--charts] [--cpu-prof] [--keep]`
 *
 * Runs the bridge under load and prints what it costs a message. With `--cpu-prof` also the functions that take most of the time, over
 * the whole run, by their own share; the profile and all else stays in `.data/bench` with `--keep`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { startBridge } from './contestants/ours.ts';
import { summariseProfile } from './profileSummary.ts';
import { makeBenchFolder } from './programs/folder.ts';
import { startLoadSource } from './programs/loadSource.ts';
import { startOrg } from './programs/org.ts';
import { residentBytes, treeCpuMs } from './programs/usage.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    warm: { type: 'string', default: '5' },
    rate: { type: 'string', default: 'Infinity' },
    devices: { type: 'string', default: '10000' },
    signals: { type: 'string', default: '0.01' },
    window: { type: 'string', default: '10000' },
    charts: { type: 'boolean', default: false },
    'cpu-prof': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

// What was started ends with us: see `programs/lineProcess.ts`.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));

await using folder = await makeBenchFolder('profile', values.keep);
await using org = await startOrg(folder.path);
const load = { devices: Number(values.devices), signals: Number(values.signals) };
await using source = await startLoadSource({ ...load, window: Number(values.window) }, folder.path);
const profileArgs = values['cpu-prof'] ? ['--cpu-prof', `--cpu-prof-dir=${folder.path}`] : [];
{
  await using bridge = await startBridge(
    { url: source.url, org, folder: folder.path },
    { charts: values.charts },
    profileArgs,
  );
  await source.ready();
  source.setRate(Number(values.rate));
  await sleep(Number(values.warm) * 1_000);
  const cpuBefore = treeCpuMs(bridge.pid);
  const before = await source.report(true);
  await sleep(Number(values.seconds) * 1_000);
  const after = await source.report();
  const cpuMs = treeCpuMs(bridge.pid) - cpuBefore;
  source.setRate(0);
  const work = await bridge.work();
  const arrived = (await org.report()).counts;
  const messages = after.counts.acknowledged - before.counts.acknowledged;
  const perSecond = (number: number): string =>
    ((number / (after.at - before.at)) * 1_000).toFixed(0);
  console.log(
    [
      `${perSecond(messages)} messages a second acknowledged, ${((cpuMs / messages) * 1_000).toFixed(2)} µs CPU each`,
      `ack p50 ${after.counts.ackMs.p50?.toFixed(1)} ms, p99 ${after.counts.ackMs.p99?.toFixed(1)} ms; ` +
        `source ${(((after.cpuMs - before.cpuMs) / messages) * 1_000).toFixed(2)} µs each`,
      `${after.counts.acknowledged} acknowledged in all, ${work.processed} of them processed by then; ` +
        `${(residentBytes(bridge.pid) / 1e6).toFixed(0)} MB resident`,
      `${after.counts.beyond} episodes opened and ${after.counts.back} ended; arrived: ` +
        `${arrived.opened} Opened, ${arrived.updated} Updated, ${arrived.cleared} Cleared; ${work.pending} wait`,
      ...work.troubles,
    ].join('\n'),
  );
}
for (const name of await readdir(folder.path)) {
  if (!name.endsWith('.cpuprofile')) continue;
  console.log(summariseProfile(await readFile(join(folder.path, name), 'utf8')).join('\n'));
}
if (values.keep) console.log(`everything is in ${folder.path}`);
