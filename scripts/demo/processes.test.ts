import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { followFile } from './followFile.ts';
import { makeChildren } from './processes.ts';
import { until } from './waiting.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'));
});
after(() => rm(folder, { recursive: true }));

const script = (source: string): string[] => ['--input-type=module', '--eval', source];
const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));

describe('child processes', () => {
  it('that end unexpectedly are reported with their last output', async () => {
    await using children = makeChildren();
    const failed = aborted(children.failure);
    const logFile = join(folder, 'a.log');
    const source = 'console.log("all well"); console.error("disk on fire"); process.exitCode = 3';
    await children.start({ name: 'toaster', args: script(source), logFile });
    const error = await failed;
    assert.ok(error instanceof Error);
    assert.match(error.message, /^toaster ended unexpectedly with code 3/);
    assert.match(error.message, /disk on fire/);
  });

  it('may end well when that is their task, but not badly', async () => {
    await using children = makeChildren();
    const spec = { logFile: join(folder, 'b.log'), mayEnd: true };
    const good = await children.start({ ...spec, name: 'good', args: script('') });
    assert.deepEqual(await good.exited, { code: 0, signal: null });
    assert.equal(children.failure.aborted, false);
    const failed = aborted(children.failure);
    await children.start({ ...spec, name: 'bad', args: script('process.exitCode = 1') });
    assert.match(String(await failed), /bad ended unexpectedly with code 1/);
  });

  it('are asked to end, last started first, and that is no failure', async () => {
    const order = join(folder, 'order.txt');
    const patient = (name: string): string =>
      `import { appendFileSync } from 'node:fs';
       const timer = setInterval(() => undefined, 1000);
       process.on('SIGTERM', () => { appendFileSync(${JSON.stringify(order)}, '${name} '); clearInterval(timer); });
       console.log('ready');`;
    const children = makeChildren();
    for (const name of ['one', 'two']) {
      const logFile = join(folder, `${name}.log`);
      await children.start({ name, args: script(patient(name)), logFile });
      await until(
        async () => ((await readFile(logFile, 'utf8')).includes('ready') ? true : undefined),
        { timeoutMs: 10_000, signal: children.failure, what: name, see: logFile },
      );
    }
    await children[Symbol.asyncDispose]();
    assert.equal(await readFile(order, 'utf8'), 'two one ');
    assert.equal(children.failure.aborted, false);
  });
});

describe('waiting', () => {
  it('names what did not come and where to look', async () => {
    const patience = { timeoutMs: 100, what: 'rain', see: 'sky.log' };
    const { signal } = new AbortController();
    await assert.rejects(
      until(async () => undefined, { ...patience, signal }),
      /waited 0\.1 s for rain, in vain; see sky\.log/,
    );
    await assert.rejects(
      until(async () => undefined, { ...patience, signal, because: () => 'no clouds' }),
      /for rain, in vain \(no clouds\); see/,
    );
  });

  it('ends at once when something else has failed', async () => {
    const signal = AbortSignal.abort(new Error('the org died'));
    const patience = { timeoutMs: 60_000, what: 'rain', see: 'sky.log', signal };
    await assert.rejects(
      until(async () => undefined, patience),
      /the org died/,
    );
  });
});

describe('following a file', () => {
  it('gives each whole line once, also when a line is written in parts', async () => {
    const file = join(folder, 'lines.txt');
    const newLines = followFile(file);
    assert.deepEqual(await newLines(), []);
    await writeFile(file, 'one\ntwo\nthr');
    assert.deepEqual(await newLines(), ['one', 'two']);
    assert.deepEqual(await newLines(), []);
    await appendFile(file, 'ée\n');
    assert.deepEqual(await newLines(), ['thrée']);
  });
});
