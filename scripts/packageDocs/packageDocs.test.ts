import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { makePackageDocs } from './main.ts';

// Compared without the padding that the formatter gives to tables.
const words = (text: string): string => text.replace(/[\s-]+/g, ' ').replace(/\\(.)/g, '$1');

for (const [path, made] of makePackageDocs()) {
  test(`${path} says what the metadata says`, () => {
    const kept = readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
    assert.equal(
      words(kept),
      words(made),
      'run: node scripts/packageDocs/main.ts && npm run format',
    );
  });
}
