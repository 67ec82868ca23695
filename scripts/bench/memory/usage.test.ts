import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { askMemory, marginalPerMillion, perMillion } from './usage.ts';

test('memory is told in megabytes a million devices above the empty process', () => {
  assert.equal(perMillion(430_000_000, 80_000_000, 1_000_000), 350);
  assert.equal(perMillion(115_000_000, 80_000_000, 100_000), 350);
});

test('what further devices cost leaves out what does not grow', () => {
  const few = { devices: 100_000, bytes: 150_000_000 };
  const many = { devices: 1_100_000, bytes: 450_000_000 };
  assert.equal(marginalPerMillion(few, many), 300);
});

test('a process that was told to answers how much memory it has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memory-'));
  const file = join(folder, 'memory.json');
  const child = spawn(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, 'tellMemory.ts'),
      '-e',
      'console.log("runs"); setTimeout(() => {}, 60_000)',
    ],
    { env: { ...process.env, BENCH_MEMORY_FILE: file }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    await once(child.stdout, 'data');
    const usage = await askMemory(child.pid ?? assert.fail(), file);
    assert.ok(usage.rss > usage.heapTotal && usage.heapTotal >= usage.heapUsed);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
