/**
 * The org at the other end, as a process of its own: it lets in whoever asks, takes every event and says that it was acted on.
 *
 *   node scripts/bench/org/main.ts [--folder .] [--control]
 *
 * It prints where it listens and writes the authority of its certificate to `FOLDER/pubsub-ca.pem`. Without `--control` it prints what
 * has arrived every second, else when it is asked, see `messages.ts`.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { makeArrivals } from './arrivals.ts';
import { request } from './messages.ts';
import type { Said } from './messages.ts';
import { startPubSub } from './pubsub.ts';
import { startRest } from './rest.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.' },
    control: { type: 'boolean', default: false },
  },
});

const tell = (message: Said): void => console.log(JSON.stringify(message));

const arrivals = makeArrivals();
const rest = await startRest(arrivals);
const pubsub = await startPubSub(arrivals);
const caFile = join(resolve(values.folder), 'pubsub-ca.pem');
await writeFile(caFile, pubsub.ca);
tell({ say: 'listening', loginUrl: rest.url, endpoint: pubsub.endpoint, caFile });

if (values.control) {
  for await (const line of createInterface({ input: process.stdin })) {
    request.parse(JSON.parse(line));
    const opened = arrivals.takeOpened().map((arrival): [string, number, number] => [...arrival]);
    tell({ say: 'report', counts: arrivals.counts(), opened });
  }
  process.exit();
} else {
  setInterval(() => {
    arrivals.takeOpened();
    console.log(JSON.stringify(arrivals.counts()));
  }, 1_000);
}
