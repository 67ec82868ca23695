import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { inWords } from './counts.ts';
import { chooseParts, type ChosenPart, PARTS } from './parts.ts';
import { runPart } from './runPart.ts';
import { ensurePrograms, type Machine } from './systemPackages.ts';
import { Ended } from './untilEnded.ts';

function makeProject(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'testing-test-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function partOf(files: readonly string[]): ChosenPart {
  return {
    name: 'x',
    globs: [],
    runner: 'node',
    concurrency: 1,
    first: [],
    background: false,
    timeoutMs: 20_000,
    needs: [],
    files,
  };
}

test('each file belongs to one part: system tests are no unit tests', (t) => {
  const root = makeProject(t, {
    'bridge/src/core/a.test.ts': '',
    'scripts/run/b.test.mjs': '',
    'scripts/system/c.test.ts': '',
    'local-org/test/flows/e.test.ts': '',
    'local-org/test/new/f.test.ts': '',
    'scripts/strangers/d.test.ts': '',
    'force-app/core/a/lwc/b/__tests__/b.test.js': '',
    'bridge/node_modules/x/src/d.test.ts': '',
  });
  assert.deepEqual(
    chooseParts(root, []).map(({ name, files }) => [name, files]),
    [
      ['unit', ['bridge/src/core/a.test.ts', 'scripts/run/b.test.mjs']],
      ['lwc', ['force-app/core/a/lwc/b/__tests__/b.test.js']],
      ['system', ['local-org/test/new/f.test.ts', 'scripts/system/c.test.ts']],
      ['strangers', ['scripts/strangers/d.test.ts']],
      ['flows', ['local-org/test/flows/e.test.ts']],
    ],
  );
});

test('a pattern chooses files by their path, and leaves parts without one out', (t) => {
  const root = makeProject(t, { 'bridge/src/a.test.ts': '', 'scripts/system/c.test.ts': '' });
  const [only, ...others] = chooseParts(root, ['system/']);
  assert.deepEqual(only?.files, ['scripts/system/c.test.ts']);
  assert.deepEqual(others, []);
  assert.deepEqual(chooseParts(root, ['nothing']), []);
  assert.equal(chooseParts(root, []).length, PARTS.length);
});

test('what takes longest starts first, and is there', (t) => {
  const root = makeProject(t, { 'a.test.ts': '', 'b.test.ts': '', 'c.test.ts': '' });
  const part = { ...partOf([]), globs: ['*.test.ts'], first: ['c.test.ts', 'b.test.ts'] };
  const [chosen] = chooseParts(root, [], [part]);
  assert.deepEqual(chosen?.files, ['c.test.ts', 'b.test.ts', 'a.test.ts']);
  for (const { name, first, files } of chooseParts(join(import.meta.dirname, '../..'), [])) {
    assert.deepEqual(files.slice(0, first.length), first, name);
  }
});

test('files run in the order they are given, and what they print can be kept for later', async (t) => {
  const say = (what: string): string =>
    `import { test } from 'node:test'; test('${what}', () => {});`;
  const root = makeProject(t, { 'a.test.mjs': say('one'), 'b.test.mjs': say('two') });
  let text = '';
  const part = { ...partOf(['b.test.mjs', 'a.test.mjs']), background: true };
  const counts = await runPart(root, part, (more) => (text += more));
  assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 0 });
  assert.match(text, /two[^]*one/);
});

test("the counts are the runner's own, over all files", async (t) => {
  const root = makeProject(t, {
    'a.test.mjs': `import { test } from 'node:test';
      test('one', () => {}); test('two', () => {}); test('later', { skip: 'not yet' }, () => {});`,
    'b.test.mjs': `import { test } from 'node:test';
      test('three', () => {}); test('wrong', () => { throw new Error('on purpose'); });`,
  });
  const counts = await runPart(root, partOf(['a.test.mjs', 'b.test.mjs']), 'ignore');
  assert.deepEqual(counts, { passed: 3, failed: 1, skipped: 1 });
  assert.equal(inWords(counts), '3 passed, 1 failed, 1 skipped');
});

test('a file that cannot be loaded is a failure', async (t) => {
  const root = makeProject(t, { 'a.test.mjs': "import './missing.mjs';" });
  assert.equal((await runPart(root, partOf(['a.test.mjs']), 'ignore')).failed, 1);
});

test(
  'ended by SIGTERM, a run ends its tests and nothing follows',
  { timeout: 20_000 },
  async (t) => {
    const root = makeProject(t, {
      'a.test.mjs': `import { test } from 'node:test';
      import { writeFileSync } from 'node:fs';
      test('long', async () => { writeFileSync('begun', ''); await new Promise((r) => setTimeout(r, 15_000)); });`,
    });
    const runner = runPart(root, partOf(['a.test.mjs']), 'ignore');
    const failure = assert.rejects(runner, Ended);
    while (!existsSync(join(root, 'begun'))) await setTimeout(20);
    process.emit('SIGTERM');
    await failure;
    assert.equal(process.listenerCount('SIGTERM'), 0);
  },
);

/** A machine without the program and its lists; the second installation, after an update, works. */
function machine(installs: boolean, mayInstall: boolean): Machine & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    mayInstall,
    has: () =>
      installs && ran.filter((command) => command.startsWith('apt-get install')).length > 1,
    run(command, args) {
      ran.push(`${command} ${args[0]} ${args.at(-1)}`);
      return ran.length === 1 || !installs ? 'E: Unable to locate package' : undefined;
    },
  };
}

test('on Debian as root a missing program is installed, with an update when its name is unknown', () => {
  const debian = machine(true, true);
  assert.equal(ensurePrograms(['mosquitto'], debian), undefined);
  assert.deepEqual(debian.ran, [
    'apt-get install mosquitto',
    'apt-get update --quiet',
    'apt-get install mosquitto',
  ]);
});

test('elsewhere it says exactly what to install, and touches nothing', () => {
  const other = machine(false, false);
  const said = ensurePrograms(['mosquitto'], other) ?? '';
  assert.match(said, /^The tests need mosquitto: an MQTT broker/);
  assert.match(said, /sudo apt-get install mosquitto\n.*dnf install mosquitto\n.*brew install/);
  assert.deepEqual(other.ran, []);
});

test('an installation that fails is told with its reason', () => {
  const said = ensurePrograms(['mosquitto'], machine(false, true)) ?? '';
  assert.match(said, /Installing it failed:\nE: Unable to locate package/);
});
