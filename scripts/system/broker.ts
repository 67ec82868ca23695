import { join } from 'node:path';

import { z } from 'zod';

import { readStateFile } from '../demo/waiting.ts';
import { startNode } from './child.ts';
import type { Child } from './child.ts';
import { waitFor } from './wait.ts';

const brokerState = z.object({ url: z.string() });

/** The demo's embedded broker as a process. */
export async function startBroker(
  folder: string,
  port = 0,
): Promise<Child & { readonly url: string; readonly port: number }> {
  const stateFile = join(folder, `broker-${Date.now()}.json`);
  const child = startNode([
    join(import.meta.dirname, '../demo/broker.ts'),
    '--state',
    stateFile,
    '--port',
    String(port),
  ]);
  const { url } = await waitFor(
    'the broker listens',
    () => readStateFile(stateFile, brokerState),
    10_000,
  );
  return Object.assign(child, { url, port: Number(new URL(url).port) });
}
