import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { startNode } from './child.ts';

/** What `--json` writes; strict, so that the documented shape is the real one. */
export const counts = z.strictObject({
  readings: z.number(),
  quarantined: z.number(),
  signals: z.strictObject({ opened: z.number(), updated: z.number(), cleared: z.number() }),
  published: z.number(),
  acted: z.number(),
  suppressed: z.number(),
  failed: z.number(),
  coalesced: z.number(),
  shed: z.number(),
  faults: z.number(),
  cases: z.number(),
  duplicateCases: z.number(),
  lost: z.number(),
  elapsedSeconds: z.number(),
});

export interface DemoRun extends AsyncDisposable {
  readonly code: number | string;
  readonly output: string;
  readonly counts: z.infer<typeof counts> | undefined;
  /** Where the run left its state. */
  readonly data: string;
}

/** Runs `npm start -- …` to its end in a folder of its own. */
export async function runDemo(args: readonly string[]): Promise<DemoRun> {
  const folder = await mkdtemp(join(tmpdir(), 'asset-signals-demo-'));
  const json = join(folder, 'counts.json');
  const data = join(folder, 'data');
  const main = join(import.meta.dirname, '../demo/main.ts');
  const child = startNode([main, ...args, '--json', json, '--data', data]);
  const code = await child.ended;
  const text = await readFile(json, 'utf8').catch(() => undefined);
  return {
    code,
    output: child.output(),
    counts: text === undefined ? undefined : counts.parse(JSON.parse(text)),
    data,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
