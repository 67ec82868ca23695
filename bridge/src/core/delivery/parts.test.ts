import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { EventKey } from '../../model/brand.ts';
import { planParts } from './parts.ts';
import type { Unstored } from './parts.ts';

const from = toEpochMs(1_000_000);
const some = (count: number, publishes = 1): Unstored[] =>
  Array.from({ length: count }, (_, index) => ({
    eventKey: `${publishes}/${index}` as EventKey,
    publishes,
  }));
const keysOf = (events: readonly Unstored[]) => events.map(({ eventKey }) => eventKey);

/** The parts in the order of their turns. */
function partsOf(events: readonly Unstored[], maxPublishes = 10): (readonly EventKey[])[] {
  const turns = planParts(events, { from, maxPublishes });
  const times = [...new Set(turns.values())].toSorted((a, b) => a - b);
  return times.map((time) => [...turns].filter(([, at]) => at === time).map(([key]) => key));
}

test('what failed together goes again in halves, one after the other', () => {
  const events = some(7);
  assert.deepEqual(partsOf(events), [keysOf(events.slice(0, 4)), keysOf(events.slice(4))]);
  const [first, second] = [...new Set(planParts(events, { from, maxPublishes: 10 }).values())];
  assert.equal(first, from);
  assert.equal(second, from + 5_000);
});

test('one event alone goes at once', () => {
  assert.deepEqual(partsOf(some(1)), [['1/0']]);
  assert.deepEqual([...planParts(some(1), { from, maxPublishes: 10 }).values()], [from]);
  assert.deepEqual(partsOf([]), []);
});

test('the last publish of an event is alone', () => {
  assert.deepEqual(partsOf(some(3, 4), 5), [['4/0'], ['4/1'], ['4/2']]);
});

test('parts get smaller also where failed batches come together', () => {
  assert.deepEqual(
    partsOf(some(400)).map(({ length }) => length),
    [100, 100, 100, 100],
  );
  assert.equal(partsOf(some(400, 3))[0]?.length, 25);
  assert.equal(partsOf(some(400, 7), 100)[0]?.length, 1, 'alone after seven times at the latest');
});

test('events that were published a different number of times do not meet', () => {
  for (const part of partsOf([...some(5, 1), ...some(5, 2)])) {
    assert.equal(new Set(part.map((key) => key.split('/')[0])).size, 1);
  }
});

test('hundreds of parts are spread over minutes, not hours, and stay apart', () => {
  const turns = planParts(some(300, 9), { from, maxPublishes: 10 });
  assert.equal(new Set(turns.values()).size, 300);
  assert.ok(Math.max(...turns.values()) < from + 5 * 60_000);
});

for (const bad of [[0], [137], [199], [3, 150], [0, 1, 2, 3], [10, 60, 110, 160]]) {
  test(`a batch of 200 in which ${bad.join(', ')} always fail is in the org but for these`, () => {
    const poison = new Set(bad.map((index) => `1/${index}`));
    const tries = new Map(some(200).map(({ eventKey }) => [eventKey, 1]));
    let missing = some(200);
    let publishes = 200;
    while (missing.length > 0) {
      const failed = partsOf(missing).filter((part) => {
        return part.some((key) => poison.has(key));
      });
      publishes += missing.length;
      for (const { eventKey } of missing) tries.set(eventKey, (tries.get(eventKey) ?? 0) + 1);
      missing = failed.flat().flatMap((eventKey) => {
        const times = tries.get(eventKey) ?? 0;
        if (times < 10) return [{ eventKey, publishes: times }];
        assert.ok(poison.has(eventKey), `${eventKey} was given up for a neighbour's fault`);
        return [];
      });
    }
    for (const key of poison) assert.equal(tries.get(key as EventKey), 10);
    assert.ok(publishes <= 200 * (2 + bad.length), `${publishes} publishes`);
  });
}
