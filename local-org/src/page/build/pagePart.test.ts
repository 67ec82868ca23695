import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { loadMetadata } from '../../metadata/load.ts';
import { findBundles, loadLabels } from '../../metadata/pages.ts';
import { greetingSource, writeSource } from '../testSource.ts';
import { compilePages } from './pagePart.ts';

let root = '';
before(() => {
  root = mkdtempSync(join(tmpdir(), 'page-part-'));
});
after(() => rmSync(root, { recursive: true }));

test('icons that a bundle names in its script are wanted as those in its template are', async () => {
  const script = 'lwc/greeting/greeting.js';
  const source = (greetingSource[script] ?? '').replace(
    'hello = hello;',
    "hello = hello;\n  icon = 'utility:volume_high';",
  );
  writeSource(root, { ...greetingSource, [script]: source });
  const { icons } = await compilePages({
    bundles: findBundles([root]),
    labels: loadLabels([root]),
    objects: loadMetadata([root]).objects,
  });
  assert.deepEqual([...icons].toSorted(), ['utility:smiley_and_people', 'utility:volume_high']);
});
