import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseCommand } from './cli.ts';
import { runDeadLetters } from './deadLetters.ts';
import { openDatabase } from './edge/log/database.ts';
import { openDeadLetters } from './edge/log/deadLetters.ts';
import { makeSqliteOutbox } from './edge/log/sqliteOutbox.ts';
import { toEpochMs } from './model/brand.ts';
import { makeFolder } from './testing/bridgeProcess.ts';
import { makeSignal } from './testing/signals.ts';

const NOW = toEpochMs(1_790_000_100_000);
const [refused, missing, well] = ['refused', 'missing', 'well'].map((name) => makeSignal(name)) as [
  ReturnType<typeof makeSignal>,
  ReturnType<typeof makeSignal>,
  ReturnType<typeof makeSignal>,
];

/** An outbox with an event the org refused, one it never showed, and one that is well; and the command line. */
async function setUp() {
  const folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  const outbox = makeSqliteOutbox(storage.database, file);
  await outbox.record({ signals: [refused, missing, well], recordedAt: NOW });
  const published = [missing, well].map(
    ({ eventKey }) => ({ kind: 'published', eventKey, at: NOW }) as const,
  );
  const failed = {
    kind: 'failed',
    eventKey: refused.eventKey,
    reason: 'too long',
    at: NOW,
  } as const;
  await outbox.settle([failed, ...published]);
  await outbox.receive([
    { eventKey: missing.eventKey, disposition: 'Missing', reason: 'never seen', at: NOW },
    { eventKey: well.eventKey, disposition: 'Acted', reason: '', at: NOW },
  ]);
  return {
    outbox,
    due: async () => (await outbox.due(NOW, 10)).map(({ signal }) => signal.eventKey),
    run(...args: readonly string[]): string {
      const command = parseCommand(['dead-letters', ...args, '--config', 'x.yaml']);
      assert.ok(command.kind === 'dead-letters');
      using letters = openDeadLetters(file);
      return runDeadLetters(command, letters, NOW);
    },
    [Symbol.dispose]() {
      storage[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

test('events the org refused or never showed are listed with their reason, others are not', async () => {
  using box = await setUp();
  const list = box.run('list');
  assert.match(list, /^2 events given up/);
  assert.match(list, new RegExp(`${refused.eventKey.slice(0, 12)}.*pump-001.*too long`));
  assert.match(list, new RegExp(`${missing.eventKey.slice(0, 12)}.*never seen`));
  const parsed: unknown = JSON.parse(box.run('list', '--json'));
  assert.ok(Array.isArray(parsed) && parsed.length === 2);
});

test('one is shown whole by the beginning of its key', async () => {
  using box = await setUp();
  const shown = box.run('show', refused.eventKey.slice(0, 8));
  for (const part of [refused.eventKey, 'too long', 'vibration is 9.5 mm/s', 'never']) {
    assert.ok(shown.includes(part), part);
  }
});

test('what an event has gone through is shown, whatever was done with it since', async () => {
  using box = await setUp();
  const { eventKey } = missing;
  box.run('redrive', eventKey);
  const retryAt = toEpochMs(NOW + 1_000);
  const retry = { kind: 'retry', eventKey, at: NOW, retryAt, counted: true } as const;
  await box.outbox.settle([{ ...retry, reason: 'the stream broke' }]);
  await box.outbox.settle([{ kind: 'published', eventKey, at: NOW }]);
  await box.outbox.republish([{ eventKey, reason: 'not there', at: NOW, retryAt, refusals: 0 }]);
  await box.outbox.settle([{ kind: 'failed', eventKey, reason: 'too often', at: NOW }]);
  const shown = box.run('show', eventKey).split('\n');
  const history = shown.slice(shown.findIndex((line) => line.startsWith('history')));
  assert.deepEqual(
    history.map((line) => line.replace(/^(history)?\s+/, '')),
    [
      'Missing: never seen',
      'redriven: by an operator',
      'not published: the stream broke',
      'published again: not there',
      'given up: too often',
    ].map((text) => `2026-09-21T14:15:00Z  ${text}`),
  );
});

test('of an event that fails without end the newest hundred tries are kept', async () => {
  using box = await setUp();
  const { eventKey } = refused;
  box.run('redrive', eventKey);
  for (let index = 0; index < 150; index += 1) {
    const retry = { kind: 'retry', eventKey, at: NOW, retryAt: NOW, counted: false } as const;
    await box.outbox.settle([{ ...retry, reason: `try ${index}` }]);
  }
  await box.outbox.settle([{ kind: 'failed', eventKey, reason: 'no', at: NOW }]);
  const shown = box.run('show', eventKey);
  assert.equal(shown.split('\n').filter((line) => line.includes('2026-09-21T')).length, 101);
  assert.ok(shown.includes('try 149') && !shown.includes('try 50:') && !shown.includes('try 5\n'));
});

test('a redriven event goes before what waits of its episode', async () => {
  using box = await setUp();
  const later = makeSignal('refused', 1);
  await box.outbox.record({ signals: [later], recordedAt: NOW });
  assert.deepEqual(await box.due(), [later.eventKey]);
  box.run('redrive', refused.eventKey);
  assert.deepEqual(await box.due(), [refused.eventKey]);
});

test('a redriven event is published again as if it were new', async () => {
  using box = await setUp();
  assert.deepEqual(await box.due(), []);
  assert.match(box.run('redrive', refused.eventKey), /^1 event will be published again/);
  assert.deepEqual(await box.due(), [refused.eventKey]);
  box.run('redrive', '--all');
  assert.deepEqual((await box.due()).toSorted(), [refused.eventKey, missing.eventKey].toSorted());
  assert.equal(box.run('list'), 'There are no dead letters.');
});

test('a discarded event is no dead letter any more, keeps its reason, and goes with the retention', async () => {
  using box = await setUp();
  assert.equal((await box.outbox.counts()).failed, 1);
  assert.match(box.run('discard', '--all', '--reason', 'a test device'), /^2 events discarded/);
  assert.equal(box.run('list'), 'There are no dead letters.');
  assert.equal((await box.outbox.counts()).failed, 0);
  assert.deepEqual(await box.due(), []);
  assert.equal(await box.outbox.prune(toEpochMs(NOW + 1)), 3);
});

test('what cannot be done is said before anything is done', async () => {
  using box = await setUp();
  const refuse = (expected: RegExp, ...args: readonly string[]): void =>
    assert.throws(() => box.run(...args), { name: 'UsageError', message: expected });
  refuse(/no dead letter has a key that begins with ffff0000/, 'redrive', 'ffff0000');
  refuse(/no dead letter/, 'redrive', well.eventKey);
  refuse(/several dead letters begin with/, 'redrive', '');
  refuse(/needs event keys, or --all/, 'redrive');
  refuse(/--reason TEXT/, 'discard', '--all');
  refuse(/needs one of: list, show, redrive, discard/, 'delete');
  assert.match(box.run('list'), /^2 events/);
});

test('a data folder no bridge has used is named, and not made', () => {
  using folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  assert.throws(() => openDeadLetters(file), {
    name: 'StorageError',
    message: /has a bridge ever run with this dataDir/,
  });
});
