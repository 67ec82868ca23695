import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeLinger } from './linger.ts';

/** A linger with a clock and a timer that are turned by hand. */
function makeBench() {
  let now = 1_000;
  let due: { readonly at: number; readonly run: () => void } | undefined;
  const linger = makeLinger(
    () => now,
    (run, ms) => {
      due = { at: now + ms, run };
      return () => (due = undefined);
    },
  );
  return {
    linger,
    pass(ms: number) {
      now += ms;
      if (due !== undefined && now >= due.at) due.run();
    },
    /** So many arrive while none is in hand and `from` wait. */
    arrive(from: number, count: number, inHand = 0) {
      for (let waiting = from + 1; waiting <= from + count; waiting += 1) {
        linger.arrived(waiting, waiting + inHand);
      }
    },
  };
}

/** A sender with more than 20 on its way has been seen, and a batch was handed over just now. */
function makeBusy(most = 20) {
  const bench = makeBench();
  bench.arrive(0, most);
  bench.linger.began();
  return bench;
}

test('a message that comes after a pause goes at once', () => {
  const bench = makeBusy();
  bench.pass(2);
  assert.equal(bench.linger.wait(1), undefined);
});

test('messages that come soon after a batch wait for the rest of 2 ms', async () => {
  const bench = makeBusy();
  bench.pass(0.5);
  const waited = bench.linger.wait(3);
  assert.ok(waited !== undefined);
  bench.arrive(3, 5);
  bench.pass(2);
  assert.equal(await waited, 2, 'and while they did, more could come');
});

test('a wait in which nothing came says nothing about what the sender has', async () => {
  const bench = makeBusy();
  const waited = bench.linger.wait(3);
  bench.pass(2);
  assert.equal(await waited, 0);
});

test('a sender that has as much on its way as ever is not kept waiting', async () => {
  const bench = makeBusy(20);
  assert.equal(bench.linger.wait(20), undefined);
  const waited = bench.linger.wait(12);
  assert.ok(waited !== undefined);
  bench.arrive(12, 8);
  assert.equal(await waited, 0, 'ended by the twentieth, without a timer');
});

test('what was on its way long ago is forgotten', () => {
  const bench = makeBusy(20);
  assert.ok(bench.linger.wait(5) !== undefined);
  bench.linger.cut();
  for (let passed = 0; passed < 2; passed += 1) {
    bench.pass(10_000);
    bench.arrive(0, 5);
    bench.linger.began();
  }
  assert.equal(bench.linger.wait(5), undefined);
});

test('a batch that is large enough goes at once, and a wait can be cut short', async () => {
  const bench = makeBusy(5_000);
  assert.equal(bench.linger.wait(250), undefined);
  const waited = bench.linger.wait(1);
  bench.linger.cut();
  assert.equal(await waited, 0);
});
