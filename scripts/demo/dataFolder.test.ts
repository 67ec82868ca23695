import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { takeDataFolder } from './dataFolder.ts';

describe('the data folder', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'demo-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const marker = 'asset-signals-demo.json';
  /** The parent of this process is alive and is another process. */
  const occupy = async (path: string): Promise<void> => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, marker), JSON.stringify({ pid: process.ppid }));
  };

  it('is made where it is wanted and emptied when a demo left things in it', async () => {
    const path = join(root, 'a', 'b');
    const folder = await takeDataFolder(root, path);
    await writeFile(folder.file('old.log'), 'x');
    await mkdir(folder.file('org'));
    await takeDataFolder(root, path);
    assert.deepEqual(await readdir(path), [marker]);
  });

  it('is marked as a demo’s at every moment of the emptying', async () => {
    const path = join(root, 'old');
    const folder = await takeDataFolder(root, path);
    for (let file = 0; file < 50; file += 1) await writeFile(folder.file(`${file}.log`), 'x');
    let isTaken = false;
    const taking = takeDataFolder(root, path).finally(() => (isTaken = true));
    while (!isTaken) {
      assert.ok(existsSync(join(path, marker)));
      await new Promise(setImmediate);
    }
    await taking;
    assert.deepEqual(await readdir(path), [marker]);
  });

  it('is refused when it holds anything that is not a demo, and nothing is touched', async () => {
    const file = join(root, 'thesis.txt');
    await writeFile(file, 'five years');
    await assert.rejects(takeDataFolder(root, root), {
      name: 'UsageError',
      message: /not a demo's \(thesis\.txt\)/,
    });
    assert.equal(await readFile(file, 'utf8'), 'five years');
    await assert.rejects(takeDataFolder(root, file), /not a folder/);
  });

  it('of a running demo is refused when wanted, and passed over when not', async () => {
    const path = join(root, '.data', 'demo');
    await occupy(path);
    await assert.rejects(takeDataFolder(root, path), /another demo \(process \d+\) is using it/);
    assert.equal((await takeDataFolder(root, undefined)).path, `${path}-2`);
  });

  it('is another one for each of many demos that are started in the same moment', async () => {
    const demo = join(import.meta.dirname, 'dataFolder.ts');
    const at = Date.now() + 1_500;
    // Each waits for the moment, and stays until all have chosen.
    const program = `
      import { takeDataFolder } from ${JSON.stringify(demo)};
      while (Date.now() < ${at});
      const { path } = await takeDataFolder(${JSON.stringify(root)}, undefined);
      console.log(path);
      process.stdin.resume();`;
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
    const demos = Array.from({ length: 5 }, () =>
      spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    try {
      const paths = await Promise.all(
        demos.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()),
      );
      const first = join(root, '.data', 'demo');
      const numbered = [2, 3, 4, 5].map((number) => `${first}-${number}`);
      assert.deepEqual(paths.toSorted(), [first, ...numbered]);
    } finally {
      for (const { stdin } of demos) stdin.end();
      await Promise.all(demos.map((child) => once(child, 'exit')));
    }
  });

  it('of a demo that has died is taken over', async () => {
    const path = join(root, '.data', 'demo');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, marker), '{"pid":999999999}');
    assert.equal((await takeDataFolder(root, undefined)).path, path);
  });
});
