import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeFolder } from '../testing/bridgeProcess.ts';
import { makeDayFile } from './dayFile.ts';

test('counts are read back as they were kept; what is damaged or missing is no count', () => {
  using folder = makeFolder();
  const path = join(folder.path, 'data', 'days.json');
  const file = makeDayFile(path);
  assert.deepEqual(file.load(), []);
  const day = {
    ...{ day: '2026-11-23', readings: 5, quarantined: 1, duplicates: 0, signals: 2, errors: 0 },
    suppressed: { coalesced: 1 },
  };
  file.save([day]);
  assert.deepEqual(makeDayFile(path).load(), [day]);
  writeFileSync(path, '[{"day":');
  assert.deepEqual(file.load(), []);
});
