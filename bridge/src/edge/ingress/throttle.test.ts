import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeThrottle } from './throttle.ts';

const KEEPALIVE_MS = 30_000;

/** A throttle of at most 10 messages, with clock, timers and backlog in the hands of the test. */
function makeBench(context: import('node:test').TestContext) {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const backlog = { messages: 0, bytes: 0 };
  const pauses: boolean[] = [];
  let dropped = 0;
  const throttle = makeThrottle({
    backlog: () => backlog,
    pause: (isPaused) => pauses.push(isPaused),
    onDropped: () => (dropped += 1),
    keepaliveMs: KEEPALIVE_MS,
    now: () => Date.now(),
    limits: { messages: 10, bytes: 1_000 },
  });
  return {
    throttle,
    backlog,
    isPaused: () => pauses.at(-1) === true,
    dropped: () => dropped,
    pass: (ms: number) => context.mock.timers.tick(ms),
  };
}

test('with room, all is admitted and read', (context) => {
  const bench = makeBench(context);
  bench.backlog.messages = 9;
  bench.throttle.read();
  assert.ok(bench.throttle.admits());
  assert.ok(!bench.isPaused());
});

for (const full of [
  { messages: 10, bytes: 0 },
  { messages: 1, bytes: 1_000 },
]) {
  test(`without room (${JSON.stringify(full)}) reading pauses, until half of it is free`, (context) => {
    const bench = makeBench(context);
    Object.assign(bench.backlog, full);
    bench.throttle.read();
    assert.ok(bench.isPaused());
    bench.pass(500);
    assert.ok(bench.isPaused());
    Object.assign(bench.backlog, { messages: 4, bytes: 0 });
    bench.pass(10);
    assert.ok(!bench.isPaused());
    assert.equal(bench.dropped(), 0);
  });
}

test('a pause ends well before the keep-alive does; then what finds no room is dropped and counted', (context) => {
  const bench = makeBench(context);
  bench.backlog.messages = 10;
  bench.throttle.read();
  bench.pass(KEEPALIVE_MS / 3 - 20);
  assert.ok(bench.isPaused());
  bench.pass(30);
  assert.ok(!bench.isPaused());
  assert.equal(bench.throttle.admits(), false);
  bench.throttle.read();
  assert.ok(!bench.isPaused());
  bench.backlog.messages = 9;
  assert.equal(bench.throttle.admits(), true);
  assert.equal(bench.dropped(), 1);
});

test('in any half of a keep-alive there is time to read the answer to a ping', (context) => {
  const bench = makeBench(context);
  bench.backlog.messages = 10;
  const read: boolean[] = [];
  const STEP_MS = 10;
  for (let ms = 0; ms < 10 * KEEPALIVE_MS; ms += STEP_MS) {
    if (!bench.isPaused()) bench.throttle.read();
    read.push(!bench.isPaused());
    bench.pass(STEP_MS);
  }
  const half = KEEPALIVE_MS / 2 / STEP_MS;
  let inHalf = 0;
  let least = half;
  for (const [index, isRead] of read.entries()) {
    inHalf += (isRead ? 1 : 0) - (read[index - half] === true ? 1 : 0);
    if (index >= half) least = Math.min(least, inHalf);
  }
  assert.ok(least >= half / 5, `${least} of ${half}`);
  assert.ok(read.includes(false));
});

test('a closed connection is left alone', (context) => {
  const bench = makeBench(context);
  bench.backlog.messages = 10;
  bench.throttle.read();
  bench.throttle.close();
  bench.pass(KEEPALIVE_MS);
  assert.ok(bench.isPaused());
});
