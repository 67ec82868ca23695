/**
 * `node scripts/bench/identity/reader.ts URL FILE`: the bridge's own reading of devices and owners from that org into a copy in that
 * file, for the first time, after a notice, and held against everything. Says what each took as a line of JSON.
 */
import { statSync } from 'node:fs';

import { openIdentityCopy } from '../../../bridge/src/edge/identity/identityCopy.ts';
import { makeIdentitySource } from '../../../bridge/src/edge/salesforce/identitySource.ts';
import { makeRest } from '../../../bridge/src/edge/salesforce/rest.ts';
import { toEpochMs } from '../../../bridge/src/model/brand.ts';
import { makeIdentitySync } from '../../../bridge/src/pipeline/identitySync.ts';
import type { Extent } from '../../../bridge/src/pipeline/identitySync.ts';

/** The kernel is asked this often how much memory the process has. */
const LOOK_MS = 10;

if (import.meta.main) {
  const [url = '', file = ''] = process.argv.slice(2);
  const session = {
    ...{ accessToken: 'token', instanceUrl: url },
    ...{ organizationId: '00D000000000001AAA', userId: '005000000000001AAA' },
  };
  const rest = makeRest({ current: async () => session, renew: async () => session }, '66.0');
  using copy = openIdentityCopy(file);
  const source = makeIdentitySource({ rest, namespace: '', apiVersion: '66.0' });
  const sync = makeIdentitySync({ source, copy, clock: () => toEpochMs(Date.now()) });

  const measure = async (extent: Extent) => {
    const before = { calls: rest.calls(), bytes: process.memoryUsage.rss() };
    let most = before.bytes;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), LOOK_MS);
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const synced = await sync(extent, new AbortController().signal);
    if (!synced.ok) throw new Error(synced.error.reason);
    clearInterval(timer);
    const { user, system } = process.cpuUsage(cpu);
    return {
      calls: rest.calls() - before.calls,
      seconds: (performance.now() - begun) / 1_000,
      cpuSeconds: (user + system) / 1e6,
      beforeBytes: before.bytes,
      mostBytes: most,
    };
  };
  const first = await measure('all news');
  const notice = await measure('news');
  const everything = await measure('everything');
  const fileBytes = statSync(file).size + statSync(`${file}-wal`).size;
  process.stdout.write(
    `${JSON.stringify({ ...copy.counts(), first, notice, everything, fileBytes })}\n`,
  );
  // Connections stay open for seconds.
  process.exit(0);
}
