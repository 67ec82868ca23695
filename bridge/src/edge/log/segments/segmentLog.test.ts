import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeRandom } from '../../../core/fixtures/random.ts';
import { toEpochMs, toLogPosition } from '../../../model/brand.ts';
import { makeMessage, payloadOf } from '../../../model/message.ts';
import type { Message } from '../../../model/message.ts';
import type { LogEntry } from '../../../ports/log.ts';
import { toStorageFailure } from '../database.ts';
import { openSegmentLog } from './segmentLog.ts';
import type { SegmentLog, SegmentLogOptions } from './segmentLog.ts';
import type { Damage } from './segmentReader.ts';

const TOPIC = 'plant/pump/pump-001/telemetry';
const message = (text: string, receivedAt = 1_000): Message =>
  makeMessage(TOPIC, Buffer.from(text), toEpochMs(receivedAt));

/** A folder that goes with the test, and a way to open the log in it as a new process would. */
function makeFolder(changes: Partial<SegmentLogOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'segments-'));
  const damages: Damage[] = [];
  const open = (): Promise<SegmentLog> =>
    openSegmentLog({
      folder,
      segmentBytes: 4_096,
      startAfter: toLogPosition(0),
      onDamage: (damage) => damages.push(damage),
      toFailure: (error) => toStorageFailure(error, folder),
      ...changes,
    });
  return {
    folder,
    damages,
    open,
    files: () => readdirSync(folder).toSorted(),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const textOf = (entry: LogEntry): string =>
  entry.kind === 'message' ? payloadOf(entry).toString() : `${entry.kind} ${entry.at}`;

async function texts(log: SegmentLog, after = 0, limit = 10_000): Promise<string[]> {
  const seen: string[] = [];
  for (let at = toLogPosition(after); seen.length < limit;) {
    const entries = await log.read(at, 7);
    const last = entries.at(-1);
    if (last === undefined) break;
    seen.push(...entries.map(textOf));
    at = last.position;
  }
  return seen;
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`);

/** Appends messages `from` to `to` in batches of three. */
async function append(log: SegmentLog, from: number, to: number): Promise<void> {
  const all = numbers(from, to);
  for (let at = 0; at < all.length; at += 3) {
    const kept = await log.append(all.slice(at, at + 3).map((text) => message(text)));
    assert.ok(kept.ok, JSON.stringify(kept));
  }
}

test('what was appended is there after a restart, over many segments, and positions go on', async () => {
  using box = makeFolder();
  {
    await using log = await box.open();
    await append(log, 1, 400);
    assert.deepEqual(await texts(log), numbers(1, 400));
  }
  await using log = await box.open();
  assert.equal(log.end(), 400);
  await append(log, 401, 405);
  assert.deepEqual(await texts(log), numbers(1, 405));
  assert.deepEqual(await texts(log, 397), numbers(398, 405));
  assert.ok(box.files().length > 5);
  assert.deepEqual(box.damages, []);
});

test('appends that come during a flush share the next one', async () => {
  using box = makeFolder();
  await using log = await box.open();
  const kept = await Promise.all(numbers(1, 50).map((text) => log.append([message(text)])));
  assert.deepEqual(
    kept.map((one) => (one.ok ? Number(one.value) : one.error)),
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
  assert.deepEqual(await texts(log), numbers(1, 50));
});

test('a batch that a crash cut off anywhere is as if it had never been, and the next takes its place', async () => {
  using box = makeFolder();
  {
    await using log = await box.open();
    await append(log, 1, 6);
  }
  const [name = ''] = box.files();
  const bytes = readFileSync(join(box.folder, name));
  const end = 2 * (32 + 3 * (16 + TOPIC.length + 'message 1'.length));
  for (let cut = end / 2; cut < end; cut += 1) {
    using copy = makeFolder();
    cpSync(box.folder, copy.folder, { recursive: true });
    const torn = Buffer.from(bytes);
    torn.fill(0, cut);
    writeFileSync(join(copy.folder, name), torn);
    await using log = await copy.open();
    assert.deepEqual(await texts(log), numbers(1, 3), `cut at ${cut}`);
    await append(log, 4, 5);
    assert.deepEqual(await texts(log), numbers(1, 5));
    assert.deepEqual(copy.damages, []);
  }
});

test('damage in the middle costs the messages it hit, says which, and no others', async () => {
  const random = makeRandom(7);
  for (let round = 0; round < 40; round += 1) {
    using box = makeFolder();
    {
      await using log = await box.open();
      await append(log, 1, 150);
    }
    const segments = box.files().filter((name) => !name.startsWith('spare'));
    const name = segments[random.below(segments.length)] ?? '';
    const bytes = readFileSync(join(box.folder, name));
    // Behind the last batch nothing follows that would tell damage from a crash.
    const isLast = name === segments.at(-1);
    const used = isLast ? bytes.lastIndexOf('ASL2') : bytes.lastIndexOf('message');
    const at = random.below(used);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + random.below(255));
    writeFileSync(join(box.folder, name), bytes);

    await using log = await box.open();
    await append(log, 151, 153);
    const read = await texts(log);
    const lost = new Set(
      box.damages.flatMap(({ firstLost, lastLost }) => numbers(firstLost, lastLost)),
    );
    const torn = numbers(1, 153).filter((text) => !read.includes(text) && !lost.has(text));
    assert.deepEqual(torn, [], `round ${round}: lost without a word`);
    assert.ok(lost.size <= 3, `round ${round}: ${lost.size} messages for one byte`);
    assert.equal(read.length, 153 - lost.size);
  }
});

test('a segment that is used again does not bring its old messages back', async () => {
  using box = makeFolder();
  {
    await using log = await box.open();
    await append(log, 1, 300);
    const retention = { before: toEpochMs(Number.MAX_SAFE_INTEGER), maxBytes: 1e9 };
    assert.ok((await log.prune(retention, toLogPosition(290))) > 200);
    await append(log, 301, 360);
  }
  await using log = await box.open();
  const read = await texts(log);
  assert.deepEqual(read, numbers(361 - read.length, 360));
  assert.deepEqual(box.damages, []);
});

test('retention keeps what is not processed, and what is young', async () => {
  using box = makeFolder();
  await using log = await box.open();
  await append(log, 1, 300);
  const all = { before: toEpochMs(2_000), maxBytes: 0 };
  await log.prune(all, toLogPosition(100));
  assert.deepEqual((await texts(log)).slice(-200), numbers(101, 300));
  assert.equal(await log.prune({ before: toEpochMs(1_000), maxBytes: 1e9 }, log.end()), 0);
  await log.prune(all, log.end());
  assert.ok((await texts(log)).length < 70, 'only the segment that is written');
});

test('a position is never given twice, even when the folder was emptied', async () => {
  using box = makeFolder({ startAfter: toLogPosition(77) });
  await using log = await box.open();
  await append(log, 1, 1);
  assert.equal(log.end(), 78);
});

test('a batch larger than a segment is kept whole', async () => {
  using box = makeFolder();
  {
    await using log = await box.open();
    await append(log, 1, 3);
    assert.ok((await log.append([message('x'.repeat(50_000))])).ok);
    await append(log, 5, 6);
  }
  await using log = await box.open();
  assert.deepEqual(
    (await texts(log)).map(({ length }) => length),
    [9, 9, 9, 50_000, 9, 9],
  );
});

test('a disk that refuses is told, and nothing is half there', async () => {
  using box = makeFolder();
  await using log = await box.open();
  await append(log, 1, 3);
  rmSync(box.folder, { recursive: true });
  const gone = await log.append(Array.from({ length: 40 }, () => message('y'.repeat(90))));
  assert.deepEqual(gone.ok, false);
  assert.equal(log.end(), 3);
});

test('keys of messages take no position, and are there after a restart', async () => {
  using box = makeFolder();
  const key = (packetId: number) => ({ session: 's', generation: 1, packetId });
  {
    await using log = await box.open();
    await append(log, 1, 3);
    const kept = await log.append([message('message 4'), message('message 5')], [key(7), key(8)]);
    assert.ok(kept.ok && kept.value === 5);
    assert.ok((await log.append([message('message 6')], [key(9)])).ok);
    assert.deepEqual(await texts(log), numbers(1, 6));
  }
  await using log = await box.open();
  assert.equal(log.end(), 6);
  assert.deepEqual(await texts(log, 4), numbers(5, 6));
  assert.deepEqual(await log.keysAfter(toLogPosition(0)), [key(7), key(8), key(9)]);
  assert.deepEqual(await log.keysAfter(toLogPosition(5)), [key(9)]);
  assert.deepEqual(box.damages, []);
});
