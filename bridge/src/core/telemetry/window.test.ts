import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import type { Reading } from '../../model/reading.ts';
import { makeRandom } from '../fixtures/random.ts';
import { readingOf, readingsOf, START } from '../fixtures/readings.ts';
import { HOLD_MS, pointsBetween } from './buckets.ts';
import { makeWindow } from './window.ts';
import type { TelemetryWindow } from './window.ts';

const device = (name: string): Partial<Reading> => ({ device: toDeviceKey(name) });
const held = (window: TelemetryWindow, name: string) =>
  window
    .metrics(toDeviceKey(name))
    .map(({ name: metric, buckets }) => `${metric} ${buckets.readings}`);

const isHeld = (window: TelemetryWindow, name: string): boolean => held(window, name).length > 0;

test('every metric of every device has its own hour, named in order, with its unit', () => {
  const window = makeWindow(1e6);
  window.add(readingOf(0, { vibration: 1, flow: 2 }));
  window.add(readingOf(1_000, { vibration: 3 }, { units: {} }));
  window.add(readingOf(0, { vibration: 9 }, device('pump-002')));
  assert.deepEqual(held(window, 'pump-001'), ['flow 1', 'vibration 2']);
  assert.deepEqual(held(window, 'pump-002'), ['vibration 1']);
  assert.deepEqual(held(window, 'nobody'), []);
  const units = window.metrics(toDeviceKey('pump-001')).map(({ unit }) => unit);
  assert.deepEqual(units, [undefined, 'mm/s']);
});

test('a reading that was an hour old when it came is not held', () => {
  const window = makeWindow(1e6);
  window.add(readingOf(0, { a: 1 }, { receivedAt: toEpochMs(START + HOLD_MS + 1) }));
  assert.equal(window.devices(), 0);
  assert.equal(window.bytes(), 0);
});

test('a device silent for an hour is forgotten with all its memory', () => {
  const window = makeWindow(1e6);
  window.add(readingOf(0, { a: 1 }));
  window.add(readingOf(1_000, { a: 1 }, device('pump-002')));
  window.forgetSilent(toEpochMs(START + HOLD_MS));
  assert.deepEqual([held(window, 'pump-001'), held(window, 'pump-002')], [[], ['a 1']]);
  window.forgetSilent(toEpochMs(START + HOLD_MS + 1_000));
  assert.equal(window.bytes(), 0);
});

test('the memory is never exceeded; devices silent for ten minutes make room, the longest silent first', () => {
  const limit = 100_000;
  const window = makeWindow(limit);
  for (let second = 0; second < 300; second += 1) {
    for (let pump = 0; pump < 10; pump += 1) {
      // Every pump falls silent at its own time; pump 9 never does.
      if (second > 20 * (pump + 1) && pump !== 9) continue;
      window.add(readingOf(second * 1_000, { a: second, b: second }, device(`p${pump}`)));
      assert.ok(window.bytes() <= limit);
    }
  }
  assert.ok(window.evicted() === 0, `${window.bytes()}`);
  const stays = (): readonly number[] =>
    Array.from({ length: 10 }, (_, pump) => pump).filter((pump) => isHeld(window, `p${pump}`));
  for (let pump = 10; pump < 150; pump += 1) {
    window.add(readingOf(760_000 + pump, { a: 1 }, device(`p${pump}`)));
    assert.ok(window.bytes() <= limit);
    // Those that left are the ones that fell silent first.
    assert.ok(stays().every((one, index, all) => one === 10 - all.length + index));
  }
  assert.ok(window.evicted() > 0);
  // At 760 s these two are not silent for ten minutes; the others left, and not all newcomers found room.
  assert.deepEqual(stays(), [8, 9]);
  assert.ok(window.devices() > 12 && window.devices() < 142, `${window.devices()}`);
});

test('more devices than there is room for do not push each other out', () => {
  const window = makeWindow(100_000);
  for (let minute = 0; minute < 30; minute += 1) {
    for (let pump = 0; pump < 200; pump += 1) {
      window.add(readingOf(minute * 60_000, { a: pump, b: 1 }, device(`p${pump}`)));
    }
  }
  assert.equal(window.evicted(), 0);
  assert.ok(window.devices() > 10 && window.devices() < 100, `${window.devices()}`);
  assert.deepEqual(held(window, 'p0'), ['a 30', 'b 30']);
});

