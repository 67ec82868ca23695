import { toEpochMs } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { OutboxEntry } from '../ports/outbox.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { backoffMs } from './backoff.ts';
import type { Breaker } from './breaker.ts';
import type { OrgState } from './orgState.ts';
import { endOvertaken } from './overtaken.ts';
import { ON_ITS_WAY_MS } from './pace.ts';
import type { Pace } from './pace.ts';
import { publishBatch } from './publishBatch.ts';
import type { BatchOptions } from './publishBatch.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface DeliverOptions extends BatchOptions {
  /** Notified when something may be due: a signal, or a receipt that makes room. */
  readonly recorded: Wakeup;
  /** Told about every outcome of talking to the org; it logs a change of state once. */
  readonly org: OrgState;
  readonly breaker: Breaker;
  readonly pace: Pace;
}

/** Recommended most events per request. Source: Pub/Sub API allocations. */
const BATCH = 200;
const IDLE_MS = 1_000;
/** An org that nobody had to talk to for this long is asked whether it would answer. */
const PROBE_EVERY_MS = 60_000;

/**
 * Third stage: takes due events from the outbox, adds who they belong to, publishes them and
 * writes down how each ended. While the org is away nothing is counted against any event; it is asked
 * with growing pauses, and come back to slowly.
 *
 * Once `signal` is aborted it publishes what is due and may go, and returns, at the first failure at the
 * latest; what is not settled by then is published after the next start.
 */
export async function runDeliver(options: DeliverOptions, signal: AbortSignal): Promise<void> {
  const { recorded, breaker, backoff, logger } = options;
  const deliver = makeStep(options, signal);
  // While the org is away new signals must not shorten the pause.
  const rest = makeWakeup();
  let refusals = 0;
  for (;;) {
    let worked = false;
    try {
      worked = await deliver();
      refusals = 0;
    } catch (error) {
      refusals += 1;
      logger.error({ stage: 'deliver', err: error }, 'an event could not be settled; trying again');
    }
    if (worked) continue;
    if (signal.aborted) return;
    if (refusals > 0) await rest.wait(backoffMs(refusals, Math.random(), backoff), signal);
    else if (breaker.permission() !== 'wait') await recorded.wait(IDLE_MS, signal);
    else await rest.wait(Math.max(breaker.until() - options.clock(), 1), signal);
  }
}

/** One step; it answers whether the next may follow at once. */
function makeStep(options: DeliverOptions, signal: AbortSignal): () => Promise<boolean> {
  const { outbox, publisher, org, breaker, pace, clock } = options;
  let nextProbe = clock();

  function told(sent: Result<void, OrgFailure>): boolean {
    org.report('publish', sent);
    if (sent.ok) {
      nextProbe = toEpochMs(clock() + PROBE_EVERY_MS);
      return true;
    }
    breaker.failed(sent.error);
    pace.troubled();
    return false;
  }

  return async () => {
    const may = breaker.permission();
    if (may === 'wait' || (may === 'probe' && signal.aborted)) return false;
    if (may === 'probe') {
      const probe = await publisher.probe();
      // That it would work is not said before it has worked.
      if (!probe.ok) return told(probe);
      breaker.probed();
    }
    const now = clock();
    const room = pace.room(await outbox.inFlight(toEpochMs(now - ON_ITS_WAY_MS)));
    if (room.events === 0) return false;
    const due = await outbox.due(now, Math.min(BATCH, room.events), room.atLeast);
    if ((await endOvertaken(options, due)) > 0) return true;
    if (due.length > 0) {
      if (!told(await deliverDue(options, due))) return false;
      breaker.succeeded();
      // More may be waiting already: the batch was full, or it let go of an episode's next phase.
      return true;
    }
    if (signal.aborted || now < nextProbe) return false;
    if (told(await publisher.probe())) breaker.succeeded();
    return false;
  };
}

/** In one request what may share one; then each event that has to be alone. */
async function deliverDue(
  options: DeliverOptions,
  due: readonly OutboxEntry[],
): Promise<Result<void, OrgFailure>> {
  const together = due.filter(({ alone }) => !alone);
  const batches = due.filter(({ alone }) => alone).map((entry) => [entry]);
  if (together.length > 0) batches.unshift(together);
  for (const batch of batches) {
    const sent = await publishBatch(options, batch);
    if (!sent.ok) return sent;
  }
  return ok(undefined);
}
