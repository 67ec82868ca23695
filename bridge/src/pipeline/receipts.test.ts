import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyDefaults } from '../core/govern/latencyClass.ts';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { makeMemoryPlaces } from '../edge/log/memoryPlaces.ts';
import { makeMemoryReceipts } from '../edge/salesforce/memoryReceipts.ts';
import { toEpochMs } from '../model/brand.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeSignal } from '../testing/signals.ts';
import { until } from '../testing/until.ts';
import { makeBreakers } from './breaker.ts';
import { makeLatencyWatch } from './latency.ts';
import { makeOrgState } from './orgState.ts';
import { makePace } from './pace.ts';
import { runReceipts } from './receipts.ts';
import { makeUnrouted } from './unrouted.ts';
import { makeWakeup } from './wakeup.ts';

test('while API calls have to last it asks less often, and as usual at once when something Critical waits', async () => {
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  let now = 1_000_000;
  const clock = () => toEpochMs(now);
  const signal = makeSignal('a');
  await outbox.record({ signals: [signal], recordedAt: clock() });
  await outbox.settle([{ kind: 'published', eventKey: signal.eventKey, at: clock() }]);
  const org = makeMemoryReceipts({ page: 2_000 });
  const seen = { asked: 0, looked: 0, spacingMs: 20_000 };
  const receipts: typeof org = {
    ...org,
    read(question) {
      seen.asked += 1;
      return org.read(question);
    },
  };
  const common = { clock, logger, counters: noCounters };
  const stop = new AbortController();
  const running = runReceipts(
    {
      ...{ ...common, outbox, receipts },
      unrouted: makeUnrouted({ ...common, receipts, routeAgainAfterMs: 300_000 }),
      latency: makeLatencyWatch({ ...common, rules: latencyDefaults }),
      org: makeOrgState('http://org', logger),
      breaker: makeBreakers({ firstMs: 1, maxMs: 2 }, { clock, logger }).receipts,
      pace: makePace({ first: 100, max: 100 }),
      ...{ recorded: makeWakeup(), places: makeMemoryPlaces(), placeName: 'receipts' },
      ...{ everyMs: 1, missingAfterMs: 1e9, routeAgainAfterMs: 300_000, maxPublishes: 3 },
      spacingMs(usualMs) {
        seen.looked += 1;
        return Math.max(usualMs, seen.spacingMs);
      },
    },
    stop.signal,
  );
  const looks = async (more: number) => {
    const before = seen.looked;
    await until('it has looked', () => seen.looked >= before + more);
  };
  await looks(20);
  assert.equal(seen.asked, 1);
  now += 19_000;
  await looks(5);
  assert.equal(seen.asked, 1);
  now += 1_000;
  await looks(5);
  assert.equal(seen.asked, 2);
  seen.spacingMs = 0;
  await until('it asks as usual', () => seen.asked >= 5);
  stop.abort();
  await running;
});
