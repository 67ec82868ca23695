import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeTally } from '../core/days/tally.ts';
import { toEpochMs } from '../model/brand.ts';
import { err, ok } from '../model/result.ts';
import type { BridgeReport, DayReport, OrgLimits } from '../ports/bridgeReports.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { withDays } from './dayCounters.ts';
import { runHeartbeat } from './heartbeat.ts';
import { makeOrgState } from './orgState.ts';

const away = { kind: 'unreachable', reason: 'The org is away.', action: 'Wait.' } as const;

/** A heartbeat every 20 ms to an org that can be away, on a clock that can be moved. */
function makeWorld(known: readonly DayReport[] = []) {
  let [now, saved] = [Date.UTC(2026, 10, 23, 23, 59), known];
  const clock = () => toEpochMs(now);
  const sent: { readonly report: BridgeReport; readonly days: readonly DayReport[] }[] = [];
  const limits: OrgLimits[] = [];
  const world = {
    ...{ isAway: false, saves: 0, sent, limits },
    ...{ logger: makeTestLogger(), saved: () => saved },
  };
  let onTheWay = (): void => undefined;
  const days = makeTally(
    known.map((one) => ({ ...one, suppressed: { ...one.suppressed } })),
    clock,
  );
  const outcomes: string[] = [];
  const counters = {
    ...noCounters,
    heartbeatSent: (outcome: string) => void outcomes.push(outcome),
  };
  const options = {
    reports: {
      async report(report: BridgeReport, told: readonly DayReport[] = []) {
        if (world.isAway) return err(away);
        sent.push({ report, days: structuredClone(told) });
        onTheWay();
        return ok({ publishes: { max: 1_000, left: 900 } });
      },
    },
    days,
    store: {
      load: () => saved,
      save(all: readonly DayReport[]) {
        saved = structuredClone(all);
        world.saves += 1;
      },
    },
    outbox: {
      counts: async () => ({ pending: 2, unreceipted: 1, failed: 4, coalesced: 0, suppressed: 0 }),
    },
    condition: () => ({ devices: 7, left: { publishes: 900 }, message: 'mqtt: gone' }),
    onLimits: (told: OrgLimits) => void limits.push(told),
    org: makeOrgState('https://org', world.logger),
    ...{ clock, counters, logger: world.logger, version: '1.2.3', everyMs: 20 },
  };
  return {
    ...world,
    setAway: (isAway: boolean) => void (world.isAway = isAway),
    saves: () => world.saves,
    /** Between a report's arrival in the org and the answer. */
    onTheWay: (work: () => void) => void (onTheWay = work),
    pass: (ms: number) => void (now += ms),
    counters: withDays(counters, days),
    outcomes,
    async run(work: () => Promise<void>): Promise<void> {
      const stop = new AbortController();
      const ticking = setInterval(() => void (now += 5), 5);
      const ended = runHeartbeat(options, stop.signal);
      try {
        await work();
      } finally {
        stop.abort();
        await ended;
        clearInterval(ticking);
      }
    },
  };
}

test('the bridge reports at once and again, with its days, and says when it stops', async () => {
  const world = makeWorld();
  world.counters.readingAccepted('plant', 10);
  world.counters.eventPublished();
  world.counters.receiptSeen('Acted');
  world.counters.receiptSeen('Missing');
  world.counters.eventsSuppressed('coalesced', 'Low', 3);
  await world.run(() => until('three reports', () => world.sent.length >= 3));
  const { report, days } = world.sent[0] ?? assert.fail();
  const { at, dueAt, ...rest } = report;
  assert.equal((dueAt ?? 0) - at, 300_000);
  assert.deepEqual(rest, {
    ...{ status: 'Running', version: '1.2.3', waiting: 3, deadLetters: 4 },
    ...{ devices: 7, left: { publishes: 900 }, message: 'mqtt: gone' },
  });
  assert.deepEqual(days, [
    {
      ...{ day: '2026-11-23', readings: 10, quarantined: 0, duplicates: 0, signals: 1, errors: 1 },
      suppressed: { coalesced: 3 },
    },
  ]);
  assert.deepEqual(world.limits[0], { publishes: { max: 1_000, left: 900 } });
  const last = world.sent.at(-1)?.report;
  assert.equal(last?.status, 'Stopped');
  assert.equal(last.dueAt, undefined);
  assert.equal(world.saved()[0]?.readings, 10);
});

