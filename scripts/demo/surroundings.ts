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
  { instanceUrl, assets, bridgeUrl, brokerUrl }: Surround,
  folder: DataFolder,
): Surroundings {
  const title =
    task.kind === 'recording' ? task.file : `seed ${task.seed} · ${task.devices} devices`;
  const hints = {
    live: process.stdin.isTTY ? [`Press ${keyHelp}`] : [],
    once: ['One scenario, then the verdict'],
    recording: ['The recording, then the verdict'],
  };
  return {
    title,
    instanceUrl,
    assets,
    bridgeUrl,
    brokerUrl: withoutPassword(brokerUrl),
    logs: join(shortPath(folder.path), '*.log'),
    hints: [...hints[task.kind], 'Ctrl-C ends everything'],
  };
}

/** Relative where that is shorter to read. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short || '.';
}
