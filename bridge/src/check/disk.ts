import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/load.ts';
import { failure, okay, warning } from './finding.ts';
import type { Finding } from './finding.ts';

const PROBES = 20;
const PROBE_BYTES = 4_096;
/** Every acknowledgement waits for one: at more than this a broker with a small window is slow. */
const SLOW_MS = 20;
const MB = 1_000_000;

/** Whether the data directory can be written, how quickly, and whether what may be kept has room. */
export function checkDisk(config: Pick<Config, 'dataDir' | 'log' | 'quarantine'>): Finding[] {
  const { dataDir } = config;
  let times: readonly number[];
  try {
    mkdirSync(dataDir, { recursive: true });
    times = timeWrites(join(dataDir, `check-${process.pid}.tmp`));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const action = 'Give the user of the bridge a folder it may write: dataDir.';
    return [failure('disk', `wrote to dataDir ${dataDir}: ${said}`, action)];
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  const wrote = `wrote to dataDir ${dataDir}: durable in ${median.toFixed(1)} ms (median of ${PROBES})`;
  const speed =
    median > SLOW_MS
      ? warning(
          'disk',
          wrote,
          'Put dataDir on a disk of this machine: every acknowledgement waits for it.',
        )
      : okay('disk', wrote);
  return [speed, checkSpace(config)];
}

function timeWrites(file: string): number[] {
  const block = Buffer.alloc(PROBE_BYTES, 'check');
  const descriptor = openSync(file, 'wx');
  try {
    return Array.from({ length: PROBES }, () => {
      const start = performance.now();
      writeSync(descriptor, block);
      fdatasyncSync(descriptor);
      return performance.now() - start;
    });
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
}

function checkSpace({ dataDir, log, quarantine }: Pick<Config, 'dataDir' | 'log' | 'quarantine'>) {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const taken = sizeOf(join(dataDir, 'log'), log.maxBytes);
  const wanted = log.maxBytes - taken + quarantine.maxBytes;
  const more = taken > 0 ? ' more' : '';
  const said = `${Math.round(free / MB)} MB free, log and quarantine may take ${Math.round(wanted / MB)} MB${more}`;
  if (free >= wanted) return okay('disk space', said);
  const action =
    'Free space or lower log.maxBytes: on a full disk nothing is lost, and nothing comes in either.';
  return free < wanted / 10
    ? failure('disk space', said, action)
    : warning('disk space', said, action);
}

/** What the files of a folder take, `most` at most; 0 where there is none. A running bridge may take a file away meanwhile. */
function sizeOf(folder: string, most: number): number {
  if (!existsSync(folder)) return 0;
  const sizes = readdirSync(folder).map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return Math.min(
    most,
    sizes.reduce((sum, size) => sum + size, 0),
  );
}
