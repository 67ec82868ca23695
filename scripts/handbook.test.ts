import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { handbookFile, renderHandbook } from './handbook.ts';

// Compared without the padding that the formatter gives to tables.
const words = (text: string): string => text.replace(/[ -]+/g, ' ');

test('the handbook names every number of the screen and every metric as the code has them', async () => {
  const text = await readFile(handbookFile, 'utf8');
  assert.equal(words(text), words(renderHandbook(text)), 'run: node scripts/handbook.ts');
});
