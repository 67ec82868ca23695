import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ChosenPart } from './parts.ts';
import { readReport, runJest } from './runJest.ts';

const LWC = 'force-app/a/one/lwc';
const TEST = `${LWC}/hello/__tests__/hello.test.js`;

/** A project of two packages whose component in one imports from the other, and whose root is a module. */
const PROJECT: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module"}',
  'sfdx-project.json': '{"packageDirectories":[{"path":"force-app/a"},{"path":"force-app/b"}]}',
  'force-app/b/lwc/twice/twice.js': 'export const twice = (text) => text + text;',
  [`${LWC}/hello/hello.html`]: '<template><p>{text}</p></template>',
  [`${LWC}/hello/hello.js`]: `import { LightningElement, api, wire } from 'lwc';
    import { getRecord, getFieldValue } from 'lightning/uiRecordApi';
    import NAME from '@salesforce/schema/Asset.Name';
    import greeting from '@salesforce/label/c.Signal_Greeting';
    import { twice } from 'c/twice';
    export default class Hello extends LightningElement {
      @api recordId;
      @wire(getRecord, { recordId: '$recordId', fields: [NAME] }) asset;
      get text() { return greeting + ' ' + twice(getFieldValue(this.asset.data, NAME)); }
    }`,
};

const HELLO = `import { createElement } from 'lwc';
  import { getRecord } from 'lightning/uiRecordApi';
  import Hello from 'c/hello';
  test('greets with what the wire gave, for everyone', async () => {
    const element = createElement('c-hello', { is: Hello });
    element.recordId = '02i000000000001';
    document.body.appendChild(element);
    getRecord.emit({ apiName: 'Asset', fields: { Name: { value: 'ab', displayValue: null } } });
    await Promise.resolve();
    expect(element.shadowRoot.querySelector('p').textContent).toBe('c.Signal_Greeting abab');
    await expect(element).toBeAccessible();
  });
  test('there is one engine, that of the tool', () => {
    expect(require.resolve('lwc')).toMatch(/scripts.tools.lwc.node_modules.@lwc.engine-dom/);
    expect(require.resolve('@lwc/engine-dom')).toBe(require.resolve('lwc'));
  });`;

function makeProject(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'jest-test-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ ...PROJECT, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function partOf(files: readonly string[]): ChosenPart {
  const part = {
    name: 'x',
    globs: [],
    concurrency: 1,
    first: [],
    background: false,
    timeoutMs: 10_000,
    needs: [],
  };
  return { ...part, runner: 'jest', files };
}

test('components of several packages are tested with one engine, wires and accessibility', async (t) => {
  const root = makeProject(t, { [TEST]: HELLO });
  const counts = await runJest(root, partOf([TEST]), 'ignore');
  assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 0 });
});

test('a failed test, a complaint to the console and a file that cannot be loaded are failures', async (t) => {
  const broken = `${LWC}/hello/__tests__/broken.test.js`;
  const root = makeProject(t, {
    [TEST]: `test('wrong', () => { expect(1).toBe(2); });
      test('complains', () => { console.warn('unknown property'); });
      test('complains on purpose', () => {
        jest.spyOn(console, 'error').mockImplementation(() => {});
        console.error('expected');
      });
      test.todo('later');`,
    [broken]: "import 'c/missing';",
  });
  const counts = await runJest(root, partOf([TEST, broken]), 'ignore');
  assert.deepEqual(counts, { passed: 1, failed: 3, skipped: 1 });
});

test('a run that ends badly without a failed test, or passes a file over, is no pass', () => {
  const told = {
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    numTotalTestSuites: 1,
    success: true,
  };
  assert.equal(readReport(told, 1, true).failed, 0);
  assert.equal(readReport(told, 1, false).failed, 1);
  assert.equal(readReport(told, 2, true).failed, 1);
});
