import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeRandom } from '../../core/fixtures/random.ts';
import { makeWindowMeter } from './window.ts';

/** A meter with a clock that the test moves. */
function makeBench(roundTripMs = 1) {
  let at = 0;
  const meter = makeWindowMeter(() => at);
  meter.opened(roundTripMs);
  return {
    meter,
    pass(ms: number) {
      at += ms;
    },
    arrive(count: number) {
      for (let i = 0; i < count; i += 1) meter.arrived();
      meter.read();
    },
    now: () => at,
  };
}

test('a window that is filled as soon as it is emptied is full nearly all the time', () => {
  const bench = makeBench();
  while (bench.now() < 10_000) {
    bench.arrive(15);
    bench.pass(0.2);
    bench.arrive(5);
    bench.pass(3);
    bench.meter.acknowledged(20);
    bench.pass(1);
  }
  const { size, full } = bench.meter.endPeriod();
  assert.equal(size, 20);
  assert.ok(full > 0.9, String(full));
});

test('also where one part of it is made safe while the other is on its way', () => {
  const bench = makeBench();
  bench.arrive(20);
  while (bench.now() < 10_000) {
    for (const part of [5, 15]) {
      bench.pass(4);
      bench.meter.acknowledged(part);
      bench.pass(0.5);
      bench.arrive(part);
    }
  }
  const { size, full } = bench.meter.endPeriod();
  assert.equal(size, 20);
  assert.ok(full > 0.9, String(full));
});

test('also where the broker is far away and the time goes into the way', () => {
  const bench = makeBench(60);
  while (bench.now() < 10_000) {
    bench.arrive(20);
    bench.pass(2);
    bench.meter.acknowledged(20);
    bench.pass(50);
  }
  assert.ok(bench.meter.endPeriod().full > 0.9);
});

test('messages that come when devices send them do not fill it', () => {
  const random = makeRandom(1);
  const bench = makeBench();
  while (bench.now() < 10_000) {
    const count = Math.floor(random.next() * 12);
    bench.arrive(count);
    bench.pass(3);
    bench.meter.acknowledged(count);
    bench.pass(1);
  }
  const { size, full } = bench.meter.endPeriod();
  assert.equal(size, 11);
  assert.ok(full < 0.2, String(full));
});

test('nor do devices that all send in the same moment of a second, nor a single one', () => {
  for (const count of [50, 1]) {
    const bench = makeBench();
    while (bench.now() < 10_000) {
      bench.arrive(count);
      bench.pass(5);
      bench.meter.acknowledged(count);
      bench.pass(995);
    }
    const { size, full } = bench.meter.endPeriod();
    assert.equal(size, count);
    assert.ok(full < 0.02, String(full));
  }
});

test('a disk that keeps everybody waiting, and a bridge that cannot keep up, are no small window', () => {
  const slow = makeBench();
  while (slow.now() < 10_000) {
    slow.arrive(20);
    slow.pass(2_000);
    slow.meter.acknowledged(20);
    slow.pass(1);
  }
  assert.equal(slow.meter.endPeriod().full, 0);
  const flooded = makeBench();
  flooded.arrive(20_000);
  while (flooded.now() < 10_000) {
    flooded.pass(20);
    flooded.meter.acknowledged(4_000);
    flooded.arrive(4_000);
  }
  assert.equal(flooded.meter.endPeriod().full, 0);
});

test('each period is judged anew, and so is each connection', () => {
  const bench = makeBench();
  bench.arrive(100);
  bench.pass(10);
  bench.meter.acknowledged(40);
  bench.pass(90);
  assert.deepEqual(bench.meter.endPeriod(), { size: 100, full: 0.1 });
  bench.pass(100);
  assert.deepEqual(bench.meter.endPeriod(), { size: 60, full: 0 });
  bench.meter.opened(1);
  bench.pass(100);
  assert.deepEqual(bench.meter.endPeriod(), { size: 60, full: 0 });
  bench.pass(100);
  assert.deepEqual(bench.meter.endPeriod(), { size: 0, full: 0 });
});

test('nor do few messages, each alone, over a connection that took long to open', () => {
  const random = makeRandom(2);
  const bench = makeBench(150);
  for (let period = 0; period < 3; period += 1) {
    const end = bench.now() + 10_000;
    while (bench.now() < end) {
      bench.arrive(1);
      bench.pass(3);
      bench.meter.acknowledged(1);
      bench.pass(random.next() * 90);
    }
    const { size, full } = bench.meter.endPeriod();
    assert.equal(size, 1);
    assert.ok(full < 0.2, String(full));
  }
});

test('nor do devices that speak together twice a second, over a connection that was long in opening on a slow disk', () => {
  const bench = makeBench(200);
  bench.meter.answered(15);
  while (bench.now() < 10_000) {
    bench.arrive(12);
    bench.pass(80);
    bench.meter.acknowledged(12);
    bench.pass(420);
  }
  const { size, full } = bench.meter.endPeriod();
  assert.equal(size, 12);
  assert.ok(full < 0.3, String(full));
});
