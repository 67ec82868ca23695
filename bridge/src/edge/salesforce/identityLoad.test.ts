import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const program = join(import.meta.dirname, '../../testing/manyDevices.ts');

test('a hundred thousand devices with their installations are copied in 51 API calls and the memory of a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'many-devices-'));
  try {
    const file = join(folder, 'identity.sqlite');
    // More than this heap, and the process would not come to its end: all of them at once take more.
    const heap = ['--max-old-space-size=96', '--max-semi-space-size=16'];
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...heap,
      program,
      file,
      '100000',
    ]);
    assert.deepEqual(JSON.parse(stdout), { devices: 100_000, installations: 100_000, calls: 51 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
