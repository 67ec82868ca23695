import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadSettings } from './settings.ts';

const root = join(import.meta.dirname, '../../..');

test('what counts as standing on the layouts of the customer, the guide for administrators asks for', () => {
  const guide = readFileSync(join(root, 'docs/admin.md'), 'utf8');
  const layouts = guide.slice(guide.indexOf('## Your own layouts'), guide.indexOf('## Lists to'));
  for (const way of loadSettings(root).customerPages) {
    const [object = '', field = ''] = way.split('.');
    const [file = ''] = globSync(`force-app/**/objects/${object}/fields/${field}.field-meta.xml`, {
      cwd: root,
    });
    const [, label = way] =
      /<label>(.*?)<\/label>/.exec(readFileSync(join(root, file), 'utf8')) ?? [];
    const rows = layouts.split('\n').filter((line) => line.startsWith(`| ${object} |`));
    assert.ok(
      rows.some((row) => row.includes(label)),
      `docs/admin.md, "Your own layouts", does not name ${label} of ${object}`,
    );
  }
});
