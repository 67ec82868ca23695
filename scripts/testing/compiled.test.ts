import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { compiledFolder } from './compiled.ts';

test('what was compiled is kept until there is too much of it', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'compiled-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = compiledFolder(root);
  assert.ok(folder.startsWith(root) && existsSync(folder));
  for (const version of ['v24', 'v25']) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'a'), '');
  }
  assert.equal(compiledFolder(root, 2), folder);
  assert.ok(existsSync(join(folder, 'v24', 'a')));
  assert.equal(compiledFolder(root, 1), folder);
  assert.ok(!existsSync(join(folder, 'v24')));
});
