import assert from 'node:assert/strict';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertRestores, headAt, keep, putPieces } from '../../ports/stateStore.contract.ts';
import { testStateStore } from '../../ports/stateStore.contract.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { openFileStateStore } from './fileStateStore.ts';
import { FRAME_BYTES, HEAD, jsonFrame } from './frames.ts';
import { diskWrites } from './frameWriter.ts';
import { makeMemoryStateStore } from './memoryStateStore.ts';

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'state-'));
  const logger = makeTestLogger();
  const reopen = () => openFileStateStore({ folder, logger });
  return {
    folder,
    logger,
    reopen,
    store: await reopen(),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

testStateStore('files', openFolder);
testStateStore('memory', async () => ({
  store: makeMemoryStateStore(),
  [Symbol.asyncDispose]: async () => undefined,
}));

async function newestFile(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.state')).toSorted();
  return join(folder, names.at(-1) as string);
}

test('states are there after a start, the newest first', async () => {
  await using opened = await openFolder();
  for (const cursor of [5, 9, 12]) await keep(opened.store, cursor);
  const store = await opened.reopen();
  assert.deepEqual([store.oldest()?.cursor, store.newest()?.cursor], [9, 12]);
  await assertRestores(store, 12);
  await keep(store, 15);
  await assertRestores(await opened.reopen(), 15);
  assert.deepEqual(opened.logger.lines, []);
});

const damages: readonly (readonly [name: string, (path: string) => Promise<void>])[] = [
  ['torn in the middle', (path) => truncate(path, FRAME_BYTES + 4_000)],
  ['torn at its end', async (path) => truncate(path, (await readFile(path)).length - 1)],
  ['torn within its head', (path) => truncate(path, 30)],
  ['empty', (path) => truncate(path, 0)],
  ['gone', (path) => unlink(path)],
  ...[4, 12, 40, 3_000, FRAME_BYTES + 200, -3].map(
    (at) =>
      [
        `flipped in one bit at ${at}`,
        async (path: string) => {
          const bytes = await readFile(path);
          const byte = at < 0 ? bytes.length + at : at;
          bytes[byte] = (bytes[byte] as number) ^ 0x10;
          await writeFile(path, bytes);
        },
      ] as const,
  ),
];
for (const [name, damage] of damages) {
  test(`where the newest state is ${name}, the one before it is taken and the log says so`, async () => {
    await using opened = await openFolder();
    await keep(opened.store, 5, 300);
    await keep(opened.store, 9, 300);
    await damage(await newestFile(opened.folder));
    const store = await opened.reopen();
    await assertRestores(store, 5, 300);
    assert.equal(store.newest()?.cursor, 5);
    if (name !== 'gone') assert.match(opened.logger.lines.join('\n'), /^error the saved state .*/);
    await keep(store, 11, 300);
    await assertRestores(await opened.reopen(), 11, 300);
  });
}

test('a state of another version of the bridge is left alone, and a start says what to do', async () => {
  await using opened = await openFolder();
  const path = join(opened.folder, '0000000000000001.state');
  await writeFile(path, jsonFrame({ version: 99, sequence: 1, ...headAt(5) }, HEAD, 0));
  await assert.rejects(opened.reopen(), /written by another version .*layout 99.*start that one/);
  assert.deepEqual(await readdir(opened.folder), ['0000000000000001.state']);
});

test('a draft that a crash left behind is forgotten', async () => {
  await using opened = await openFolder();
  await keep(opened.store, 5);
  const draft = opened.store.begin(headAt(9));
  putPieces(draft, 9, 2_000);
  await draft.room();
  await assertRestores(await opened.reopen(), 5);
  await draft.discard();
});

test('a full disk refuses the state, keeps the one before and takes the next when there is room', async () => {
  await using opened = await openFolder();
  let room = Infinity;
  const full = () => Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const spend = (bytes: number): void => {
    room -= bytes;
    if (room < 0) throw full();
  };
  const disk = {
    ...diskWrites,
    async write(fd: number, bytes: Buffer, at: number) {
      spend(bytes.length);
      return diskWrites.write(fd, bytes, at);
    },
    writeNow(fd: number, bytes: Buffer, at: number) {
      spend(bytes.length);
      return diskWrites.writeNow(fd, bytes, at);
    },
  };
  const { folder, logger } = opened;
  const store = await openFileStateStore({ folder, logger, disk });
  await keep(store, 5);
  for (const left of [0, 500, 3 * FRAME_BYTES, 40 * FRAME_BYTES]) {
    room = left;
    const draft = store.begin(headAt(9));
    putPieces(draft, 9, 6_000);
    await draft.room();
    const refused = await draft.commit();
    assert.ok(!refused.ok);
    assert.equal(refused.error.kind, 'full');
    assert.match(refused.error.reason, /no space left/);
    assert.deepEqual(await readdir(folder), ['0000000000000001.state']);
  }
  room = Infinity;
  await keep(store, 12);
  await assertRestores(store, 12);
});

test('a folder that cannot be written refuses, and does not throw', async () => {
  await using opened = await openFolder();
  await rm(opened.folder, { recursive: true });
  const draft = opened.store.begin(headAt(9));
  putPieces(draft, 9, 10);
  const refused = await draft.commit();
  assert.ok(!refused.ok);
  assert.equal(refused.error.kind, 'unavailable');
  assert.match(refused.error.reason, /cannot write .*check that it is writable/s);
  await mkdir(opened.folder);
});