test('a device that somebody asks for has its place with its next reading', () => {
  const window = makeWindow(20_000);
  const all = Array.from({ length: 100 }, (_, pump) => `p${pump}`);
  const speak = (after: number): void => {
    for (const name of all) window.add(readingOf(after, { a: 1 }, device(name)));
  };
  speak(0);
  assert.deepEqual(held(window, 'p99'), []);
  speak(1_000);
  speak(2_000);
  assert.deepEqual(held(window, 'p99'), ['a 2']);
  assert.ok(window.bytes() <= 20_000);
});

test('one device alone cannot take more than there is: its oldest seconds make room', () => {
  const limit = 20_000;
  const window = makeWindow(limit);
  for (let second = 0; second < 3_600; second += 1) {
    window.add(readingOf(second * 1_000, { a: second }));
  }
  assert.ok(window.bytes() <= limit);
  const [metric] = window.metrics(toDeviceKey('pump-001'));
  assert.ok(metric !== undefined);
  const { values } = pointsBetween(metric.buckets, 0, Infinity);
  assert.equal(values.at(-1), 3_599);
  assert.ok(values.length >= 512, `${values.length}`);
});

test('the past is filled in behind what is there, and makes nobody leave', () => {
  const window = makeWindow(8_000);
  window.add(readingOf(60_000, { a: 60 }));
  assert.ok(window.fill(readingOf(0, { a: 0 })));
  assert.deepEqual(held(window, 'pump-001'), ['a 2']);
  let filled = 0;
  while (window.fill(readingOf(0, { a: 0 }, device(`old-${filled}`)))) filled += 1;
  assert.ok(filled > 0 && window.evicted() === 0);
  assert.deepEqual(held(window, 'pump-001'), ['a 2']);
});

test('a device that invents names is held to a thousand of them', () => {
  const window = makeWindow(1e8);
  for (let index = 0; index < 1_200; index += 1) window.add(readingOf(index, { [`m${index}`]: 1 }));
  assert.equal(held(window, 'pump-001').length, 1_000);
});

test('readings taken in together are held as those that came one by one, whoever has to leave meanwhile', () => {
  let [evicted, refused] = [0, 0];
  for (let seed = 1; seed <= 30; seed += 1) {
    const random = makeRandom(seed);
    const limit = 8_000 + random.below(60_000);
    const [one, many] = [makeWindow(limit), makeWindow(limit)];
    let after = 0;
    for (let round = 0; round < 40; round += 1) {
      // Now and then all but a few were silent for so long that they may leave.
      after += random.below(6) === 0 ? 700_000 : 2_000;
      const list = Array.from({ length: 1 + random.below(150) }, () => {
        const name = `p${random.below(round % 7 === 0 ? 60 : 15)}`;
        const numbers = random.below(5) === 0 ? { a: 1, b: 2, c: 3 } : { a: random.below(100) };
        return readingOf(after + random.below(1_000), numbers, device(name));
      });
      for (const reading of list) one.add(reading);
      many.addAll(readingsOf([readingOf(0, { x: 1 }), ...list]), 1, list.length + 1);
      const asked = `p${random.below(60)}`;
      assert.deepEqual(held(many, asked), held(one, asked));
      const counts = (window: TelemetryWindow) => [
        window.devices(),
        window.bytes(),
        window.evicted(),
      ];
      assert.deepEqual(counts(many), counts(one), `seed ${seed}, round ${round}`);
      if (random.below(10) > 0) continue;
      for (const window of [one, many]) window.forgetSilent(toEpochMs(START + after));
    }
    const names = Array.from({ length: 60 }, (_, index) => `p${index}`);
    assert.deepEqual(
      names.map((name) => held(many, name)),
      names.map((name) => held(one, name)),
    );
    evicted += many.evicted();
    refused += names.filter((name) => !isHeld(many, name)).length;
  }
  assert.ok(evicted > 100 && refused > 100, `${evicted} ${refused}`);
});
