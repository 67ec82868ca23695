import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import { z } from 'zod';

import type { PubSubApiClient } from '../../strangers/pubsubClient.ts';

const line = z.object({ asked: z.number().default(0), told: z.number().default(0) });

/**
 * Publishes with the public client's `publishBatch`, as its manual shows: what has gathered goes as one batch, and a callback
 * gets the results. Writes down how many events it has asked for and how many results it was told.
 *
 * @param file gets a line for each batch and each answer
 */
export function makeBatches(
  org: Pick<PubSubApiClient, 'publishBatch'>,
  topic: string,
  everyMs: number,
  file: string,
): { add(payload: object): void } {
  let waiting: { readonly payload: object }[] = [];
  const write = (counts: object): void => appendFileSync(file, `${JSON.stringify(counts)}\n`);

  function publish(): void {
    const batch = waiting;
    if (batch.length === 0) return;
    waiting = [];
    write({ asked: batch.length });
    org
      .publishBatch(topic, batch, (_info, kind, data) => {
        if (kind !== 'publishResponse') return;
        write({ told: z.object({ results: z.array(z.unknown()) }).parse(data).results.length });
      })
      .catch((error: unknown) => console.error(String(error)));
  }

  setInterval(publish, everyMs);
  return { add: (payload) => void waiting.push({ payload }) };
}

/** Events whose result nobody was told, by what `makeBatches` has written. */
export function countWithoutResult(file: string): number {
  if (!existsSync(file)) return 0;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => line.parse(JSON.parse(text)))
    .reduce((sum, { asked, told }) => sum + asked - told, 0);
}
