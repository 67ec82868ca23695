import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandStep } from './command.ts';
import { lwcStep } from './lintComponents.ts';
import { judgeLock } from './locks.ts';
import { protoStep } from './protoCopies.ts';
import { runSteps } from './runSteps.ts';
import type { Step } from './step.ts';

function makeRoot(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'check-test-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('a program that succeeds is a pass, whatever it prints', async (t) => {
  const root = makeRoot(t, {
    'node_modules/x/bin.mjs': 'console.log("checking", process.argv[2])',
  });
  assert.deepEqual(await commandStep('x', 'x/bin.mjs', ['a']).run(root), []);
});

test('a program that fails gives all its lines, of both streams, as findings', async (t) => {
  const script = 'console.log("a.ts: wrong\\n"); console.error("b"); process.exitCode = 2;';
  const root = makeRoot(t, { 'node_modules/x/bin.mjs': script });
  const found = await commandStep('x', 'x/bin.mjs', []).run(root);
  assert.deepEqual(found.toSorted(), ['a.ts: wrong', 'b']);
});

test('a program that fails without a word is a finding all the same', async (t) => {
  const root = makeRoot(t, { 'node_modules/x/bin.mjs': 'process.exitCode = 2;' });
  assert.deepEqual(await commandStep('x', 'x/bin.mjs', []).run(root), [
    'ended with exit code 2 and said nothing',
  ]);
});

test('a program that is not installed is a finding', async (t) => {
  const found = await commandStep('x', 'x/bin.mjs', []).run(makeRoot(t, {}));
  assert.match(found.join('\n'), /Cannot find module/);
});

test('the two copies of the contract have to be the same to the byte', async (t) => {
  const bridge = 'bridge/proto/pubsub_api.proto';
  const localOrg = 'local-org/proto/pubsub_api.proto';
  assert.deepEqual(await protoStep.run(makeRoot(t, { [bridge]: 'a', [localOrg]: 'a' })), []);
  const found = await protoStep.run(makeRoot(t, { [bridge]: 'a', [localOrg]: 'a\n' }));
  assert.match(found[0] ?? '', /pubsub_api\.proto differ/);
});

test("a component is linted by Salesforce's rules, a finding to a line", async (t) => {
  const js = `import { LightningElement } from 'lwc';
    export default class Hello extends LightningElement {
      connectedCallback() { setTimeout(() => this.template.host.innerHTML = 'x', 5); }
    }`;
  const root = makeRoot(t, { 'force-app/core/lwc/hello/hello.js': js });
  const found = (await lwcStep.run(root)).join('\n');
  assert.match(found, /^force-app\/core\/lwc\/hello\/hello\.js:3: .*no-async-operation\)$/m);
  assert.match(found, /no-inner-html/);
});

test('no components at all is a finding: nothing was looked at', async (t) => {
  assert.match((await lwcStep.run(makeRoot(t, {})))[0] ?? '', /holds no Lightning web component/);
});

test('a lock that names a registry, or lacks a platform of an optional package, is found', () => {
  const text = JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { optionalDependencies: { 'a-mac': '1.0.0', 'a-linux': '1.0.0' } },
      'node_modules/a-linux': { resolved: 'https://registry.example/a.tgz' },
      'node_modules/here': { resolved: 'here', link: true },
    },
  });
  const tool = judgeLock('scripts/tools/saw/package-lock.json', text).join('\n');
  assert.match(tool, /node_modules\/a-linux is locked to an address/);
  assert.match(tool, /a-mac, optional to node_modules\/a, is missing/);
  assert.equal(judgeLock('package-lock.json', text).length, 1);
});

test('steps run side by side, are told in their order, and one that cannot be run is a finding', async () => {
  const ran: string[] = [];
  const step = (name: string, ms: number, error?: Error): Step => ({
    name,
    run: async () => {
      await sleep(ms);
      ran.push(name);
      if (error !== undefined) throw error;
      return [];
    },
  });
  const forPeople = Object.assign(new Error('npm was not found.\nInstall it.'), {
    forPeople: true,
  });
  const told: (readonly [string, readonly string[]])[] = [];
  const steps = [step('slow', 60), step('quick', 1), step('broken', 1, forPeople)];
  await runSteps('/', steps, 2, ({ step: { name }, findings }) => told.push([name, findings]));
  assert.deepEqual(ran, ['quick', 'broken', 'slow']);
  assert.deepEqual(told, [
    ['slow', []],
    ['quick', []],
    ['broken', ['npm was not found.', 'Install it.']],
  ]);
});
