import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryLog } from '../edge/log/memoryLog.ts';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeHandOff } from './handOff.ts';
import { makeTicks } from './ticks.ts';
import { makeWakeup } from './wakeup.ts';

const HOUR = 3_600_000;
const SECOND = 1_000;

test('a clock that is set back or ahead by an hour keeps no tick waiting, and listening goes on where it was', async () => {
  const log = makeMemoryLog();
  let now = 10 * HOUR;
  const ticks = makeTicks({
    log,
    handOff: makeHandOff(makeWakeup()),
    isListening: () => true,
    clock: () => toEpochMs(now),
    counters: noCounters,
    logger: makeTestLogger(),
  });
  ticks.begin(toEpochMs(5 * HOUR));
  const { signal } = new AbortController();
  const tick = async (moved: number): Promise<void> => {
    now += moved;
    assert.ok(ticks.dueMs() <= 0, `not due, ${ticks.dueMs()} ms to go`);
    await ticks.write(signal);
    assert.equal(ticks.dueMs(), SECOND);
  };
  await tick(0);
  await tick(SECOND);
  await tick(-HOUR);
  await tick(SECOND);
  await tick(2 * HOUR);
  await tick(SECOND);
  const listened = (await log.read(toLogPosition(0), 10)).map((entry) =>
    entry.kind === 'tick' ? entry.listenedAt - 5 * HOUR : Number.NaN,
  );
  // Backwards adds nothing, forwards what one tick can add at most.
  assert.deepEqual(listened, [0, 1_000, 1_000, 2_000, 4_000, 5_000]);
});
