import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ensureTool } from './ensureTool.ts';

/** A folder of tools with one whose only package is a folder beside it, so that npm needs no registry. */
function makeTools(t: TestContext): string {
  const tools = mkdtempSync(join(tmpdir(), 'tools-test-'));
  t.after(() => rmSync(tools, { recursive: true, force: true }));
  const write = (path: string, content: unknown): void => {
    mkdirSync(join(tools, path, '..'), { recursive: true });
    writeFileSync(join(tools, path), JSON.stringify(content));
  };
  write('saw/blade/package.json', { name: 'blade', version: '1.0.0', main: 'blade.json' });
  write('saw/blade/blade.json', { teeth: 24 });
  write('saw/package.json', { name: 'saw', private: true, dependencies: { blade: 'file:blade' } });
  write('saw/package-lock.json', {
    name: 'saw',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'saw', dependencies: { blade: 'file:blade' } },
      blade: { version: '1.0.0' },
      'node_modules/blade': { resolved: 'blade', link: true },
    },
  });
  return tools;
}

test('a tool is installed by the real npm, once, and its packages can be imported', async (t) => {
  const tools = makeTools(t);
  const [folder, same] = await Promise.all([ensureTool('saw', tools), ensureTool('saw', tools)]);
  assert.equal(folder, same);
  const blade: unknown = createRequire(join(folder, 'package.json'))('blade');
  assert.deepEqual(blade, { teeth: 24 });
  const stamp = join(folder, 'node_modules/.installed-lock');
  const installed = readFileSync(stamp, 'utf8');
  writeFileSync(join(folder, 'node_modules/mark'), '');
  await ensureTool('saw', tools);
  assert.equal(readFileSync(join(folder, 'node_modules/mark'), 'utf8'), '', 'npm ci ran again');
  assert.equal(readFileSync(stamp, 'utf8'), installed);
});

test('a tool whose lock is out of step says what npm misses and where to mend it', async (t) => {
  const tools = makeTools(t);
  const wanted = { name: 'saw', dependencies: { blade: 'file:blade', handle: 'file:handle' } };
  writeFileSync(join(tools, 'saw/package.json'), JSON.stringify(wanted));
  await assert.rejects(ensureTool('saw', tools), /npm (ci|install).* in .*\/saw/);
});

test('a tool that does not exist is named, with what makes one', async (t) => {
  await assert.rejects(ensureTool('chisel', makeTools(t)), /There is no tool 'chisel'.*lock/);
});
