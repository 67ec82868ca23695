/**
 * Shows how well the machine serves anybody just now: every 20 ms it flushes 4 KB into a file laid out in advance, and looks by how
 * much a timer of 5 ms is late. `node scripts/bench/probe/main.ts FOLDER`; each line on its standard input asks for the times since
 * the line before.
 */
import { fdatasync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { makeHistogram } from '../load/histogram.ts';
import type { Probe } from './messages.ts';

const FLUSH_EVERY_MS = 20;
const TIMER_MS = 5;
const BLOCK = Buffer.alloc(4_096, 7);
const BLOCKS = 256;

const [folder = '.'] = process.argv.slice(2);
const file = openSync(join(folder, 'probe.bin'), 'w');
for (let block = 0; block < BLOCKS; block += 1) writeSync(file, BLOCK);

const flushes = makeHistogram();
const delays = makeHistogram();
let next = 0;

function flush(): void {
  const begin = performance.now();
  writeSync(file, BLOCK, 0, BLOCK.length, (next % BLOCKS) * BLOCK.length);
  next += 1;
  fdatasync(file, (error) => {
    if (error !== null) throw error;
    flushes.add(performance.now() - begin);
    setTimeout(flush, FLUSH_EVERY_MS);
  });
}

function wait(): void {
  const begin = performance.now();
  setTimeout(() => {
    delays.add(Math.max(performance.now() - begin - TIMER_MS, 0));
    wait();
  }, TIMER_MS);
}

flush();
wait();
createInterface({ input: process.stdin })
  .on('line', () => {
    const say: Probe = {
      flushMs: { p50: flushes.quantile(0.5), p99: flushes.quantile(0.99) },
      loopMs: { p50: delays.quantile(0.5), p99: delays.quantile(0.99) },
    };
    console.log(JSON.stringify(say));
    flushes.clear();
    delays.clear();
  })
  .on('close', () => process.exit());
