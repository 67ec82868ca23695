import type { Severity } from '../model/signal.ts';
import type { EnrichedSignal, Publisher, PublishOutcome } from '../ports/publisher.ts';
import type { Governor } from './governor.ts';

/**
 * The same publisher, which has the budgets count what it is given, before it goes. What certainly did not get to the
 * event bus is given back; what may have does count.
 */
export function withBudget(
  publisher: Publisher,
  governor: Pick<Governor, 'published' | 'returned'>,
): Publisher {
  return {
    ...publisher,
    async publish(events) {
      for (const [severity, count] of bySeverity(events)) governor.published(severity, count);
      const answer = await publisher.publish(events);
      const out = new Set(answer.outcomes.filter(mayBeOut).map(({ eventKey }) => eventKey));
      if (out.size < events.length) {
        const back = events.filter(({ signal }) => !out.has(signal.eventKey));
        for (const [severity, count] of bySeverity(back)) governor.returned(severity, count);
      }
      return answer;
    },
  };
}

const mayBeOut = (outcome: PublishOutcome): boolean =>
  outcome.kind === 'published' || (outcome.kind === 'retry' && outcome.ambiguous);

function bySeverity(events: readonly EnrichedSignal[]): Map<Severity, number> {
  const counts = new Map<Severity, number>();
  for (const { signal } of events) {
    counts.set(signal.severity, (counts.get(signal.severity) ?? 0) + 1);
  }
  return counts;
}
