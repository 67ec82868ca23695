import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { toEpochMs, toLogPosition } from '../../../model/brand.ts';
import { makeMessage, payloadOf } from '../../../model/message.ts';
import type { Message } from '../../../model/message.ts';
import { encodeBatch, entriesOf, readBatch, sizeOfBatch, sizeToBlock } from './batch.ts';
import { BLOCK, makeBlockBuffer, makeSegmentOpener } from './segmentFile.ts';

test('what is written at blocks and beside them stands in the file as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'segment-file-'));
  const path = join(folder, 'a.log');
  const expected = Buffer.alloc(20 * BLOCK);
  writeFileSync(path, expected);
  const file = await makeSegmentOpener()(path);
  const memory = makeBlockBuffer(8 * BLOCK);
  const writes = [
    [0, 0, BLOCK],
    [0, BLOCK, 3 * BLOCK + 7],
    [0, 4 * BLOCK + 7, BLOCK],
    [100, 8 * BLOCK, 2 * BLOCK],
    [0, 12 * BLOCK, 8 * BLOCK],
  ] as const;
  for (const [turn, [from, at, length]] of writes.entries()) {
    memory.fill(turn + 1);
    const bytes = memory.subarray(from, from + length);
    await file.write(bytes, at);
    bytes.copy(expected, at);
    assert.deepEqual(readFileSync(path), expected, `write ${turn}`);
  }
  await file.close();
  rmSync(folder, { recursive: true });
});

const MARK = Buffer.from('a mark.!');

test('a large batch ends with a block wherever it begins, and has its messages and no more', () => {
  const make = (bytes: number): Message => makeMessage('t', Buffer.alloc(bytes, 7), toEpochMs(5));
  for (let more = 0; more < 64; more += 1) {
    const messages = [make(40_000), make(25_600 + more)];
    const size = sizeOfBatch(messages);
    const at = more * 123;
    const filled = sizeToBlock(size, at);
    assert.equal((at + filled) % BLOCK, 0);
    assert.ok(filled >= size && filled < size + 2 * BLOCK);
    const bytes = makeBlockBuffer(filled).fill(1);
    encodeBatch(messages, 9, MARK, bytes);
    const batch = readBatch(bytes, 0, MARK);
    assert.deepEqual([batch?.first, batch?.last, batch?.end], [9, 10, filled]);
    assert.ok(batch);
    const entries = [...entriesOf(batch, toLogPosition(0))];
    assert.deepEqual(
      entries.map((entry) => entry.kind === 'message' && payloadOf(entry).length),
      [40_000, 25_600 + more],
    );
  }
});

test('what would fill a batch is never as long as a tick', () => {
  for (let size = 70_000; size < 70_000 + BLOCK; size += 1) {
    const gap = sizeToBlock(size, 0) - size;
    assert.ok(gap === 0 || (gap >= 16 && gap !== 25), `${gap} bytes behind ${size}`);
  }
});

test('a small batch is left as it is', () => {
  assert.equal(sizeToBlock(300, 5), 300);
});
