import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeRandom } from '../../../core/fixtures/random.ts';
import { toEpochMs, toLogPosition } from '../../../model/brand.ts';
import { makeMessage, payloadOf } from '../../../model/message.ts';
import { toStorageFailure } from '../database.ts';
import { openSegmentLog } from './segmentLog.ts';
import type { SegmentLog } from './segmentLog.ts';

const SEGMENT = 64 * 1024;

/** A file system in memory with an end, whose size can be changed while it is in use. */
function mountSmall(bytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mount = (options: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  mount(`size=${bytes}`);
  return {
    folder,
    resize: (size: number) => mount(`remount,size=${size}`),
    [Symbol.dispose]() {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function whyNot(): string | false {
  try {
    mountSmall(65_536)[Symbol.dispose]();
    return false;
  } catch {
    return 'this user may not mount a file system';
  }
}

const open = (folder: string): Promise<SegmentLog> =>
  openSegmentLog({
    folder,
    segmentBytes: SEGMENT,
    startAfter: toLogPosition(0),
    onDamage: (damage) => assert.fail(JSON.stringify(damage)),
    toFailure: (error) => toStorageFailure(error, folder),
  });

async function readAll(log: SegmentLog): Promise<string[]> {
  const texts: string[] = [];
  for (let at = toLogPosition(0); ;) {
    const entries = await log.read(at, 50);
    const last = entries.at(-1);
    if (last === undefined) return texts;
    for (const entry of entries) {
      if (entry.kind === 'message') texts.push(payloadOf(entry).toString('latin1', 0, 8));
    }
    at = last.position;
  }
}

test(
  'a disk that fills up in the middle of a batch refuses that batch as a whole, says that there is no space, and goes on when there is',
  { skip: whyNot() },
  async () => {
    const random = makeRandom(11);
    using disk = mountSmall(4 * SEGMENT);
    const kept: string[] = [];
    let refused = 0;
    let log = await open(disk.folder);
    let room = 4;
    for (let batch = 0; batch < 400; batch += 1) {
      // At times one larger than a segment: it is written where nothing has been laid out.
      const size = random.below(12) === 0 ? 90_000 : 200 + random.below(8_000);
      const names = [0, 1, 2].map((part) => String(batch * 10 + part).padStart(8, '0'));
      const messages = names.map((name) =>
        makeMessage('t', Buffer.from(name.padEnd(size / 3, 'x')), toEpochMs(1)),
      );
      const result = await log.append(messages);
      if (result.ok) {
        kept.push(...names);
        assert.equal(log.end(), kept.length);
        continue;
      }
      refused += 1;
      assert.equal(result.error.kind, 'full', result.error.reason);
      assert.match(result.error.reason, /no space left/);
      assert.equal(log.end(), kept.length);
      // At times the process dies while the disk is full; what it finds is what it had.
      if (random.below(3) === 0) {
        await log[Symbol.asyncDispose]();
        log = await open(disk.folder);
      }
      if (random.below(2) === 0) disk.resize((room += 3) * SEGMENT);
    }
    assert.ok(refused > 10, `${refused} refusals`);
    assert.deepEqual(await readAll(log), kept);
    await log[Symbol.asyncDispose]();
    log = await open(disk.folder);
    assert.deepEqual(await readAll(log), kept);
    await log[Symbol.asyncDispose]();
    const spares = readdirSync(disk.folder).filter((name) => name.startsWith('spare'));
    assert.ok(spares.length <= 1, `${spares.length} spares`);
  },
);
