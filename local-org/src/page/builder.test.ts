import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { makeBuilder } from './builder.ts';
import type { Builder } from './builder.ts';
import { chooseCacheFolder } from './cacheFolder.ts';
import { greetingSource, writeSource } from './testSource.ts';

/** Longer than any build on two cores that others use, too. */
const PATIENCE_MS = 60_000;

let root = '';
let builder: Builder | undefined;
const log: string[] = [];
before(() => {
  root = mkdtempSync(join(tmpdir(), 'pages-builder-'));
  writeSource(root, greetingSource);
});
after(() => {
  builder?.close();
  rmSync(root, { recursive: true });
});

test('pages are built when asked for, again when a file has changed, and say what is wrong with it', async () => {
  builder = makeBuilder(
    { roots: [root], icons: [], cacheFolder: chooseCacheFolder(root) },
    (line) => log.push(line),
  );
  assert.deepEqual(log, [], 'nothing is built before a page is asked for');
  const started = await builder.current(0);
  assert.equal(started.kind, 'building');
  const first = await builder.current(PATIENCE_MS);
  assert.ok(first.kind === 'ready');
  const script = first.script.replace('/assets/', '');
  assert.match(builder.asset(script) ?? '', /import/);

  assert.deepEqual(await builder.current(PATIENCE_MS), first);
  assert.equal(log.length, 1, 'unchanged files are not built again');

  const template = 'lwc/greeting/greeting.html';
  writeSource(root, { [template]: '<template><p class={a b}></p></template>' });
  const failed = await builder.current(PATIENCE_MS);
  assert.ok(failed.kind === 'failed');
  assert.equal(failed.problem.file, join(root, template));
  assert.match(log[1] ?? '', /Pages cannot be built: .*greeting\.html:1:/);

  // With the same base components and icons as before; others would be another entry of the cache.
  const whole = greetingSource[template] ?? '';
  const changed = whole.replace('</template>', '<p>Mended</p></template>');
  assert.notEqual(changed, whole);
  writeSource(root, { [template]: changed });
  const mended = await builder.current(PATIENCE_MS);
  assert.ok(mended.kind === 'ready');
  assert.notEqual(mended.script, first.script);
  assert.match(builder.asset(script) ?? '', /import/, 'pages that are open keep their files');
  assert.match(log[2] ?? '', /Pages built in [\d.]+ s, with base components from the cache/);
});
