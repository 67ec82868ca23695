import { findOvertaken } from '../core/delivery/overtaken.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox, OutboxEntry, Overtaken } from '../ports/outbox.ts';
import type { Counters } from '../ports/telemetry.ts';

export interface OvertakenOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly counters: Counters;
}

/**
 * Ends those of the due events that need not be published, because a later one of their episode says
 * as much. Answers how many: then others have their turn, and `due` has to be asked again.
 */
export async function endOvertaken(
  { outbox, clock, counters }: OvertakenOptions,
  due: readonly OutboxEntry[],
): Promise<number> {
  const overtaken: Overtaken[] = [];
  for (const { signal, followed } of due) {
    if (!followed) continue;
    const { before, waiting } = await outbox.story(signal.eventKey);
    const at = clock();
    for (const found of findOvertaken(before, waiting)) overtaken.push({ ...found, at });
  }
  if (overtaken.length === 0) return 0;
  const ended = await outbox.coalesce(overtaken);
  counters.eventsCoalesced(ended);
  return ended;
}
