import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../core/fixtures/random.ts';
import { readingOf, START } from '../core/fixtures/readings.ts';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import type { Reading } from '../model/reading.ts';
import { addReading, makeReadings, readingAt } from '../model/readings.ts';
import type { Readings } from '../model/readings.ts';
import type { Tick } from '../ports/log.ts';
import { makeHandOff } from './handOff.ts';
import type { HandOff } from './handOff.ts';
import { makeWakeup } from './wakeup.ts';

const never = new AbortController().signal;
const at = toLogPosition;
const reading = (position: number): Reading => readingOf(position, { a: position });
const tick = (position: number): Tick => ({
  at: toEpochMs(START + position),
  listenedAt: toEpochMs(position),
  heardAll: true,
});

const makeSmall = (kept = 6, behind = 20): HandOff => makeHandOff(makeWakeup(), { kept, behind });
function filled(readings: Readings, first: number, last: number): Readings {
  for (let position = first; position <= last; position += 1)
    addReading(readings, reading(position));
  return readings;
}
const readings = (first: number, last: number): Readings => filled(makeReadings(), first, last);

/** Whether `room` lets an uplink go on now. */
async function hasRoom(handOff: HandOff): Promise<boolean> {
  const stop = new AbortController();
  const went = handOff.room(stop.signal).then(
    () => true,
    () => false,
  );
  await Promise.resolve();
  stop.abort();
  return went;
}

test('every position is judged once, in order, whatever comes by memory, by the log, late or not at all', async () => {
  const seen = { memory: 0, log: 0 };
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = makeRandom(seed);
    const handOff = makeSmall(4 + random.below(12), 30);
    /* What stands in the log, from position 1 on: the time of a reading or of a tick. */
    const log: number[] = [];
    const offers: (() => void)[] = [];
    const judged: number[] = [];
    let cursor = at(0);

    const append = (): void => {
      const first = log.length + 1;
      const kind = random.next();
      const count = kind < 0.3 ? 1 : 1 + random.below(5);
      for (let position = first; position < first + count; position += 1) log.push(position);
      const last = at(log.length);
      if (kind < 0.3) offers.push(() => handOff.offerTick(last, tick(last)));
      // What another process has left, or nobody knows of: `reach` or a later offer shows that it is there.
      else if (kind < 0.4) offers.push(() => handOff.reach(last));
      else {
        // Filled before others before it are offered, as by an uplink.
        const batch = filled(handOff.take(), first, last);
        offers.push(() => handOff.offer(last, batch));
      }
    };
    const judge = (): void => {
      const next = handOff.next(cursor);
      if (next === undefined) return;
      const most = 1 + random.below(4);
      if (next.kind === 'missing') {
        assert.ok(next.last > cursor && next.last <= log.length);
        const entries = log.slice(cursor, Math.min(next.last, cursor + most));
        judged.push(...entries);
        seen.log += entries.length;
        cursor = at(cursor + entries.length);
        return;
      }
      assert.ok(next.first <= cursor + 1 && next.last > cursor);
      if (next.tick !== undefined) judged.push(next.tick.at - START);
      else {
        const from = cursor + 1 - next.first;
        for (let one = from; one < Math.min(from + most, next.readings.count); one += 1) {
          judged.push(readingAt(next.readings, one).at - START);
        }
      }
      seen.memory += judged.length - cursor;
      cursor = at(judged.length);
    };

    for (let step = 0; step < 200; step += 1) {
      const choice = random.next();
      if (choice < 0.4) append();
      // Offers come in another order than their appends, now and then.
      else if (choice < 0.7) offers.splice(random.below(Math.min(2, offers.length)), 1)[0]?.();
      else judge();
    }
    for (const offer of offers) offer();
    handOff.reach(at(log.length));
    while (handOff.next(cursor) !== undefined) judge();
    assert.deepEqual(judged, log, `seed ${seed}`);
    assert.ok(await hasRoom(handOff));
  }
  assert.ok(seen.memory > 1_000 && seen.log > 1_000, JSON.stringify(seen));
});

test('detection that is slow lets nobody append until it has taken half of what waits', async () => {
  const handOff = makeSmall(6);
  handOff.next(at(0));
  handOff.offer(at(5), readings(1, 5));
  assert.ok(await hasRoom(handOff));
  handOff.offer(at(9), readings(6, 9));
  let went = 0;
  const waiting = [1, 2].map(() => handOff.room(never).then(() => (went += 1)));
  handOff.next(at(6));
  await Promise.resolve();
  assert.equal(went, 0);
  handOff.next(at(7));
  await Promise.all(waiting);
});

test('while the log is read after a start, messages are appended until detection is far behind', async () => {
  const handOff = makeSmall(6, 20);
  handOff.next(at(0));
  handOff.reach(at(15));
  assert.ok(await hasRoom(handOff));
  handOff.offer(at(20), readings(16, 20));
  assert.equal(await hasRoom(handOff), false);
});

test('while the log is read, what does not fit into memory is left to it', () => {
  const handOff = makeSmall(3);
  handOff.reach(at(2));
  assert.deepEqual(handOff.next(at(0)), { kind: 'missing', last: 2 });
  handOff.offer(at(6), readings(3, 6));
  handOff.offer(at(8), readings(7, 8));
  handOff.offerTick(at(9), tick(9));
  assert.equal(handOff.next(at(2))?.last, 6);
  assert.deepEqual(handOff.next(at(6)), { kind: 'missing', last: 8 });
  assert.equal(handOff.next(at(8))?.kind, 'tick');
  assert.equal(handOff.next(at(9)), undefined);
});

test('nothing that had room has to be read again, however slowly detection goes on', async () => {
  const handOff = makeSmall(6);
  let end = 0;
  for (let cursor = 0; cursor < 400; cursor += 1) {
    const next = handOff.next(at(cursor));
    assert.notEqual(next?.kind, 'missing', `behind ${cursor}`);
    while (await hasRoom(handOff)) {
      handOff.offer(at(end + 4), readings(end + 1, end + 4));
      end += 4;
    }
    if (cursor % 7 === 0) {
      end += 1;
      handOff.offerTick(at(end), tick(end));
    }
    assert.ok(end - cursor < 6 + 4 + 4, `${end - cursor} wait`);
  }
});

test('who waits for room is let go at a stop, with an error', async () => {
  const handOff = makeSmall(2);
  handOff.offer(at(2), readings(1, 2));
  const stop = new AbortController();
  const waiting = handOff.room(stop.signal);
  stop.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  await assert.rejects(handOff.room(stop.signal), { name: 'AbortError' });
});

test('what was judged is filled again, and what still waits is not', () => {
  const handOff = makeSmall();
  const [first, second] = [filled(handOff.take(), 1, 2), filled(handOff.take(), 3, 4)];
  handOff.offer(at(2), first);
  handOff.offer(at(4), second);
  handOff.next(at(1));
  assert.ok(![first, second].includes(handOff.take()));
  handOff.next(at(2));
  assert.equal(handOff.take(), first);
  assert.equal(first.count, 0);
  assert.ok(![first, second].includes(handOff.take()));
  assert.equal(second.count, 2);
});

test('what could not be kept, or was judged by way of the log, is filled again', () => {
  const handOff = makeSmall(2);
  handOff.reach(at(9));
  handOff.next(at(0));
  const late = filled(handOff.take(), 10, 19);
  handOff.offer(at(19), late);
  const dropped = filled(handOff.take(), 20, 25);
  handOff.offer(at(25), dropped);
  assert.equal(handOff.take(), dropped);
  handOff.next(at(19));
  assert.equal(handOff.take(), late);
});
