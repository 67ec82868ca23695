import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { toEpochMs, toLogPosition } from '../../model/brand.ts';
import { testLog } from '../../ports/log.contract.ts';
import { makeMessage, payloadOf } from '../../model/message.ts';
import { testOutbox } from '../../ports/outbox.contract.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { makeSignal } from '../../testing/signals.ts';
import { openDatabase, StorageError } from './database.ts';
import { openDurableLog } from './durableLog.ts';
import { makeMemoryLog } from './memoryLog.ts';
import { makeMemoryOutbox } from './memoryOutbox.ts';
import { makeMemoryPlaces } from './memoryPlaces.ts';
import { makeSqliteOutbox } from './sqliteOutbox.ts';
import type { SqliteOutboxOptions } from './sqliteOutbox.ts';
import { makeSqlitePlaces } from './sqlitePlaces.ts';

function openSqlite(options?: SqliteOutboxOptions) {
  const folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  return {
    file,
    database: storage.database,
    outbox: makeSqliteOutbox(storage.database, file, options),
    [Symbol.dispose]() {
      storage[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}
const nothing = { [Symbol.dispose]: () => undefined };

/** The log as the bridge has it, with segments small enough to be many. */
async function openLog() {
  const opened = openSqlite();
  const { database, file } = opened;
  const processed = toLogPosition(0);
  const logger = makeTestLogger();
  const log = await openDurableLog({ database, file, processed, logger, segmentBytes: 4_096 });
  return {
    ...opened,
    log,
    async [Symbol.asyncDispose]() {
      await log[Symbol.asyncDispose]();
      opened[Symbol.dispose]();
    },
  };
}

testLog('segments', openLog);
testLog('memory', async () => ({
  log: makeMemoryLog(),
  [Symbol.asyncDispose]: async () => undefined,
}));
testOutbox('sqlite', openSqlite);
for (const maxOpen of [0, 1, 2]) {
  testOutbox(`sqlite with room for ${maxOpen} in memory`, () => openSqlite({ maxOpen }));
}
testOutbox('memory', () => ({ outbox: makeMemoryOutbox(), ...nothing }));

const openPlaces = {
  memory: () => ({ places: makeMemoryPlaces(), ...nothing }),
  sqlite() {
    const opened = openSqlite();
    return Object.assign(opened, { places: makeSqlitePlaces(opened.database, opened.file) });
  },
};
for (const [name, open] of Object.entries(openPlaces)) {
  test(`${name}: the place of each subscription is kept as it was given, the last one counts`, async () => {
    using opened = open();
    const { places } = opened;
    assert.equal(await places.load('a'), undefined);
    const bytes = Uint8Array.from([0, 255, 0, 1]);
    assert.ok((await places.save('a', Uint8Array.from([7]))).ok);
    assert.ok((await places.save('b', Uint8Array.from([8]))).ok);
    assert.ok((await places.save('a', bytes)).ok);
    bytes[0] = 9;
    assert.deepEqual([...((await places.load('a')) ?? [])], [0, 255, 0, 1]);
    assert.deepEqual([...((await places.load('b')) ?? [])], [8]);
  });
}

const message = (text: string) => makeMessage('t', Buffer.from(text), toEpochMs(1));

test('every commit goes to disk before it returns', () => {
  using opened = openSqlite();
  const pragma = (name: string) => opened.database.prepare(`PRAGMA ${name}`).get()?.[name];
  assert.equal(pragma('journal_mode'), 'wal');
  assert.equal(pragma('synchronous'), 2, 'FULL');
  assert.equal(pragma('auto_vacuum'), 2, 'INCREMENTAL');
});

test('a full disk refuses, loses nothing, and takes up again when there is room', async () => {
  using opened = openSqlite();
  const { database, outbox } = opened;
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const signals = Array.from({ length: 100 }, (_, n) => makeSignal(`e${n}`));
  const step = { signals, recordedAt: toEpochMs(1) };
  const refused = await outbox.record(step);
  assert.ok(!refused.ok && refused.error.kind === 'full');
  assert.match(refused.error.reason, /no space left .*free disk space/);
  assert.deepEqual(await outbox.counts(), {
    ...{ pending: 0, unreceipted: 0, failed: 0, coalesced: 0, suppressed: 0 },
  });
  database.exec('PRAGMA max_page_count = 1000000');
  assert.ok((await outbox.record(step)).ok);
  assert.equal((await outbox.counts()).pending, 100);
});

test('what an older bridge had not processed in its table is taken over, once', async () => {
  using opened = openSqlite();
  const { database, file } = opened;
  const insert = database.prepare('INSERT INTO log (received_at, topic, payload) VALUES (?, ?, ?)');
  for (const text of ['old', 'b', 'c']) insert.run(7, 't', Buffer.from(text));
  const options = { database, file, processed: toLogPosition(1), logger: makeTestLogger() };
  for (let start = 0; start < 2; start += 1) {
    await using log = await openDurableLog({ ...options, segmentBytes: 4_096 });
    const entries = await log.read(toLogPosition(1), 10);
    assert.deepEqual(
      entries.map((entry) => (entry.kind === 'message' ? String(payloadOf(entry)) : '')),
      ['b', 'c'],
    );
  }
});

test('damage is an error in the log that says how much, and is said once', async () => {
  using opened = openSqlite();
  const { database, file } = opened;
  const logger = makeTestLogger();
  const options = { database, file, processed: toLogPosition(0), logger, segmentBytes: 4_096 };
  {
    await using log = await openDurableLog(options);
    for (const text of ['aaaa', 'bbbb', 'cccc']) await log.append([message(text)]);
  }
  const folder = join(dirname(file), 'log');
  const name = readdirSync(folder).find((one) => one.startsWith('0000000000000001-'));
  const path = join(folder, name ?? 'no segment');
  const bytes = readFileSync(path);
  bytes.write('xxxx', bytes.indexOf('bbbb'));
  writeFileSync(path, bytes);
  await using log = await openDurableLog(options);
  for (let times = 0; times < 3; times += 1) {
    assert.equal((await log.read(toLogPosition(0), 10)).length, 2);
  }
  assert.equal(logger.lines.length, 1, logger.lines.join());
  assert.match(logger.lines[0] ?? '', /^error the log is damaged: 1 messages at positions 2 to 2/);
});

test('a second bridge on the same data is refused, with what to do', () => {
  using opened = openSqlite();
  assert.throws(() => openDatabase(opened.file), {
    name: 'StorageError',
    message: /another bridge is using .*its own dataDir/,
  });
});

test('the data of a newer bridge is left alone', () => {
  using folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  storage.database.exec('PRAGMA user_version = 99');
  storage[Symbol.dispose]();
  assert.throws(() => openDatabase(file), /written by a newer bridge \(layout 99/);
});

test('a data directory that cannot be made is named', () => {
  using folder = makeFolder();
  writeFileSync(join(folder.path, 'file'), '');
  const file = join(folder.path, 'file', 'bridge.sqlite');
  assert.throws(
    () => openDatabase(file),
    (error: unknown) => {
      assert.ok(error instanceof StorageError);
      assert.ok(error.message.includes(`cannot write ${file}`), error.message);
      return true;
    },
  );
});
