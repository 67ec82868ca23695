import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { z } from 'zod';

export interface Patience {
  readonly timeoutMs: number;
  /** Ends the waiting at once, with its reason. */
  readonly signal: AbortSignal;
  /** What is waited for, for the error: "the local org to listen". */
  readonly what: string;
  /** What is known about why it takes so long. */
  readonly because?: () => string;
  /** Where a person finds out more. */
  readonly see: string;
}

const LOOK_EVERY_MS = 50;

/** Asks again and again until there is an answer. @throws Error naming what did not come */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  { timeoutMs, signal, what, because, see }: Patience,
): Promise<T> {
  const ends = performance.now() + timeoutMs;
  while (performance.now() < ends) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(LOOK_EVERY_MS);
  }
  const why = because === undefined ? '' : ` (${because()})`;
  throw new Error(`waited ${timeoutMs / 1000} s for ${what}, in vain${why}; see ${see}`);
}

/** The content of a small JSON file, or undefined while it does not exist. */
export async function readStateFile<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : shape.parse(JSON.parse(text));
}