test('days that pass while the org is away are told when it is back, and then no more', async () => {
  const world = makeWorld();
  world.setAway(true);
  world.counters.readingAccepted('plant', 10);
  await world.run(async () => {
    await until('a report failed', () => world.outcomes.includes('failed'));
    world.pass(86_400_000);
    world.counters.readingAccepted('plant', 5);
    world.setAway(false);
    await until('two reports', () => world.sent.length >= 2);
  });
  const told = world.sent.map(({ days }) => days.map(({ day, readings }) => `${day} ${readings}`));
  assert.deepEqual(told.slice(0, 2), [['2026-11-24 5', '2026-11-23 10'], ['2026-11-24 5']]);
  assert.equal(world.logger.lines.filter((line) => line.includes('org is away')).length, 1);
  assert.deepEqual(
    world.saved().map(({ day }) => day),
    ['2026-11-24'],
  );
});

test('counts of an earlier run go on', async () => {
  const before = {
    ...{ day: '2026-11-23', readings: 100, quarantined: 1, duplicates: 0, signals: 2, errors: 3 },
    suppressed: { coalesced: 4 },
  };
  const world = makeWorld([before]);
  world.counters.messageQuarantined('malformed', 1);
  await world.run(() => until('a report', () => world.sent.length >= 1));
  assert.deepEqual(world.sent[0]?.days, [{ ...before, quarantined: 2 }]);
});

const emptyDay = (day: string): DayReport => ({
  ...{ day, readings: 1, quarantined: 0, duplicates: 0, signals: 0, errors: 0 },
  suppressed: {},
});

test('with more days than a report holds today is told at once, and the others in the reports after it', async () => {
  const known = Array.from({ length: 25 }, (_, back) =>
    emptyDay(new Date(Date.UTC(2026, 10, 22 - back)).toISOString().slice(0, 10)),
  );
  const world = makeWorld(known);
  world.counters.readingAccepted('plant', 5);
  await world.run(() => until('three reports', () => world.sent.length >= 3));
  const told = world.sent.map(({ days }) => days.map(({ day }) => day));
  assert.equal(told[0]?.[0], '2026-11-23');
  assert.equal(told[0].length, 20);
  assert.deepEqual(told[1]?.slice(0, 2), ['2026-11-23', '2026-11-03']);
  assert.deepEqual(told[2], ['2026-11-23']);
  assert.equal(new Set(told.flat()).size, 26, 'none is left out');
  assert.deepEqual(
    world.saved().map(({ day }) => day),
    ['2026-11-23'],
  );
});

test('what is counted at midnight, while a report is on its way, is told with the next', async () => {
  const world = makeWorld();
  world.counters.readingAccepted('plant', 1);
  let isMidnight = true;
  world.onTheWay(() => {
    if (!isMidnight) return;
    isMidnight = false;
    world.counters.readingAccepted('plant', 10);
    world.pass(86_400_000);
    world.counters.readingAccepted('plant', 100);
  });
  await world.run(() => until('two reports', () => world.sent.length >= 2));
  const told = world.sent[1]?.days.map(({ day, readings }) => `${day} ${readings}`);
  assert.deepEqual(told, ['2026-11-24 100', '2026-11-23 11']);
});

test('a report that brings no news has nothing written', async () => {
  const world = makeWorld();
  world.counters.readingAccepted('plant', 1);
  await world.run(() => until('five reports', () => world.sent.length >= 5));
  assert.equal(world.saves(), 1);
});
