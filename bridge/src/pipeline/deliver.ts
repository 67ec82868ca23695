import { toEpochMs } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { Outbox, OutboxEntry, Settlement } from '../ports/outbox.ts';
import type { EnrichedSignal, OrgFailure, Publisher, PublishOutcome } from '../ports/publisher.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import type { OrgState } from './orgState.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface DeliverOptions {
  readonly outbox: Outbox;
  readonly directory: Directory;
  readonly publisher: Publisher;
  readonly recorded: Wakeup;
  /** Told about every outcome of talking to the org; it logs a change of state once. */
  readonly org: OrgState;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly backoff: BackoffOptions;
  /** Tries of one event that keeps failing for a reason of its own before it is a dead letter. */
  readonly maxAttempts: number;
}

/** Recommended most events per request. Source: Pub/Sub API allocations. */
const BATCH = 200;
const IDLE_MS = 1_000;
/** An org that nobody had to talk to for this long is asked whether it would answer. */
const PROBE_EVERY_MS = 60_000;

/**
 * Third stage: takes due events from the outbox, adds who they belong to, publishes them and
 * writes down how each ended. While the org is away nothing is counted against any event.
 *
 * Once `signal` is aborted it publishes what is due and returns, at the first failure at the
 * latest; what is not settled by then is published after the next start.
 */
export async function runDeliver(options: DeliverOptions, signal: AbortSignal): Promise<void> {
  const { outbox, recorded, org, clock, backoff, logger } = options;
  // While the org is away new signals must not shorten the pause.
  const rest = makeWakeup();
  let failures = 0;
  let nextProbe = clock();
  for (;;) {
    try {
      const due = await outbox.due(clock(), BATCH);
      const idle = due.length === 0 && (signal.aborted || clock() < nextProbe);
      if (!idle) {
        const sent = await (due.length === 0
          ? options.publisher.probe()
          : deliverDue(options, due));
        org.report('publish', sent);
        failures = sent.ok ? 0 : failures + 1;
        if (sent.ok) nextProbe = toEpochMs(clock() + PROBE_EVERY_MS);
        // More may be waiting already: the batch was full, or it let go of an episode's next phase.
        if (sent.ok && due.length > 0) continue;
      }
    } catch (error) {
      failures += 1;
      logger.error({ stage: 'deliver', err: error }, 'an event could not be settled; trying again');
    }
    if (signal.aborted) return;
    if (failures === 0) await recorded.wait(IDLE_MS, signal);
    else await rest.wait(backoffMs(failures, Math.random(), backoff), signal);
  }
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
    const sent = await deliverBatch(options, batch);
    if (!sent.ok) return sent;
  }
  return ok(undefined);
}

/** One batch: enrich, publish, settle. An error says that the org as a whole did not play. */
export async function deliverBatch(
  options: DeliverOptions,
  entries: readonly OutboxEntry[],
): Promise<Result<void, OrgFailure>> {
  const devices = [...new Set(entries.map(({ signal }) => signal.device))];
  const identities = await options.directory.lookup(devices);
  if (!identities.ok) return identities;
  const events = entries.map(({ signal }) => ({
    signal,
    identity: identities.value.get(signal.device) ?? {},
  }));
  const outcomes = await publishInHalves(options.publisher, events);
  if (!outcomes.ok) return outcomes;
  const attempts = new Map(entries.map((entry) => [entry.signal.eventKey, entry.attempts]));
  await options.outbox.settle(
    outcomes.value.map((outcome) =>
      toSettlement(options, outcome, (attempts.get(outcome.eventKey) ?? 0) + 1),
    ),
  );
  return ok(undefined);
}

/**
 * Where the org refuses a request for the content of one event, halving finds that event: it
 * alone is tried again and becomes a dead letter in the end, its neighbours are published.
 */
async function publishInHalves(
  publisher: Publisher,
  events: readonly EnrichedSignal[],
): Promise<Result<readonly PublishOutcome[], OrgFailure>> {
  const result = await publisher.publish(events);
  const [first] = events;
  if (result.ok || result.error.kind !== 'content' || first === undefined) return result;
  if (events.length === 1) {
    const { reason } = result.error;
    return ok([{ kind: 'retry', eventKey: first.signal.eventKey, reason, ambiguous: false }]);
  }
  const middle = Math.ceil(events.length / 2);
  const outcomes: PublishOutcome[] = [];
  for (const half of [events.slice(0, middle), events.slice(middle)]) {
    const part = await publishInHalves(publisher, half);
    if (part.ok) outcomes.push(...part.value);
    else if (outcomes.length === 0) return part;
    // The org went away in between; what it has taken must not be published again.
    else outcomes.push(...half.map((event) => lost(event, part.error)));
  }
  return ok(outcomes);
}

function lost({ signal: { eventKey } }: EnrichedSignal, { reason }: OrgFailure): PublishOutcome {
  return { kind: 'retry', eventKey, reason, ambiguous: true };
}

function toSettlement(
  { clock, counters, logger, backoff, maxAttempts }: DeliverOptions,
  outcome: PublishOutcome,
  attempts: number,
): Settlement {
  const { eventKey } = outcome;
  if (outcome.kind === 'published') {
    counters.eventPublished();
    return { kind: 'published', eventKey, at: clock() };
  }
  const spent = outcome.kind === 'retry' && !outcome.ambiguous && attempts >= maxAttempts;
  if (outcome.kind === 'permanent' || spent) {
    counters.publishFailed('permanent');
    const reason = spent ? `${outcome.reason} (given up after ${attempts} tries)` : outcome.reason;
    logger.error(
      { stage: 'deliver', eventKey, reason },
      'an event is a dead letter: the org will not take it; see outbox.last_error',
    );
    return { kind: 'failed', eventKey, reason, at: clock() };
  }
  counters.publishFailed('retry');
  const at = clock();
  const retryAt = toEpochMs(at + backoffMs(attempts, Math.random(), backoff));
  // An answer that was lost says nothing about the event, so it must not use up its tries.
  const { reason, ambiguous } = outcome;
  return { kind: 'retry', eventKey, reason, at, retryAt, counted: !ambiguous };
}
