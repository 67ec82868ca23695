/**
 * `node scripts/testing/runFiles.ts TASK`: runs test files with node's own runner, each in a process of its own, in the
 * order they are given, prints as `node --test` does and writes what it counted. `node --test` itself sorts its files by
 * name, so that the longest ones come when nothing is left to run beside them.
 */
import { writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import { z } from 'zod';

import { readSummary } from './counts.ts';

const taskShape = z.object({
  files: z.array(z.string()),
  /** Files at once. */
  concurrency: z.number(),
  /** No single test may take longer. */
  timeoutMs: z.number(),
  /** Where the counts go, as JSON. */
  countsTo: z.string(),
});

/** What the one argument says, as JSON. */
export type FilesTask = z.infer<typeof taskShape>;

const { files, concurrency, timeoutMs, countsTo } = taskShape.parse(
  JSON.parse(process.argv[2] ?? ''),
);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const events = run({ files, concurrency, timeout: timeoutMs, signal: stop.signal });
events.on('test:summary', (data) => {
  const counts = readSummary(data);
  if (counts === undefined) return;
  writeFileSync(countsTo, JSON.stringify(counts));
  if (!data.success) process.exitCode = 1;
});
const out = new Writable({
  write: (text: Buffer, _, done) => void process.stdout.write(text, done),
});
await pipeline(events, new spec(), out);
