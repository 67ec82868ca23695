import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { loadMetadata } from '../../metadata/load.ts';
import { findBundles, loadLabels } from '../../metadata/pages.ts';
import { bundleMeta, greetingSource, writeSource } from '../testSource.ts';
import { buildPages } from './build.ts';
import { cacheKey } from './cache.ts';
import { compilePages } from './pagePart.ts';
import { describeProblem, toProblem } from './problem.ts';
import type { BuildProblem } from './problem.ts';

let root = '';
let cacheFolder = '';
before(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'pages-cache-'));
});
after(() => rmSync(cacheFolder, { recursive: true }));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pages-build-'));
  writeSource(root, greetingSource);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Compiles the quick part, and gives why that fails. */
async function problemOf(changes: Readonly<Record<string, string>>): Promise<BuildProblem> {
  writeSource(root, { ...greetingSource, ...changes });
  try {
    await compilePages({
      bundles: findBundles([root]),
      labels: loadLabels([root]),
      objects: loadMetadata([root]).objects,
    });
  } catch (error) {
    return toProblem(error);
  }
  throw new Error('it compiled');
}

const file = 'lwc/greeting/greeting.js';
const code = greetingSource[file] ?? '';

test('an import that means nothing ends the build with its name and the importing file', async () => {
  for (const [wrong, message] of [
    ['@salesforce/label/c.Nope', /"@salesforce\/label\/c.Nope": there is no label Nope/],
    ['@salesforce/schema/Asset.Nope__c', /the object Asset has no field Nope__c/],
    ['@salesforce/schema/Nope__c', /there is no object Nope__c/],
    ['@salesforce/schema/Case.Asset.Nope', /the object Asset has no field Nope/],
    ['@salesforce/schema/Case.Subject.Name', /the object Case has no lookup called Subject/],
    ['c/nobody', /"c\/nobody": there is no bundle nobody/],
    ['lightning/empApi', /"lightning\/empApi" cannot be imported here.*SUPPORT\.md/],
    ['lightning/utilsPrivate', /"lightning\/utilsPrivate" cannot be imported here/],
    ['@salesforce/apex/Any.thing', /"@salesforce\/apex\/Any.thing" cannot be imported here/],
    ['left-pad', /"left-pad" cannot be imported here/],
  ] as const) {
    const problem = await problemOf({ [file]: `import x from '${wrong}';\nx();\n${code}` });
    assert.match(problem.message, message);
    assert.equal(problem.file, join(root, file));
  }
});

test('a field behind a lookup may be imported', async () => {
  const more = `import NAME_OF_ACCOUNT from '@salesforce/schema/Case.Asset.Account.Name';\n`;
  writeSource(root, { [file]: `${more}export const name = NAME_OF_ACCOUNT;\n${code}` });
  const compiled = await compilePages({
    bundles: findBundles([root]),
    labels: loadLabels([root]),
    objects: loadMetadata([root]).objects,
  });
  const { assets } = await compiled.write({});
  const all = assets.map(({ content }) => content).join('\n');
  assert.match(all, /"fieldApiName":"Asset.Account.Name","objectApiName":"Case"/);
  assert.match(all, /Good day,/);
});

test('what does not compile is told with file, line and reason', async () => {
  const template = await problemOf({
    'lwc/greeting/greeting.html': '<template>\n  <p class={a b}></p>\n</template>\n',
  });
  assert.equal(template.file, join(root, 'lwc/greeting/greeting.html'));
  assert.equal(template.line, 2);
  assert.match(describeProblem(template), /greeting\.html:2:\d+: .*LWC\d+/);
  const script = await problemOf({ [file]: `${code}\nconst = 1;\n` });
  assert.equal(script.file, join(root, file));
  assert.equal(script.line, code.split('\n').length + 1);
});

test('an icon that does not exist would be blank, so it ends the build', async () => {
  const problem = await problemOf({
    'lwc/greeting/greeting.html':
      '<template><lightning-icon icon-name="utility:nope"></lightning-icon></template>',
  });
  assert.match(problem.message, /there is no icon utility:nope/);
  assert.equal(problem.file, join(root, 'lwc/greeting/greeting.html'));
});

test('a bundle without its script is an error that names the file', async () => {
  const problem = await problemOf({ 'lwc/empty/empty.js-meta.xml': bundleMeta() });
  assert.match(problem.message, /empty\.js/);
});

test('the base components are built once and then kept; there is one engine', async () => {
  const request = { roots: [root], icons: ['standard:case'], cacheFolder };
  const steps = new Set<string>();
  const first = await buildPages(request, ({ step }) => steps.add(step));
  assert.equal(first.fromCache, false);
  assert.deepEqual([...steps], ['bundles', 'base components']);
  const label = 'Good evening,';
  writeFileSync(
    join(root, 'labels/CustomLabels.labels-meta.xml'),
    (greetingSource['labels/CustomLabels.labels-meta.xml'] ?? '').replace('Good day,', label),
  );
  const second = await buildPages(request, () => undefined);
  assert.equal(second.fromCache, true);
  assert.ok(second.assets.some(({ content }) => content.includes(label)));
  assert.notDeepEqual(
    first.assets.map(({ name }) => name),
    second.assets.map(({ name }) => name),
  );
  const engines = second.assets.filter(({ content }) => content.includes('class LightningElement'));
  assert.ok(engines.length <= 1, 'the engine is in one file');
  const script = second.assets.find(({ name }) => second.script.endsWith(name));
  assert.match(script?.content ?? '', /from ["']\/assets\/lwc-[\w-]+\.js["']/);
  assert.equal(readdirSync(cacheFolder).length, 1);
});

test('other modules or icons have a place of their own in the cache', () => {
  const key = cacheKey(['lightning/icon'], new Set(['utility:add']));
  assert.equal(key, cacheKey(['lightning/icon'], new Set(['utility:add'])));
  assert.notEqual(key, cacheKey(['lightning/icon', 'lightning/card'], new Set(['utility:add'])));
  assert.notEqual(key, cacheKey(['lightning/icon'], new Set(['utility:add', 'utility:edit'])));
});
