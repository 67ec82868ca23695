import { toEpochMs } from '../model/brand.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { Outbox, OutboxEntry, Settlement } from '../ports/outbox.ts';
import type {
  EnrichedSignal,
  OrgFailure,
  PublishAnswer,
  Publisher,
  PublishOutcome,
} from '../ports/publisher.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';

export interface BatchOptions {
  readonly outbox: Outbox;
  readonly directory: Directory;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly backoff: BackoffOptions;
  /** Tries of one event that keeps failing for a reason of its own before it is a dead letter. */
  readonly maxAttempts: number;
}

/** One batch: enrich, publish, settle. An error says that the org as a whole did not play. */
export async function publishBatch(
  options: BatchOptions,
  entries: readonly OutboxEntry[],
): Promise<Result<void, OrgFailure>> {
  const events = entries.map(({ signal }) => ({
    signal,
    identity: options.directory.identify(signal.device, signal.occurredAt),
  }));
  const { outcomes, failure } = await publishInHalves(options.publisher, events);
  if (outcomes.length > 0) {
    const attempts = new Map(entries.map((entry) => [entry.signal.eventKey, entry.attempts]));
    await options.outbox.settle(
      outcomes.map((outcome) =>
        toSettlement(options, outcome, (attempts.get(outcome.eventKey) ?? 0) + 1),
      ),
    );
  }
  return failure === undefined ? ok(undefined) : err(failure);
}

/**
 * Where the org refuses a request for the content of one event, halving finds that event: it
 * alone is tried again and becomes a dead letter in the end, its neighbours are published.
 */
async function publishInHalves(
  publisher: Publisher,
  events: readonly EnrichedSignal[],
): Promise<PublishAnswer> {
  const answer = await publisher.publish(events);
  const { failure } = answer;
  if (failure?.kind !== 'content') return answer;
  const settled = new Map(answer.outcomes.map((outcome) => [outcome.eventKey, outcome]));
  const isOpen = ({ signal: { eventKey } }: EnrichedSignal): boolean => {
    const outcome = settled.get(eventKey);
    return outcome === undefined || (outcome.kind === 'retry' && outcome.ambiguous);
  };
  const open = events.filter(isOpen);
  const outcomes = answer.outcomes.filter((outcome) => {
    return !(outcome.kind === 'retry' && outcome.ambiguous);
  });
  const [first] = open;
  if (first === undefined) return { outcomes };
  if (open.length === 1) {
    const { eventKey } = first.signal;
    const { reason } = failure;
    return { outcomes: [...outcomes, { kind: 'retry', eventKey, reason, ambiguous: false }] };
  }
  const middle = Math.ceil(open.length / 2);
  for (const half of [open.slice(0, middle), open.slice(middle)]) {
    const part = await publishInHalves(publisher, half);
    outcomes.push(...part.outcomes);
    // The org went away in between; what has no outcome waits as it did.
    if (part.failure !== undefined) return { outcomes, failure: part.failure };
  }
  return { outcomes };
}

function toSettlement(
  { clock, counters, logger, backoff, maxAttempts }: BatchOptions,
  outcome: PublishOutcome,
  attempts: number,
): Settlement {
  const { eventKey } = outcome;
  const at = clock();
  if (outcome.kind === 'published') {
    counters.eventPublished();
    return { kind: 'published', eventKey, at };
  }
  const spent = outcome.kind === 'retry' && !outcome.ambiguous && attempts >= maxAttempts;
  if (outcome.kind === 'permanent' || spent) {
    counters.publishFailed('permanent');
    const reason = spent ? `${outcome.reason} (given up after ${attempts} tries)` : outcome.reason;
    logger.error(
      { stage: 'deliver', eventKey, reason },
      'an event is a dead letter: the org will not take it; see dead-letters list',
    );
    return { kind: 'failed', eventKey, reason, at };
  }
  counters.publishFailed('retry');
  const retryAt = toEpochMs(at + backoffMs(attempts, Math.random(), backoff));
  const { reason, ambiguous } = outcome;
  // An answer that was lost says nothing about the event, so it must not use up its tries.
  return { kind: 'retry', eventKey, reason, at, retryAt, counted: !ambiguous };
}
