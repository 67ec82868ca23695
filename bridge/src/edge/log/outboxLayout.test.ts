import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeSignal } from '../../testing/signals.ts';
import { openDatabase } from './database.ts';
import { openDeadLetters } from './deadLetters.ts';
import { makeSqliteOutbox } from './sqliteOutbox.ts';

const NOW = toEpochMs(10_000);

/** A file as a bridge with the first three steps of the layout left it. */
function writeOldFile(file: string): void {
  const old = new DatabaseSync(file);
  for (const step of ['000001', '000002', '000003']) {
    old.exec(readFileSync(join(import.meta.dirname, 'sql', `${step}.sql`), 'utf8'));
  }
  old.exec('PRAGMA user_version = 3');
  const insert = old.prepare(
    `INSERT INTO outbox (event_key, episode_key, phase, sequence, policy_key, device_key, created_at,
      signal, state, attempts, published_at, publishes) VALUES (?, ?, ?, ?, 'p', 'd', 1, ?, ?, 1, 5, 1)`,
  );
  const add = (state: string, signal = makeSignal('a')): void => {
    const { eventKey, episodeKey, phase, sequence } = signal;
    insert.run(eventKey, episodeKey, phase, sequence, JSON.stringify(signal), state);
  };
  add('published', makeSignal('a', 0));
  add('pending', makeSignal('a', 1));
  add('pending', makeSignal('b', 0, { severity: 'Critical' }));
  add('pending', makeSignal('b', 1));
  add('failed', makeSignal('c', 0));
  old.close();
}

test('an outbox of an older layout goes on where it was', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  writeOldFile(file);
  assert.throws(() => openDeadLetters(file), {
    name: 'StorageError',
    message: /another version \(layout 3, this one knows \d+\): start this bridge once/,
  });
  using storage = openDatabase(file);
  const outbox = makeSqliteOutbox(storage.database, file);
  const due = await outbox.due(NOW, 10);
  assert.deepEqual(
    due.map(({ signal }) => signal),
    [makeSignal('b', 0, { severity: 'Critical' })],
  );
  const [waiting] = await outbox.unreceipted(10);
  assert.deepEqual(
    [waiting?.eventKey, waiting?.publishedAt, waiting?.publishes],
    [makeSignal('a').eventKey, 5, 1],
  );
  const { eventKey } = makeSignal('a');
  await outbox.receive([{ eventKey, disposition: 'Acted', reason: '', at: NOW }]);
  assert.equal((await outbox.due(NOW, 10)).length, 2, 'its next phase has its turn');
  using letters = openDeadLetters(file);
  assert.equal(letters.list()[0]?.eventKey, makeSignal('c').eventKey);
});

test('what could be on its way when the bridge was killed is not overtaken after it', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const [updated, later] = [makeSignal('a', 1), makeSignal('a', 3)];
  {
    using storage = openDatabase(file);
    await makeSqliteOutbox(storage.database, file).record({
      signals: [updated, later],
      recordedAt: NOW,
    });
  }
  using storage = openDatabase(file);
  const outbox = makeSqliteOutbox(storage.database, file);
  const { waiting } = await outbox.story(updated.eventKey);
  assert.deepEqual(
    waiting.map(({ tried }) => tried),
    [true, false],
    'the second was held back: it cannot be out',
  );
});
