import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeIdleMeter } from './idle.ts';

/** A meter with a clock and an event loop that are turned by hand. */
function makeBench() {
  let now = 1000;
  let queued: (() => void)[] = [];
  const meter = makeIdleMeter(
    () => now,
    (run) => queued.push(run),
  );
  return {
    meter,
    pass: (ms: number) => {
      now += ms;
    },
    /** Turns of the event loop, each taking this long. */
    turn: (turns: number, eachMs: number) => {
      for (let i = 0; i < turns; i += 1) {
        now += eachMs;
        const due = queued;
        queued = [];
        for (const run of due) run();
      }
    },
    message(takesMs: number) {
      meter.begin();
      now += takesMs;
      meter.end();
    },
  };
}

test('pauses between messages add up, also the one that is still going on', () => {
  const bench = makeBench();
  bench.pass(500);
  bench.message(10);
  bench.turn(3, 0);
  bench.pass(490);
  assert.equal(bench.meter.readMs(), 990);
  bench.message(10);
  assert.equal(bench.meter.readMs(), 990);
  bench.turn(3, 0);
  bench.pass(100);
  assert.equal(bench.meter.readMs(), 1090);
});

test('queued messages leave no pause, however long the disk blocks between them', () => {
  const bench = makeBench();
  for (let i = 0; i < 50; i += 1) {
    bench.message(30);
    bench.turn(2, 40);
  }
  assert.equal(bench.meter.readMs(), 0);
});

test('a message that is being taken over is no pause', () => {
  const bench = makeBench();
  bench.meter.begin();
  bench.turn(10, 1000);
  assert.equal(bench.meter.readMs(), 0);
});
