import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { toEpochMs, toLogPosition } from '../../../model/brand.ts';
import { makeMessage, payloadOf } from '../../../model/message.ts';
import { toStorageFailure } from '../database.ts';
import { openSegmentLog } from './segmentLog.ts';
import type { SegmentLog } from './segmentLog.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 23);
const DAY_OLD = { before: toEpochMs(NOW - 24 * HOUR), maxBytes: Number.MAX_SAFE_INTEGER };
/** Messages of 400 bytes: ten fill a segment. */
const SEGMENT = 4_380;

async function openLog(folder: string): Promise<SegmentLog> {
  return openSegmentLog({
    folder,
    segmentBytes: SEGMENT,
    startAfter: toLogPosition(0),
    onDamage: (damage) => assert.fail(JSON.stringify(damage)),
    toFailure: (error) => toStorageFailure(error, folder),
  });
}

/** A log into which ten messages were written by each of these clocks, one after the other. */
async function makeLog(clocks: readonly number[]) {
  const folder = mkdtempSync(join(tmpdir(), 'clock-'));
  const log = await openLog(folder);
  let number = 0;
  for (const clock of clocks) {
    for (let index = 0; index < 10; index += 1) {
      const text = String(number).padEnd(381, ' ');
      const kept = await log.append([makeMessage('a/b', Buffer.from(text), toEpochMs(clock))]);
      assert.ok(kept.ok);
      number += 1;
    }
  }
  return {
    log,
    folder,
    numbers: async (from: SegmentLog = log) =>
      (await from.read(toLogPosition(0), 1_000)).map((entry) =>
        entry.kind === 'message' ? Number(payloadOf(entry).toString()) : -1,
      ),
    async [Symbol.asyncDispose]() {
      await log[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('whatever the clock does, messages come back in the order they came in, also after a restart', async () => {
  await using box = await makeLog([NOW, NOW + 48 * HOUR, 0, NOW - HOUR, NOW]);
  assert.deepEqual(await box.numbers(), numbers(0, 49));
  await using again = await openLog(box.folder);
  assert.deepEqual(await box.numbers(again), numbers(0, 49));
});

test('a clock far ahead or far behind drops nothing that is not processed', async () => {
  await using box = await makeLog([NOW, 0, NOW + 48 * HOUR, NOW]);
  for (const now of [NOW, NOW + 1_000 * HOUR, 0]) {
    const retention = { ...DAY_OLD, before: toEpochMs(now - 24 * HOUR) };
    assert.equal(await box.log.prune(retention, toLogPosition(0)), 0);
  }
  assert.deepEqual(await box.numbers(), numbers(0, 39));
});

test('a clock that was at 1970 for a while costs what came then, and nothing younger', async () => {
  await using box = await makeLog([0, NOW, NOW]);
  await box.log.prune(DAY_OLD, box.log.end());
  assert.deepEqual(await box.numbers(), numbers(10, 29));
});

test('what a clock ahead has marked stays until then, but not beyond the size of the log', async () => {
  await using box = await makeLog([NOW + 48 * HOUR, NOW - 48 * HOUR, NOW]);
  await box.log.prune(DAY_OLD, box.log.end());
  assert.deepEqual(await box.numbers(), numbers(0, 29));
  await box.log.prune({ ...DAY_OLD, maxBytes: 2 * SEGMENT }, box.log.end());
  assert.deepEqual(await box.numbers(), numbers(20, 29));
});
