import { join, relative } from 'node:path';

import { withoutPassword } from '../fleet/publisher.ts';
import type { DataFolder } from './dataFolder.ts';
import { keyHelp } from './keyboard.ts';
import type { DemoOptions } from './options.ts';
import type { Surroundings } from './snapshot.ts';
import type { Surround } from './start.ts';

/** What the picture says about this run, besides its numbers. */
export function describeSurroundings(
  { task }: DemoOptions,
  { instanceUrl, bridgeUrl, brokerUrl }: Surround,
  folder: DataFolder,
): Surroundings {
  const title =
    task.kind === 'recording' ? task.file : `seed ${task.seed} · ${task.devices} devices`;
  const keysHint = process.stdin.isTTY ? `Press ${keyHelp} · ` : '';
  const hints = {
    live: `${keysHint}Ctrl-C ends everything`,
    once: 'One scenario, then the verdict · Ctrl-C ends everything',
    recording: 'The recording, then the verdict · Ctrl-C ends everything',
  };
  return {
    title,
    instanceUrl,
    bridgeUrl,
    brokerUrl: withoutPassword(brokerUrl),
    logs: join(shortPath(folder.path), '*.log'),
    hint: hints[task.kind],
  };
}

/** Relative where that is shorter to read. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short || '.';
}
