import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { testOutboxShedding } from '../../ports/outboxShedding.contract.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeSignal } from '../../testing/signals.ts';
import { openDatabase } from './database.ts';
import { makeMemoryOutbox } from './memoryOutbox.ts';
import type { WaitsUntil } from './outboxRows.ts';
import { makeSqliteOutbox } from './sqliteOutbox.ts';

const NOW = toEpochMs(10_000);

function openFile() {
  const folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const storage = openDatabase(file);
  storage.database.exec('PRAGMA synchronous = OFF');
  return {
    open: (waitsUntil: WaitsUntil, maxOpen: number) =>
      makeSqliteOutbox(storage.database, file, { waitsUntil, maxOpen }),
    [Symbol.dispose]() {
      storage[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

testOutboxShedding('memory', (waitsUntil) => {
  return { outbox: makeMemoryOutbox(waitsUntil), [Symbol.dispose]: () => undefined };
});
for (const maxOpen of [0, 1, 2, 10_000]) {
  testOutboxShedding(`sqlite with room for ${maxOpen} in memory`, (waitsUntil) => {
    const file = openFile();
    return Object.assign(file, { outbox: file.open(waitsUntil, maxOpen) });
  });
}

for (const maxOpen of [0, 10_000]) {
  test(`after a kill the same is waited for and the same was suppressed, with room for ${maxOpen}`, async () => {
    using file = openFile();
    const [opened, cleared] = [0, 2].map((sequence) => makeSignal('a', sequence)) as [
      ReturnType<typeof makeSignal>,
      ReturnType<typeof makeSignal>,
    ];
    const batch = makeSignal('batch', 0, { latencyClass: 'Batch' });
    const waits: WaitsUntil = ({ latencyClass }) =>
      toEpochMs(latencyClass === 'Batch' ? 60_000 : 0);
    {
      const outbox = file.open(waits, maxOpen);
      await outbox.record({ signals: [opened, batch], recordedAt: NOW });
      const why = { why: 'waited-too-long', reason: 'too much waits', at: NOW } as const;
      await outbox.suppress([{ ...why, eventKey: opened.eventKey }]);
    }
    const outbox = file.open(waits, maxOpen);
    await outbox.record({ signals: [cleared], recordedAt: NOW });
    const due = await outbox.due(NOW, 9);
    assert.deepEqual(
      due.map(({ signal, untold }) => [signal.eventKey, untold]),
      [[cleared.eventKey, true]],
    );
    assert.equal((await outbox.counts()).suppressed, 1);
    assert.equal((await outbox.due(toEpochMs(60_000), 9)).length, 2);
  });
}
