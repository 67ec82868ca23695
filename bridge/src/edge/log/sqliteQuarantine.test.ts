import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { makeMessage } from '../../model/message.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { openDatabase } from './database.ts';
import { makeSqliteQuarantine } from './sqliteQuarantine.ts';

const rejection = { kind: 'malformed', reason: 'is not JSON' } as const;
const rejected = (text: string) => ({
  message: makeMessage('t', Buffer.from(text), toEpochMs(1)),
  rejection,
});
/** 100 bytes with its topic. */
const hundred = (index: number) => rejected(String(index).padStart(99, '0'));

function openQuarantine(maxBytes: number) {
  const folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  const logger = makeTestLogger();
  const open = () => makeSqliteQuarantine(storage.database, file, maxBytes, logger);
  return {
    logger,
    open,
    numbers: () =>
      storage.database
        .prepare('SELECT CAST(payload AS TEXT) AS text FROM quarantine ORDER BY id')
        .all()
        .map(({ text }) => Number(text)),
    [Symbol.dispose]() {
      storage[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

test('a full quarantine lets the oldest messages go for new ones, counts them, and says so once', async () => {
  using box = openQuarantine(1_000);
  const quarantine = box.open();
  for (let index = 0; index < 30; index += 3) {
    const kept = await quarantine.quarantine([index, index + 1, index + 2].map(hundred));
    assert.ok(kept.ok);
    assert.ok(quarantine.quarantineStatus().bytes <= 1_000);
  }
  assert.deepEqual(box.numbers(), [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  assert.deepEqual(quarantine.quarantineStatus(), { bytes: 1_000, dropped: 20 });
  assert.equal(box.logger.lines.length, 1);
  assert.match(box.logger.lines[0] ?? '', /quarantine\.maxBytes/);
});

test('one batch that is larger than the quarantine keeps its end', async () => {
  using box = openQuarantine(1_000);
  const quarantine = box.open();
  const numbers = Array.from({ length: 1_500 }, (_, index) => index);
  assert.ok((await quarantine.quarantine(numbers.map(hundred))).ok);
  assert.deepEqual(box.numbers(), numbers.slice(-10));
});

test('what an earlier process left counts', async () => {
  using box = openQuarantine(1_000);
  await box.open().quarantine([0, 1, 2, 3, 4, 5, 6, 7].map(hundred));
  const again = box.open();
  assert.deepEqual(again.quarantineStatus(), { bytes: 800, dropped: 0 });
  await again.quarantine([8, 9, 10].map(hundred));
  assert.deepEqual(box.numbers(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a write that is refused changes no count', async () => {
  using box = openQuarantine(1_000);
  const quarantine = box.open();
  const broken = {
    ...rejected('x'),
    rejection: { ...rejection, reason: null as unknown as string },
  };
  assert.ok(!(await quarantine.quarantine([hundred(1), broken])).ok);
  assert.deepEqual(quarantine.quarantineStatus(), { bytes: 0, dropped: 0 });
  assert.deepEqual(box.numbers(), []);
});
