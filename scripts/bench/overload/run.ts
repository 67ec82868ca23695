import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startLoadedBridge } from '../contestants/loadedBridge.ts';
import { eventTimes, quantile } from '../latency/times.ts';
import type { SentBeyond } from '../latency/times.ts';
import { residentBytes } from '../programs/usage.ts';
import { lastPosition } from './lastPosition.ts';

export interface OverloadOptions {
  readonly capacityMs: number;
  readonly overloadMs: number;
}

/** One second of it. */
export interface Second {
  readonly second: number;
  readonly acknowledged: number;
  readonly residentMb: number;
  /** Events that arrived at the org. */
  readonly events: number;
}

export interface OverloadResult {
  readonly capacity: number;
  readonly seconds: readonly Second[];
  /** Messages by which the source was behind in the end: what a broker would have queued. */
  readonly behind: number;
  readonly acknowledged: number;
  /** Records of the log, ticks included; at least as many as were acknowledged, or messages are lost. */
  readonly logged: number;
  /** Episodes that were sent and acknowledged, and that arrived at the org. */
  readonly opened: { readonly expected: number; readonly arrived: number };
  readonly cleared: { readonly expected: number; readonly arrived: number };
  readonly repeats: number;
  /** Sent to arrived, milliseconds, under the overload. */
  readonly eventMs: { readonly p50: number; readonly p99: number };
}

const LOAD = { devices: 10_000, signals: 0.01, window: 10_000 };
const WARM_MS = 4_000;
/** What is on the way may take so long to end. */
const DRAIN_MS = 300_000;

/** Measures what the bridge can take, then offers twice that. */
export async function runOverload(options: OverloadOptions): Promise<OverloadResult> {
  await using stage = await startLoadedBridge({ name: 'overload', charts: false, ...LOAD });
  const { source, org, bridge, folder } = stage;
  source.setRate(Number.POSITIVE_INFINITY);
  await sleep(WARM_MS);
  const begin = await source.report(true);
  await sleep(options.capacityMs);
  const end = await source.report(true);
  const capacity = Math.round(
    ((end.counts.acknowledged - begin.counts.acknowledged) / (end.at - begin.at)) * 1_000,
  );

  source.setRate(2 * capacity);
  const seconds: Second[] = [];
  const arrivals = [...(await org.report()).opened];
  const sent: SentBeyond[] = [];
  let before = end.counts.acknowledged;
  let behind = 0;
  for (let second = 1; second <= options.overloadMs / 1_000; second += 1) {
    await sleep(1_000);
    const [{ counts, beyond }, told] = await Promise.all([source.report(true), org.report()]);
    sent.push(...beyond);
    arrivals.push(...told.opened);
    behind = counts.late;
    seconds.push({
      second,
      acknowledged: counts.acknowledged - before,
      residentMb: residentBytes(bridge.pid) / 2 ** 20,
      events: told.opened.length,
    });
    before = counts.acknowledged;
  }
  source.setRate(0);

  let report = await source.report();
  let counts = (await org.report()).counts;
  for (const startedAt = Date.now(); Date.now() - startedAt < DRAIN_MS; await sleep(500)) {
    report = await source.report();
    const told = await org.report();
    counts = told.counts;
    arrivals.push(...told.opened);
    const isDone = report.counts.acknowledged === report.counts.sent;
    if (isDone && counts.opened >= report.counts.beyond && counts.cleared >= report.counts.back)
      break;
  }
  const { times } = eventTimes(sent, arrivals);
  return {
    capacity,
    seconds,
    behind,
    acknowledged: report.counts.acknowledged,
    logged: lastPosition(join(folder, 'data/log')),
    opened: { expected: report.counts.beyond, arrived: counts.opened },
    cleared: { expected: report.counts.back, arrived: counts.cleared },
    repeats: counts.repeats,
    eventMs: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
  };
}
