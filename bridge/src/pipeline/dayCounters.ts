import type { Tally } from '../core/days/tally.ts';
import type { Counters } from '../ports/telemetry.ts';

/** What the org made of an event that somebody has to look into. */
const TROUBLE: ReadonlySet<string> = new Set(['Failed', 'Missing']);

/** The same counters, which also count for the record of the day. */
export function withDays(counters: Counters, days: Tally): Counters {
  return {
    ...counters,
    readingAccepted(source, count) {
      counters.readingAccepted(source, count);
      days.add('readings', count);
    },
    messageQuarantined(kind, count) {
      counters.messageQuarantined(kind, count);
      days.add('quarantined', count);
    },
    duplicatesSeen(of, count) {
      counters.duplicatesSeen(of, count);
      days.add('duplicates', count);
    },
    eventPublished() {
      counters.eventPublished();
      days.add('signals', 1);
    },
    publishFailed(outcome) {
      counters.publishFailed(outcome);
      if (outcome === 'permanent') days.add('errors', 1);
    },
    receiptSeen(disposition) {
      counters.receiptSeen(disposition);
      if (TROUBLE.has(disposition)) days.add('errors', 1);
    },
    eventsSuppressed(reason, severity, count) {
      counters.eventsSuppressed(reason, severity, count);
      days.suppress(reason, count);
    },
  };
}
