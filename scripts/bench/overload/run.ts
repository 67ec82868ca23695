import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startLoadedBridge } from '../contestants/loadedBridge.ts';
import type { LoadedBridge } from '../contestants/loadedBridge.ts';
import { eventTimes, quantile } from '../latency/times.ts';
import type { SentBeyond } from '../latency/times.ts';
import type { OpenedArrival } from '../org/arrivals.ts';
import { residentBytes } from '../programs/usage.ts';
import { timeLeft } from '../timeLeft.ts';
import { lastPosition } from './lastPosition.ts';
import { isOverloaded, rateBetween, stillRises } from './verdict.ts';
import type { Look, Second } from './verdict.ts';

export interface OverloadOptions {
  /** The capacity is the best of at least so many windows of this length, at full speed, and of three times as many at most: it ends when it rises no more. */
  readonly windows: number;
  readonly windowMs: number;
  readonly overloadMs: number;
  readonly say: (line: string) => void;
}

export interface OverloadResult {
  /** Messages a second that went all the way, in each window; the best counts. */
  readonly windows: readonly number[];
  readonly capacity: number;
  /** Messages a second that were offered; more than twice the capacity where twice was taken. */
  readonly offered: number;
  /** Whether the bridge was behind: else nothing was shown. */
  readonly judged: boolean;
  readonly seconds: readonly Second[];
  /** Messages by which the source was behind in the end: what a broker would have queued. */
  readonly behind: number;
  /** Acknowledged while so much was offered. */
  readonly taken: number;
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
const WARM_MS = 8_000;
/** What is on the way may take so long to end. */
const DRAIN_MS = 300_000;
const SAY_SECONDS = 10;
/** An offer that was taken shows that the capacity is higher: twice that is offered next, so many times. */
const TRIES = 3;

/** Measures what the bridge can take, then offers twice that. */
export async function runOverload(options: OverloadOptions): Promise<OverloadResult> {
  const { say } = options;
  await using stage = await startLoadedBridge({ name: 'overload', charts: false, ...LOAD });
  const windows = await measureCapacity(stage, options);
  let capacity = Math.max(...windows);
  for (let tries = 1; ; tries += 1) {
    const offered = 2 * capacity;
    say(`capacity ${capacity}/s; offering ${offered}/s`);
    const load = await offer(stage, offered, options);
    const { seconds } = load;
    const total = (offered * options.overloadMs) / 1_000;
    const judged = isOverloaded({ offered: total, acknowledged: load.taken, behind: load.behind });
    if (judged || tries === TRIES) {
      return { windows, capacity, offered, judged, ...load, ...(await drain(stage, load)) };
    }
    const best = Math.max(...seconds.map(({ acknowledged }) => acknowledged));
    say(`  it was taken (${load.taken} of ${Math.round(total)}): the capacity is higher`);
    capacity = Math.max(capacity, best);
  }
}

/** At full speed, until it is warm and then window by window: the best is what the machine gives when nobody else takes it. */
async function measureCapacity(
  { source, bridge }: LoadedBridge,
  { windows: count, windowMs, say }: OverloadOptions,
): Promise<readonly number[]> {
  const look = async (): Promise<Look> => {
    const [{ counts, at }, { processed = 0 }] = await Promise.all([
      source.report(true),
      bridge.work(),
    ]);
    return { at, acknowledged: counts.acknowledged, processed };
  };
  source.setRate(Number.POSITIVE_INFINITY);
  await sleep(WARM_MS);
  const windows: number[] = [];
  let begin = await look();
  while (windows.length < count || (stillRises(windows) && windows.length < 3 * count)) {
    await sleep(windowMs);
    const end = await look();
    const rate = rateBetween(begin, end);
    windows.push(rate);
    say(`  full speed, window ${windows.length} of ${count} or more: ${rate}/s`);
    begin = end;
  }
  return windows;
}

interface Load {
  readonly seconds: readonly Second[];
  readonly behind: number;
  readonly taken: number;
  readonly sent: readonly SentBeyond[];
  readonly arrivals: OpenedArrival[];
}

/** Offers so much for the time. */
async function offer(
  { source, org, bridge }: LoadedBridge,
  rate: number,
  { overloadMs, say }: OverloadOptions,
): Promise<Load> {
  source.setRate(rate);
  const seconds: Second[] = [];
  const arrivals = [...(await org.report()).opened];
  const sent: SentBeyond[] = [];
  const begin = (await source.report(true)).counts.acknowledged;
  let before = begin;
  let behind = 0;
  const startedAt = Date.now();
  for (let second = 1; second <= overloadMs / 1_000; second += 1) {
    await sleep(Math.max(0, startedAt + second * 1_000 - Date.now()));
    const [{ counts, beyond }, told] = await Promise.all([source.report(true), org.report()]);
    sent.push(...beyond);
    arrivals.push(...told.opened);
    behind = counts.late;
    const residentMb = residentBytes(bridge.pid) / 2 ** 20;
    const acknowledged = counts.acknowledged - before;
    seconds.push({ second, acknowledged, residentMb, events: told.opened.length });
    before = counts.acknowledged;
    if (second % SAY_SECONDS === 0) {
      const left = timeLeft(Date.now() - startedAt, (second * 1_000) / overloadMs);
      say(`  ${acknowledged}/s taken, ${behind} behind, ${residentMb.toFixed(0)} MB; ${left}`);
    }
  }
  return { seconds, behind, taken: before - begin, sent, arrivals };
}

/** Until everything that was sent has come to its end. */
async function drain({ source, org, folder }: LoadedBridge, { sent, arrivals }: Load) {
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
    acknowledged: report.counts.acknowledged,
    logged: lastPosition(join(folder, 'data/log')),
    opened: { expected: report.counts.beyond, arrived: counts.opened },
    cleared: { expected: report.counts.back, arrived: counts.cleared },
    repeats: counts.repeats,
    eventMs: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
  };
}
