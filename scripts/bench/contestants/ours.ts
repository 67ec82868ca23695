import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

import { environmentFor, nodeOptionsFor } from '../../run/nodeOptions.mjs';
import type { Contestant, Places, Running, Work } from './contestant.ts';
import { writeOursConfig } from './oursConfig.ts';
import type { OursOptions } from './oursConfig.ts';
import { sumMetrics } from './prometheus.ts';
import { startScript } from './script.ts';

const FILE = 'bridge/src/main.ts';
const MAIN = join(import.meta.dirname, '../../..', FILE);
const START_MS = 30_000;

/** A running bridge and where it tells how it is. */
export interface RunningBridge extends Running {
  /** Values of `/metrics` by name. */
  metrics(): Promise<ReadonlyMap<string, number>>;
}

/** The bridge as it is, `bridge/src/main.ts` with a configuration file. */
export const ours = (name: string, options: OursOptions): Contestant => ({
  name,
  signals: 'org',
  clears: true,
  start: (places) => startBridge(places, options),
});

/**
 * @param nodeArgs options of Node, such as `--cpu-prof`
 * @param env further environment variables
 */
export async function startBridge(
  places: Places,
  options: OursOptions,
  nodeArgs: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningBridge> {
  const config = await writeOursConfig(places, options);
  // As `npm run bridge` starts it.
  const args = [...nodeOptionsFor(FILE), ...nodeArgs, MAIN, '--config', config];
  const script = startScript(args, places.folder, { ...environmentFor(FILE), ...env });
  const readyFile = join(places.folder, 'data/bridge.json');
  for (const startedAt = Date.now(); !existsSync(readyFile); await sleep(20)) {
    if (script.hasEnded() || Date.now() - startedAt > START_MS) {
      throw new Error(
        `the bridge did not start; it said: ${await readFile(script.output, 'utf8')}`,
      );
    }
  }
  const { httpUrl } = z
    .object({ httpUrl: z.string() })
    .parse(JSON.parse(await readFile(readyFile, 'utf8')));
  // A connection kept alive may be closed by the other side just when it is used again.
  const headers = { connection: 'close' };
  const metrics = async () => {
    const response = await fetch(`${httpUrl}/metrics`, { headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`the bridge does not tell its metrics: ${text}`);
    return sumMetrics(text);
  };
  return { ...script, metrics, work: async () => toWork(await metrics()) };
}

function toWork(metrics: ReadonlyMap<string, number>): Work {
  const value = (name: string): number => metrics.get(`asset_signals_${name}`) ?? 0;
  const readings = value('readings_total');
  const lag = value('log_position') - value('cursor_position');
  const quarantined = value('quarantined_total');
  const failed = value('outbox_failed');
  return {
    processed: readings - lag,
    pending: value('outbox_pending'),
    troubles: [
      ...(quarantined > 0 ? [`${quarantined} messages in quarantine`] : []),
      ...(failed > 0 ? [`${failed} dead letters`] : []),
    ],
  };
}
