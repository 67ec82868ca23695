import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEngine } from '../core/engine.ts';
import { policyOf } from '../core/fixtures/policies.ts';
import { readingOf, START } from '../core/fixtures/readings.ts';
import { makeMemoryAttic } from '../edge/state/memoryAttic.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import { makeLongRunEngine, makeSteps } from '../testing/longRun.ts';
import { withAttic } from './aside.ts';

const device = toDeviceKey('pump-001');
const silent = policyOf(
  { kind: 'silence', afterMs: 60_000 },
  { key: 'silent', openAfterMs: 0, clearAfterMs: 0, updateEveryMs: 3_600_000 },
);
const HOUR = 3_600_000;

function setUp() {
  const attic = makeMemoryAttic().open();
  const recall = (key: typeof device) => attic.take(key)?.state;
  const engine = withAttic(makeEngine([silent], { recall }), attic, HOUR);
  const tick = (at: number): readonly Signal[] => engine.tick(toEpochMs(at), toEpochMs(START + at));
  const hear = (at: number) =>
    engine.accept(
      readingOf(at, { a: 1 }, { device, receivedAt: toEpochMs(START + at) }),
      toEpochMs(at),
    );
  return { attic, tick, hear };
}
const byKey = (signals: readonly Signal[]) =>
  new Map(signals.map((signal) => [signal.eventKey, signal]));
const phases = (signals: readonly Signal[]) =>
  signals.map(({ phase, sequence }) => `${phase} ${sequence}`);

test('a device that is silent for long is put aside, and its next message finds it as it was', () => {
  const { attic, tick, hear } = setUp();
  hear(0);
  assert.deepEqual(phases(tick(61_000)), ['Opened 0']);
  tick(HOUR - 1);
  assert.equal(attic.size, 0);
  tick(HOUR + 1);
  assert.equal(attic.size, 1);
  assert.deepEqual(phases(hear(HOUR + 2)), ['Cleared 1']);
  assert.equal(attic.size, 0);
});

test('a device that is aside comes back when its silence has something to say', () => {
  const { attic, tick, hear } = setUp();
  hear(0);
  tick(61_000);
  tick(HOUR + 1);
  assert.equal(attic.size, 1);
  assert.deepEqual(phases(tick(HOUR + 60_999)), []);
  assert.deepEqual(phases(tick(HOUR + 61_000)), ['Updated 1']);
  assert.equal(attic.size, 1, 'and goes again');
  assert.deepEqual(phases(hear(2 * HOUR)), ['Cleared 2']);
});

test('with devices that come and go all the same is said', () => {
  const attic = makeMemoryAttic().open();
  const [kept, moved] = [makeLongRunEngine(), makeLongRunEngine(attic)];
  let most = 0;
  for (const step of makeSteps(20_000, 800)) {
    const [actual, expected] = [step(moved), step(kept)];
    assert.equal(actual.length, expected.length);
    if (expected.length > 0) assert.deepEqual(byKey(actual), byKey(expected));
    most = Math.max(most, attic.size);
  }
  assert.ok(most > 50, `${most} devices were aside at most`);
});
