import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { checkResultFile } from './resultFile.ts';

test('a result that cannot be written is refused before the run, one that can leaves no trace', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'result-file-'));
  try {
    await checkResultFile(join(folder, 'counts.json'));
    assert.deepEqual(await readdir(folder), []);
    await assert.rejects(checkResultFile(join(folder, 'nowhere', 'counts.json')), {
      name: 'UsageError',
      message: /--json .*counts\.json: the folder .*nowhere does not exist/,
    });
    await assert.rejects(checkResultFile(folder), { message: /this is a folder/ });
  } finally {
    await rm(folder, { recursive: true });
  }
});
