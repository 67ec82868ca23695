import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Bytes. `arrayBuffers` is part of `external`, heap and external are parts of `rss`. */
export const memoryUsage = z.object({
  rss: z.number(),
  heapTotal: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  arrayBuffers: z.number(),
});
export type MemoryUsage = z.infer<typeof memoryUsage>;

const PATIENCE_MS = 60_000;

/** Asks a process that has `tellMemory.ts` for its memory. */
export async function askMemory(
  pid: number,
  file: string,
  signal: NodeJS.Signals = 'SIGUSR2',
): Promise<MemoryUsage> {
  await rm(file, { force: true });
  process.kill(pid, signal);
  for (const since = Date.now(); ; await sleep(20)) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return memoryUsage.parse(JSON.parse(text));
    if (Date.now() - since > PATIENCE_MS)
      throw new Error(`process ${pid} does not tell its memory`);
  }
}

/** Megabytes (10^6 bytes) a million devices above the empty process. */
export const perMillion = (bytes: number, emptyBytes: number, devices: number): number =>
  (bytes - emptyBytes) / devices;

/** What further devices cost, in megabytes a million: what does not grow with them does not count. */
export function marginalPerMillion(
  few: { readonly devices: number; readonly bytes: number },
  many: { readonly devices: number; readonly bytes: number },
): number {
  return (many.bytes - few.bytes) / (many.devices - few.devices);
}
