import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toDeviceKey } from '../../model/brand.ts';
import { testAttic } from '../../ports/attic.contract.ts';
import { makeLayeredAttic } from './layeredAttic.ts';
import { makeMemoryAttic } from './memoryAttic.ts';
import { openSqliteAttic } from './sqliteAttic.ts';

testAttic('memory', async () => {
  const rows = makeMemoryAttic();
  return {
    attic: rows.open(),
    reopen: () => rows.open(),
    [Symbol.asyncDispose]: async () => undefined,
  };
});

testAttic('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'attic-'));
  const opened: Disposable[] = [];
  const open = (name: string) => {
    const attic = openSqliteAttic(join(folder, name, 'attic.sqlite'));
    opened.push(attic);
    return attic;
  };
  let starts = 0;
  return {
    attic: open('first'),
    // What a process that was killed leaves behind.
    reopen() {
      starts += 1;
      cpSync(join(folder, 'first'), join(folder, `start-${starts}`), { recursive: true });
      return open(`start-${starts}`);
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened) one[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
});

test('what the disk refuses stays in the attic and goes with the next state', async () => {
  const written = new Map<string, string>();
  let isFull = true;
  const attic = makeLayeredAttic(
    {
      get: () => undefined,
      has: () => false,
      due: () => [],
      count: () => 0,
      prune: async () => undefined,
      restore: () => undefined,
      async change(sequence, changes) {
        if (isFull) throw new Error('no space');
        for (const [device, aside] of changes) written.set(device, `${sequence} ${aside?.state}`);
      },
    },
    () => ({ kind: 'full', reason: 'no space left' }),
  );
  attic.put(toDeviceKey('a'), { dueAt: Infinity, state: 'first' });
  attic.put(toDeviceKey('b'), { dueAt: Infinity, state: 'stays' });
  attic.stage(1);
  assert.ok(!(await attic.write()).ok);
  assert.equal(attic.take(toDeviceKey('a'))?.state, 'first');
  attic.put(toDeviceKey('a'), { dueAt: Infinity, state: 'second' });
  isFull = false;
  attic.stage(1);
  assert.ok((await attic.write()).ok);
  assert.deepEqual(Object.fromEntries(written), { a: '1 second', b: '1 stays' });
});

test('an attic that cannot be read says what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attic-'));
  const file = join(folder, 'attic.sqlite');
  writeFileSync(file, 'this is no database, and long enough to be read as one'.repeat(100));
  assert.throws(() => openSqliteAttic(file), /attic\.sqlite cannot be used .*: check the disk/);
  rmSync(folder, { recursive: true });
});
