import type { Clock } from '../ports/clock.ts';
import type { IdentityCopy, IdentitySource, UnmatchedSignals } from '../ports/identity.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import { makeIdentitySync } from './identitySync.ts';
import type { Extent, Learnt } from './identitySync.ts';
import type { OrgState } from './orgState.ts';
import { reattribute } from './reattribute.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface IdentityOptions {
  readonly source: IdentitySource;
  readonly unmatched: UnmatchedSignals;
  readonly copy: IdentityCopy;
  /** Notified when the org says that something has changed. */
  readonly changed: Wakeup;
  readonly org: OrgState;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'signalsReattributed'>;
  readonly logger: Logger;
  readonly backoff: BackoffOptions;
  /** Between two looks when nothing is heard of changes. */
  readonly everyMs: number;
  /** Between two readings of everything, to find what was deleted and is no longer told. */
  readonly compareEveryMs: number;
}

/** Notices come in crowds when a steward loads a file: one look for all of them. */
const GATHER_MS = 1_000;

/**
 * Keeps the copy of the org's devices, timelines and Assets current: reads all of it at the first start, then what has
 * changed, when the org says so and every few minutes. Earlier signals of devices that something was learnt of are
 * attributed then. While the org is away the copy stays as it is.
 */
export async function runIdentity(options: IdentityOptions, signal: AbortSignal): Promise<void> {
  const { copy, changed, org, clock, counters, logger, backoff } = options;
  const { everyMs, compareEveryMs } = options;
  const sync = makeIdentitySync(options);
  const rest = makeWakeup();
  let failures = 0;
  let nextLook = -Infinity;
  /* Devices whose earlier signals have still to be looked at; after a start nobody knows which. */
  let learnt: Learnt = 'all';
  /* Those looked at since the last look at all news: a signal may have been on its way, unmatched, meanwhile. */
  let again: Learnt = new Set();

  function extentOf(now: number): Extent {
    const compared = copy.comparedAt();
    if (compared !== undefined && now - compared >= compareEveryMs) return 'everything';
    // A clock that was set back must not put the next look off.
    return now >= nextLook || nextLook - now > everyMs ? 'all news' : 'news';
  }

  /** Answers at least how long to wait where it did not succeed. */
  async function look(): Promise<number | undefined> {
    const now = clock();
    const extent = extentOf(now);
    const wasComplete = copy.completeAt() !== undefined;
    const synced = await sync(extent, signal);
    if (!synced.ok) {
      org.report('identity', synced);
      return synced.error.waitMs ?? 0;
    }
    if (signal.aborted) return undefined;
    if (!wasComplete) logger.info(copy.counts(), 'the devices of the org are known');
    if (extent !== 'news') {
      nextLook = now + everyMs;
      learnt = both(learnt, again);
      again = new Set();
    }
    // Deleting an Asset empties the lookups of its signals, and nobody is told.
    if (extent === 'everything') learnt = 'all';
    if (learnt !== 'all') again = both(again, synced.value);
    learnt = both(learnt, synced.value);
    const written = await reattribute(options, learnt, signal);
    org.report('identity', written);
    if (!written.ok) return written.error.waitMs ?? 0;
    counters.signalsReattributed(written.value);
    learnt = new Set();
    return undefined;
  }

  while (!signal.aborted) {
    let leastMs: number | undefined = 0;
    try {
      leastMs = await look();
    } catch (error) {
      logger.error({ stage: 'identity', err: error }, 'the copy of the devices cannot be written');
    }
    failures = leastMs === undefined ? 0 : failures + 1;
    if (leastMs !== undefined) {
      await rest.wait(Math.max(leastMs, backoffMs(failures, Math.random(), backoff)), signal);
      continue;
    }
    await changed.wait(Math.min(Math.max(nextLook - clock(), 1), everyMs), signal);
    await rest.wait(GATHER_MS, signal);
  }
}

const both = (some: Learnt, others: Learnt): Learnt =>
  some === 'all' || others === 'all' ? 'all' : some.union(others);
