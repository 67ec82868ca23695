import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toEpochMs, toLogPosition } from '../../model/brand.ts';
import { testLog } from '../../ports/log.contract.ts';
import { testOutbox } from '../../ports/outbox.contract.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeSignal } from '../../testing/signals.ts';
import { openDatabase, StorageError } from './database.ts';
import { makeMemoryLog } from './memoryLog.ts';
import { makeMemoryOutbox } from './memoryOutbox.ts';
import { makeMemoryPlaces } from './memoryPlaces.ts';
import { makeSqliteLog } from './sqliteLog.ts';
import { makeSqliteOutbox } from './sqliteOutbox.ts';
import { makeSqlitePlaces } from './sqlitePlaces.ts';

function openSqlite() {
  const folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  return {
    file,
    database: storage.database,
    log: makeSqliteLog(storage.database, file),
    outbox: makeSqliteOutbox(storage.database, file),
    [Symbol.dispose]() {
      storage[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}
const nothing = { [Symbol.dispose]: () => undefined };

testLog('sqlite', openSqlite);
testLog('memory', () => ({ log: makeMemoryLog(), ...nothing }));
testOutbox('sqlite', openSqlite);
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

const message = (text: string) => ({
  topic: 't',
  payload: Buffer.from(text),
  receivedAt: toEpochMs(1),
});

test('every commit goes to disk before it returns', () => {
  using opened = openSqlite();
  const pragma = (name: string) => opened.database.prepare(`PRAGMA ${name}`).get()?.[name];
  assert.equal(pragma('journal_mode'), 'wal');
  assert.equal(pragma('synchronous'), 2, 'FULL');
  assert.equal(pragma('auto_vacuum'), 2, 'INCREMENTAL');
});

test('a full disk refuses, loses nothing, and takes up again when there is room', async () => {
  using opened = openSqlite();
  const { database, log, outbox } = opened;
  await log.append([message('before')]);
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const refused = await log.append([message('x'.repeat(100_000))]);
  assert.ok(!refused.ok && refused.error.kind === 'full');
  assert.match(refused.error.reason, /no space left .*free disk space/);
  const signals = Array.from({ length: 100 }, (_, n) => makeSignal(`e${n}`));
  const step = { signals, states: new Map(), cursor: toLogPosition(1), recordedAt: toEpochMs(1) };
  assert.ok(!(await outbox.record(step)).ok);
  assert.deepEqual(await outbox.counts(), { pending: 0, unreceipted: 0, failed: 0 });
  assert.equal(await outbox.cursor(), 0, 'all or nothing');
  database.exec('PRAGMA max_page_count = 1000000');
  assert.ok((await log.append([message('after')])).ok);
  assert.ok((await outbox.record(step)).ok);
  assert.equal((await outbox.counts()).pending, 100);
});

test('dropped messages give their space back to the disk', async () => {
  using opened = openSqlite();
  const size = (): number =>
    Number(opened.database.prepare('PRAGMA page_count').get()?.['page_count']);
  for (let n = 0; n < 200; n += 1) await opened.log.append([message('x'.repeat(10_000))]);
  const full = size();
  await opened.log.prune({ before: toEpochMs(2), maxBytes: 1e9 }, await opened.log.end());
  assert.ok(size() < full / 4, `${size()} of ${full} pages`);
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
