import { setTimeout as sleep } from 'node:timers/promises';

import type { Contestant, Running } from '../contestants/contestant.ts';
import { makeBenchFolder } from '../programs/folder.ts';
import { startLoadSource } from '../programs/loadSource.ts';
import type { LoadOptions, LoadSource } from '../programs/loadSource.ts';
import { startOrg } from '../programs/org.ts';
import type { Org } from '../programs/org.ts';
import { treeCpuMs } from '../programs/usage.ts';
import { keptUp } from './keptUp.ts';
import type { Progress } from './keptUp.ts';

export interface RoundOptions extends LoadOptions {
  /** Messages a second; Infinity: as many as the window lets through. */
  readonly rate: number;
  readonly warmMs: number;
  readonly measureMs: number;
}

/** Signals that should have arrived and those that did, over the whole round. */
export interface Signals {
  readonly expected: number;
  readonly arrived: number;
}

export interface Round {
  /** Messages the contestant was through with, a second. */
  readonly rate: number;
  /** Messages acknowledged a second. */
  readonly acknowledgedRate: number;
  /** CPU time of all its processes from the end of the warm-up until nothing was left to do, a message. */
  readonly cpuUs: number;
  readonly messages: number;
  /** Signals of episodes that began, and of those that ended. */
  readonly opened: Signals;
  readonly cleared: Signals;
  /** From the end of the load until every message was through and every Opened had arrived. */
  readonly drainMs: number;
  /** Whether it kept up: nothing was missing in the end, and what waited did not grow while it was measured, see `keptUp`. */
  readonly sustained: boolean;
  /** What the source itself used, a message. */
  readonly sourceUs: number;
  readonly troubles: readonly string[];
}

/** What is not there by then counts as missing. */
const PATIENCE_MS = 20_000;
/** The end of an episode waits for the receipt of its beginning, which is asked for in batches. */
const CLEARED_PATIENCE_MS = 90_000;
/** Looking costs a contestant CPU time too. */
const LOOK_MS = 200;

/** One contestant under one load, every program fresh. */
export async function runRound(contestant: Contestant, options: RoundOptions): Promise<Round> {
  const { devices, signals, window } = options;
  await using folder = await makeBenchFolder(`throughput-${contestant.name}`);
  await using org = await startOrg(folder.path);
  await using source = await startLoadSource({ devices, signals, window }, folder.path);
  const places = { url: source.url, org, folder: folder.path };
  await using running = await contestant.start(places);
  await source.ready();
  const look = makeLook(contestant, running, source, org);

  source.setRate(options.rate);
  await sleep(options.warmMs);
  const begin = await look();
  const cpuBegin = treeCpuMs(running.pid);
  await sleep(options.measureMs);
  const end = await look();
  source.setRate(0);

  const isThrough = (now: Look): boolean =>
    now.processed >= now.sent && now.openedArrived >= now.openedExpected;
  const drained = await until(look, isThrough, end.at, PATIENCE_MS);
  const isDone = (now: Look): boolean => now.clearedArrived >= now.clearedExpected;
  const last = isThrough(drained)
    ? await until(look, isDone, drained.at, CLEARED_PATIENCE_MS)
    : drained;
  const cpuMs = treeCpuMs(running.pid) - cpuBegin;

  const seconds = (end.at - begin.at) / 1_000;
  const rate = (end.processed - begin.processed) / seconds;
  const messages = last.processed - begin.processed;
  return {
    rate,
    acknowledgedRate: (end.acknowledged - begin.acknowledged) / seconds,
    cpuUs: (cpuMs / messages) * 1_000,
    messages: last.sent,
    opened: { expected: last.openedExpected, arrived: last.openedArrived },
    cleared: { expected: last.clearedExpected, arrived: last.clearedArrived },
    drainMs: drained.at - end.at,
    sustained: isThrough(drained) && keptUp(begin, end, window),
    sourceUs: ((end.sourceCpuMs - begin.sourceCpuMs) / (end.sent - begin.sent)) * 1_000,
    troubles: last.troubles,
  };
}

/** How far everybody is at one moment. */
interface Look extends Progress {
  readonly at: number;
  readonly acknowledged: number;
  readonly clearedExpected: number;
  readonly clearedArrived: number;
  readonly sourceCpuMs: number;
  readonly troubles: readonly string[];
}

/** How far everybody is, as seen from outside as far as possible. */
function makeLook(
  contestant: Contestant,
  running: Running,
  source: LoadSource,
  org: Org,
): () => Promise<Look> {
  return async () => {
    const [work, report, arrived] = await Promise.all([
      running.work(),
      source.report(),
      org.report(),
    ]);
    const { counts, published, cpuMs, at } = report;
    const opened = { none: 0, broker: published, org: arrived.counts.opened }[contestant.signals];
    const { repeats, updated } = arrived.counts;
    return {
      at,
      sent: counts.sent,
      acknowledged: counts.acknowledged,
      processed: Math.min(work.processed ?? counts.acknowledged, counts.acknowledged),
      openedExpected: contestant.signals === 'none' ? 0 : counts.beyond,
      openedArrived: opened,
      clearedExpected: contestant.clears ? counts.back : 0,
      clearedArrived: arrived.counts.cleared,
      sourceCpuMs: cpuMs,
      troubles: [
        ...work.troubles,
        ...((work.processed ?? 0) > counts.sent
          ? [`${(work.processed ?? 0) - counts.sent} readings more than were sent`]
          : []),
        ...(counts.strayAcks > 0 ? [`${counts.strayAcks} acknowledgements too many`] : []),
        ...(repeats > 0 ? [`${repeats} events arrived again`] : []),
        ...(updated > 0 ? [`${updated} Updated, none was expected`] : []),
      ],
    };
  };
}

/** Looks until `isEnough` or until the patience is over; answers the last look. */
async function until(
  look: () => Promise<Look>,
  isEnough: (now: Look) => boolean,
  since: number,
  patienceMs: number,
): Promise<Look> {
  for (;;) {
    const now = await look();
    if (isEnough(now) || now.at - since > patienceMs) return now;
    await sleep(LOOK_MS);
  }
}
