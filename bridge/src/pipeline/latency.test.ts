import assert from 'node:assert/strict';
import { test } from 'node:test';

import { latencyDefaults } from '../core/govern/latencyClass.ts';
import { HALF_MS } from '../core/govern/latencyShare.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpisodeKey, EventKey } from '../model/brand.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeLatencyWatch } from './latency.ts';

const START = 1_790_000_000_000;
const LATE_MS = latencyDefaults.Immediate.withinMs + 1;

function makeWatch() {
  const logger = makeTestLogger();
  const time = { now: START };
  const clock = () => toEpochMs(time.now);
  const watch = makeLatencyWatch({ rules: latencyDefaults, clock, counters: noCounters, logger });
  const acted = (tookMs: number): void => {
    const detectedAt = toEpochMs(time.now - tookMs);
    const key = 'a'.repeat(64);
    const event = {
      eventKey: key as EventKey,
      episodeKey: key as EpisodeKey,
      publishedAt: detectedAt,
      publishes: 1,
      refusals: 0,
      detectedAt,
      severity: 'High' as const,
    };
    watch.acted(event, clock());
  };
  return { watch, logger, time, acted };
}

test('a class at the border of its budget is complained about once, not at every event', () => {
  const { watch, logger, acted } = makeWatch();
  for (let at = 0; at < 19; at += 1) acted(0);
  acted(LATE_MS);
  assert.deepEqual(logger.lines, [], 'one of twenty is no complaint');
  for (let at = 0; at < 50; at += 1) {
    acted(LATE_MS);
    for (let good = 0; good < 19; good += 1) acted(0);
  }
  assert.equal(logger.lines.length, 1, logger.lines.join('\n'));
  assert.match(logger.lines[0] ?? '', /^warn 90 % of the Immediate events .* within 10 s/u);
  assert.equal(watch.reason(), '', 'who asks is told how it is now');
});

test('that a class is kept again is told once its lateness is past, and it may be missed again', () => {
  const { logger, time, acted } = makeWatch();
  acted(LATE_MS);
  time.now += HALF_MS;
  for (let at = 0; at < 40; at += 1) acted(0);
  acted(LATE_MS);
  acted(LATE_MS);
  assert.deepEqual(
    logger.lines.map((line) => line.split(' ')[0]),
    ['warn', 'info', 'warn'],
  );
});
