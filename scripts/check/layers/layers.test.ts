import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeSources } from './step.ts';

function judge(path: string, text: string): readonly string[] {
  return judgeSources([{ path, text }]);
}

test('an import in the allowed direction is fine, in every form', () => {
  const text = [
    "import { a } from '../model/a.ts';",
    "import type { B } from './b.ts';",
    "export { c } from '../model/c.ts';",
    "import { createHash } from 'node:crypto';",
    "const d: import('../model/d.ts').D = (await import('../model/e.ts')).e;",
  ].join('\n');
  assert.deepEqual(judge('bridge/src/core/x.ts', text), []);
});

for (const [form, text] of [
  ['a plain import', "import { a } from '../edge/a.ts';"],
  ['a type-only import', "import type { A } from '../edge/a.ts';"],
  ['an export-from', "export { a } from '../edge/a.ts';"],
  ['an import for its effect', "import '../edge/a.ts';"],
  ['a dynamic import', "const a = await import('../edge/a.ts');"],
  ['an import type', "type A = import('../edge/a.ts').A;"],
] as const) {
  test(`${form} against the direction is found with its line`, () => {
    assert.deepEqual(judge('bridge/src/core/x.ts', `\n${text}`), [
      "bridge/src/core/x.ts:2: bridge/core may not import bridge/edge ('../edge/a.ts'); it may import bridge/model",
    ]);
  });
}

test('the bridge and the local org never import each other, nor do they import scripts', () => {
  const found = [
    ...judge('bridge/src/main.ts', "import '../../local-org/src/clock.ts';"),
    ...judge('local-org/src/main.ts', "import '@asset-signals/bridge/model/a.ts';"),
    ...judge('bridge/src/main.test.ts', "import '../../local-org/src/clock.ts';"),
    ...judge('local-org/src/api/x.ts', "import '../../../scripts/demo/a.ts';"),
  ];
  assert.equal(found.length, 4);
  for (const finding of found) assert.match(finding, /may not import/);
  assert.deepEqual(judge('scripts/demo/x.ts', "import '../../bridge/src/main.ts';"), []);
});

test('the core reaches for no package, its tests may', () => {
  assert.match(judge('bridge/src/core/x.ts', "import { z } from 'zod';")[0] ?? '', /'zod'/);
  assert.deepEqual(judge('bridge/src/core/x.test.ts', "import { test } from 'node:test';"), []);
});

test('a test may import all of its own program', () => {
  assert.deepEqual(judge('bridge/src/core/x.test.ts', "import '../edge/a.ts';"), []);
});

test('a contract suite is a test; what is for tests stays out of the program', () => {
  const wanted = "import '../testing/signals.ts';";
  assert.deepEqual(judge('bridge/src/ports/log.contract.ts', wanted), []);
  assert.match(judge('bridge/src/ports/log.ts', wanted)[0] ?? '', /may not import bridge\/testing/);
  assert.match(judge('bridge/src/edge/x.ts', "import './testY.ts';")[0] ?? '', /is for tests/);
  assert.deepEqual(judge('scripts/x.ts', "import '../bridge/src/testing/until.ts';"), []);
});

test('a contract file is a layer of its own inside a folder', () => {
  assert.deepEqual(judge('local-org/src/flow/x.ts', "import '../automation/dml.ts';"), []);
  assert.equal(judge('local-org/src/flow/x.ts', "import '../automation/other.ts';").length, 1);
});

test('barrels, missing endings and files in no layer are found', () => {
  assert.match(judge('bridge/src/core/x.ts', "export * from './a.ts';")[0] ?? '', /export \*/);
  assert.match(judge('bridge/src/core/x.ts', "import './a';")[0] ?? '', /ending/);
  assert.match(judge('bridge/tools/x.ts', "import './a.ts';")[0] ?? '', /in no layer/);
});

test('a file of more than 400 lines is too long, one of 400 is not', () => {
  assert.deepEqual(judge('scripts/x.ts', '\n'.repeat(400)), []);
  assert.match(judge('scripts/x.ts', '\n'.repeat(401))[0] ?? '', /401 lines/);
});

test('a cycle is told once, as the way round, without the files that lead into it', () => {
  const found = judgeSources([
    { path: 'scripts/a.ts', text: "import './b.ts';" },
    { path: 'scripts/b.ts', text: "import { c } from './c.ts';" },
    { path: 'scripts/c.ts', text: "import './d.ts'; import './b.ts';" },
    { path: 'scripts/d.ts', text: "import type { A } from './a.ts';" },
  ]);
  assert.deepEqual(found, ['import cycle: scripts/b.ts → scripts/c.ts → scripts/b.ts']);
});
