import type { Room } from '../core/delivery/pace.ts';
import { toEpochMs } from '../model/brand.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { OutboxEntry } from '../ports/outbox.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { backoffMs } from './backoff.ts';
import type { Breaker } from './breaker.ts';
import { lingerMs } from './linger.ts';
import type { Load } from './linger.ts';
import type { Governor } from './governor.ts';
import type { OrgState } from './orgState.ts';
import { endOvertaken } from './overtaken.ts';
import { ON_ITS_WAY_MS } from './pace.ts';
import type { Pace } from './pace.ts';
import type { Shedding } from './shedding.ts';
import { publishBatch } from './publishBatch.ts';
import type { BatchOptions } from './publishBatch.ts';
import { roomWithin } from './room.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface DeliverOptions extends BatchOptions {
  /** Notified when something may be due: a signal, or a receipt that makes room. */
  readonly recorded: Wakeup;
  /** Told about every outcome of talking to the org; it logs a change of state once. */
  readonly org: OrgState;
  readonly breaker: Breaker;
  readonly pace: Pace;
  /** How much of the org's budgets may be used; `publisher` counts it. Absent: nothing limits. */
  readonly governor?: Pick<Governor, 'room'>;
  /** What ends events for which there will be no room. Absent: all of them wait. */
  readonly shedding?: Shedding;
  /** Absent: there is always time for small batches. */
  readonly load?: Load;
}

/** Recommended most events per request. Source: Pub/Sub API allocations. */
const BATCH = 200;
const IDLE_MS = 1_000;
/** How long an estimate of what is on its way is good enough; receipts only make it less. */
const COUNT_EVERY_MS = 1_000;
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
  const { recorded, breaker, backoff, logger, load = () => 0 } = options;
  const deliver = makeStep(options, signal);
  // While the org is away new signals must not shorten the pause.
  const rest = makeWakeup();
  let refusals = 0;
  for (;;) {
    let worked = false;
    try {
      const begunMs = performance.now();
      const published = await deliver();
      worked = published > 0;
      if (worked && published < BATCH && !signal.aborted) {
        const pauseMs = lingerMs(load(), performance.now() - begunMs);
        if (pauseMs > 0) await rest.wait(pauseMs, signal);
      }
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

/** One step; it answers how many events it dealt with, and above 0 the next may follow. */
function makeStep(options: DeliverOptions, signal: AbortSignal): () => Promise<number> {
  const { outbox, publisher, org, breaker, pace, shedding, clock } = options;
  const findRoom = makeRoom(options);
  let nextProbe = clock();

  function failed(failure: OrgFailure): number {
    org.report('publish', err(failure));
    breaker.failed(failure);
    pace.troubled();
    return 0;
  }
  function succeeded(): void {
    org.report('publish', ok(undefined));
    breaker.succeeded();
    nextProbe = toEpochMs(clock() + PROBE_EVERY_MS);
  }

  return async () => {
    const may = breaker.permission();
    if (may === 'wait' || (may === 'probe' && signal.aborted)) return 0;
    if (may === 'probe') {
      const probe = await publisher.probe();
      if (!probe.ok) return failed(probe.error);
      // That it would work is not said before it has worked.
      breaker.probed();
    }
    await shedding?.shed();
    const room = await findRoom.now();
    if (room.events === 0) return 0;
    const due = await outbox.due(clock(), Math.min(BATCH, room.events), room.atLeast);
    const ended = await endOvertaken(options, due);
    if (ended > 0) return BATCH;
    if (due.length > 0) {
      findRoom.used(due.length);
      const sent = await deliverDue(options, due);
      if (!sent.ok) return failed(sent.error);
      succeeded();
      // More may be waiting already: the batch was full, or it let go of an episode's next phase.
      return due.length;
    }
    if (signal.aborted || clock() < nextProbe) return 0;
    const probe = await publisher.probe();
    if (!probe.ok) return failed(probe.error);
    succeeded();
    return 0;
  };
}

/** Knows how much may be published, and counts what is on its way only where it has to. */
function makeRoom({ outbox, pace, governor, clock }: DeliverOptions) {
  let countedAt = -Infinity;
  let inFlight = 0;
  async function paced(): Promise<Room> {
    const now = clock();
    if (now - countedAt < COUNT_EVERY_MS) {
      const room = pace.room(inFlight);
      if (room.events >= BATCH && room.atLeast === 'Low') return room;
    }
    inFlight = await outbox.inFlight(toEpochMs(now - ON_ITS_WAY_MS));
    countedAt = now;
    return pace.room(inFlight);
  }
  return {
    async now(): Promise<Room> {
      const room = await paced();
      return governor === undefined ? room : roomWithin(room, governor);
    },
    used: (events: number): void => void (inFlight += events),
  };
}

/** In one request what may share one; then each part of what is published again, in one of its own. */
async function deliverDue(
  options: DeliverOptions,
  due: readonly OutboxEntry[],
): Promise<Result<void, OrgFailure>> {
  for (const batch of Map.groupBy(due, ({ part }) => part).values()) {
    const sent = await publishBatch(options, batch);
    if (!sent.ok) return sent;
  }
  return ok(undefined);
}
