import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCommand } from './cli.ts';
import { openDatabase } from './edge/log/database.ts';
import { makeSqliteOutbox } from './edge/log/sqliteOutbox.ts';
import { openSuppressedEvents } from './edge/log/suppressedEvents.ts';
import { toEpochMs } from './model/brand.ts';
import { runSuppressed } from './suppressed.ts';
import { makeFolder } from './testing/bridgeProcess.ts';
import { makeSignal } from './testing/signals.ts';

const NOW = toEpochMs(1_790_000_100_000);

/** A file, and the command line. */
function setUp() {
  const folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  return {
    outbox: makeSqliteOutbox(storage.database, file),
    run(...args: readonly string[]): string {
      const command = parseCommand(['suppressed', ...args, '--config', 'x.yaml']);
      assert.ok(command.kind === 'suppressed');
      using events = openSuppressedEvents(file);
      return runSuppressed(command, events);
    },
    [Symbol.dispose]() {
      storage[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

test('what is never published is counted by reason and severity, and told one by one', async () => {
  using box = setUp();
  const { outbox } = box;
  assert.equal(box.run('list'), 'No signal was suppressed.');
  const low = ['a', 'b'].map((name) => makeSignal(name, 0, { severity: 'Low' }));
  const [updated, cleared] = [makeSignal('c', 1), makeSignal('c', 2)];
  await outbox.record({ signals: [...low, updated, cleared], recordedAt: NOW });
  const shed = { why: 'waited-too-long', reason: 'not published: it waited', at: NOW } as const;
  await outbox.suppress(low.map(({ eventKey }) => ({ eventKey, ...shed })));
  const said = { by: cleared.eventKey, reason: 'not published: Cleared says as much', at: NOW };
  await outbox.coalesce([{ eventKey: updated.eventKey, ...said }]);
  const list = box.run('list');
  assert.match(
    list,
    /^3 signals were never published:\n +2 {2}Low {7}waited-too-long\n +1 {2}High {6}coalesced\n/,
  );
  const lines = list.split('\n');
  assert.equal(lines.length, 8);
  assert.ok(lines[5]?.startsWith(updated.eventKey.slice(0, 12)), 'the newest first');
  assert.match(
    box.run('show', updated.eventKey.slice(0, 20)),
    new RegExp(`said by {5}${cleared.eventKey}`),
  );
  const [first] = low;
  assert.match(
    box.run('show', first?.eventKey ?? ''),
    /suppressed {2}2026-09-21T[\d:]+Z {2}waited-too-long: not published: it waited/,
  );
  const json = JSON.parse(box.run('list', '--json')) as Record<string, unknown[]>;
  assert.deepEqual([json['counts']?.length, json['newest']?.length], [2, 3]);
  assert.throws(() => box.run('show', cleared.eventKey), /no suppressed signal has a key/);
  assert.throws(() => box.run('show', ''), /several suppressed signals begin with/);
});

test('a wrong question is answered with the usage', () => {
  for (const args of [[], ['redrive'], ['list', 'key'], ['show'], ['show', 'key', '--json']]) {
    const all = ['suppressed', ...args, '--config', 'x.yaml'];
    assert.throws(() => parseCommand(all), { name: 'UsageError', message: /suppressed list/ });
  }
});
