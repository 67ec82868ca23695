import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { readRecording } from './readRecording.ts';

test('a recording that cannot be used is refused with the option, the file and what is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'read-recording-'));
  const file = join(folder, 'a.csv');
  try {
    const refused = (path: string, message: RegExp) =>
      assert.rejects(readRecording('--replay', path), { name: 'UsageError', message });
    await refused(file, /^--replay .*a\.csv: there is no such file$/);
    await refused(folder, /: this is a folder; name the CSV file in it$/);
    await writeFile(file, 'timestamp,value\nnever,1\n');
    await refused(file, /^--replay .*a\.csv line 2: "never" is not a time/);
    await writeFile(file, 'timestamp,value\n2013-07-04,1\n');
    assert.equal((await readRecording('--replay', file)).length, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
