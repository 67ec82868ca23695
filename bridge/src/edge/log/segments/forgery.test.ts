import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';

import { makeRandom } from '../../../core/fixtures/random.ts';
import { toEpochMs, toLogPosition } from '../../../model/brand.ts';
import { makeMessage, payloadOf } from '../../../model/message.ts';
import type { Message } from '../../../model/message.ts';
import { toStorageFailure } from '../database.ts';
import { encodeBatch, MARK_BYTES, sizeOfBatch } from './batch.ts';
import { openSegmentLog } from './segmentLog.ts';
import type { SegmentLog } from './segmentLog.ts';
import type { Damage } from './segmentReader.ts';

const message = (payload: string | Buffer): Message =>
  makeMessage('a/b', Buffer.from(payload), toEpochMs(1_000));

function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'forgery-'));
  const damages: Damage[] = [];
  return {
    folder,
    damages,
    open: (): Promise<SegmentLog> =>
      openSegmentLog({
        folder,
        segmentBytes: 16_384,
        startAfter: toLogPosition(0),
        onDamage: (damage) => damages.push(damage),
        toFailure: (error) => toStorageFailure(error, folder),
      }),
    segments: () => readdirSync(folder).filter((name) => !name.startsWith('spare')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const texts = async (log: SegmentLog): Promise<string[]> =>
  (await log.read(toLogPosition(0), 1_000)).map((entry) =>
    entry.kind === 'message' ? payloadOf(entry).toString('latin1') : 'tick',
  );

/** A batch as the bridge writes it, whole and with a right CRC. */
function forge(mark: Buffer, position: number): Buffer {
  const records = [message('forged')];
  const bytes = Buffer.alloc(sizeOfBatch(records));
  encodeBatch(records, position, mark, bytes);
  return bytes;
}

/** The same of the earlier kind, which has no mark. */
function forgeUnmarked(records: readonly Message[], position: number): Buffer {
  const marked = Buffer.alloc(sizeOfBatch(records));
  encodeBatch(records, position, Buffer.alloc(MARK_BYTES), marked);
  const bytes = Buffer.concat([marked.subarray(0, 24), marked.subarray(24 + MARK_BYTES)]);
  bytes.write('ASL1', 0, 'latin1');
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
  return bytes;
}

const randomBytes = (random: { below(limit: number): number }, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => random.below(256)));

test('a payload that looks like a batch is never taken for one behind a torn end, wherever it is torn', async () => {
  const random = makeRandom(3);
  let takenWithTheMark = 0;
  for (let round = 0; round < 60; round += 1) {
    using box = makeFolder();
    let mark = Buffer.alloc(0);
    {
      await using log = await box.open();
      assert.ok((await log.append([message('before')])).ok);
      mark = Buffer.from(box.segments()[0]?.slice(17, 33) ?? '', 'hex');
      const isKnown = round % 10 === 0;
      // Positions the log would give next, or later ones, as one who counts along could guess.
      const forged = Array.from({ length: 8 }, () => {
        const position = 2 + random.below(3);
        if (isKnown) return forge(mark, position);
        const guess = random.below(2) === 0 ? randomBytes(random, MARK_BYTES) : Buffer.alloc(8);
        return random.below(3) === 0
          ? forgeUnmarked([message('forged')], position)
          : forge(guess, position);
      });
      const around = randomBytes(random, random.below(50));
      assert.ok((await log.append([message(Buffer.concat([around, ...forged]))])).ok);
    }
    const [name = ''] = box.segments();
    const bytes = readFileSync(join(box.folder, name));
    const torn = bytes.lastIndexOf('forged') + 'forged'.length;
    // Torn within the header's sizes, or anywhere behind: what is left of the payload is as it was sent.
    const second = bytes.indexOf('ASL2', 10);
    bytes.fill(0, random.below(2) === 0 ? second : second + 40, second + 41 + random.below(20));
    bytes.fill(0, torn - random.below(60));
    writeFileSync(join(box.folder, name), bytes);
    await using log = await box.open();
    const read = await texts(log);
    if (round % 10 === 0) {
      takenWithTheMark += read.includes('forged') ? 1 : 0;
      continue;
    }
    assert.deepEqual(read, ['before'], `round ${round}`);
    assert.deepEqual(box.damages, []);
    assert.ok((await log.append([message('after')])).ok);
    assert.deepEqual(await texts(log), ['before', 'after']);
  }
  // Who had the mark could do it: so it is the mark that keeps the others out.
  assert.ok(takenWithTheMark > 0);
});

test('each segment has a mark of its own', async () => {
  using box = makeFolder();
  await using log = await box.open();
  for (let count = 0; count < 20; count += 1)
    assert.ok((await log.append([message('x'.repeat(4_000))])).ok);
  const marks = box.segments().map((name) => name.slice(17, 33));
  assert.ok(marks.length > 3);
  assert.equal(new Set(marks).size, marks.length);
});

test('a log of the earlier kind is read as it is, also behind a damage, and goes on in a segment with a mark', async () => {
  using box = makeFolder();
  const old = join(box.folder, '0000000000000001.log');
  writeFileSync(old, forgeUnmarked([message('one'), message('two')], 1));
  appendFileSync(old, forgeUnmarked([message('three')], 3));
  appendFileSync(old, forgeUnmarked([message('four')], 4));
  const bytes = readFileSync(old);
  bytes[bytes.indexOf('three')] = 0;
  writeFileSync(old, Buffer.concat([bytes, Buffer.alloc(500)]));
  {
    await using log = await box.open();
    assert.equal(log.end(), 4);
    assert.ok((await log.append([message('five')])).ok);
    assert.deepEqual(await texts(log), ['one', 'two', 'four', 'five']);
  }
  await using log = await box.open();
  assert.deepEqual(await texts(log), ['one', 'two', 'four', 'five']);
  assert.equal(log.end(), 5);
  assert.deepEqual(readFileSync(old).subarray(0, bytes.length), bytes);
});

test('a batch larger than a segment goes into one that a crash left empty, not beside it', async () => {
  using box = makeFolder();
  writeFileSync(
    join(box.folder, `${'1'.padStart(16, '0')}-0123456789abcdef.log`),
    Buffer.alloc(16_384),
  );
  {
    await using log = await box.open();
    assert.ok((await log.append([message('x'.repeat(50_000))])).ok);
    assert.ok((await log.append([message('y')])).ok);
    assert.deepEqual(
      box.segments().map((name) => Number(name.slice(0, 16))),
      [1, 2],
    );
  }
  await using log = await box.open();
  assert.deepEqual(
    (await texts(log)).map(({ length }) => length),
    [50_000, 1],
  );
});
