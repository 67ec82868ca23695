import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSignal } from '../../testing/signals.ts';
import { makeOpenEvents } from './openEvents.ts';
import { toNew } from './outboxRows.ts';

test('of an outage the signals of some two megabytes stay in memory, in their turn, the rest is left to the file', () => {
  const open = makeOpenEvents();
  for (let id = 1; id <= 10; id += 1) {
    const signal = makeSignal(`episode ${id}`);
    open.add(signal.episodeKey, toNew(signal, id, 400_000, 0));
  }
  const due = open.due(0, 200, 3);
  assert.deepEqual(
    due.map(({ id, signal }) => (signal === undefined ? -id : id)),
    [1, 2, 3, 4, 5, -6, -7, -8, -9, -10],
  );
  const [first] = due;
  assert.ok(first !== undefined);
  open.end(first, { acted: true });
  const next = makeSignal('episode 11');
  assert.equal(
    open.add(next.episodeKey, toNew(next, 11, 400_000, 0)).signal,
    next,
    'there is room again',
  );
});
