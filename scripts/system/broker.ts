import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { startNode } from './child.ts';
import type { Child } from './child.ts';
import { waitFor } from './wait.ts';

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
    async () => {
      const text = await readFile(stateFile, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : z.object({ url: z.string() }).parse(JSON.parse(text));
    },
    10_000,
  );
  return Object.assign(child, { url, port: Number(new URL(url).port) });
}
