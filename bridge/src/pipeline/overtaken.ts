import { findOvertaken } from '../core/delivery/overtaken.ts';
import type { EventKey } from '../model/brand.ts';
import type { Severity } from '../model/signal.ts';
import type { Clock } from '../ports/clock.ts';
import type { EpisodeStory, Outbox, OutboxEntry, Overtaken } from '../ports/outbox.ts';
import type { Counters } from '../ports/telemetry.ts';
import { countBy } from './countBy.ts';

export interface OvertakenOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly counters: Counters;
}

/** Why the end of an episode is not published whose beginning was not. */
export const notBegun = {
  why: 'beginning-not-told',
  reason: 'not published: it ends an episode that nobody was told of',
} as const;

/**
 * Ends those of the due events that need not be published: a later one of their episode says as much, or it is the end of
 * an episode whose beginning was suppressed and that nobody was told of. Answers how many: then others have their turn,
 * and `due` has to be asked again.
 */
export async function endOvertaken(
  options: OvertakenOptions,
  due: readonly OutboxEntry[],
): Promise<number> {
  const { outbox, clock, counters } = options;
  const followed = due.filter((entry) => entry.followed);
  const untold = due.filter((entry) => entry.untold);
  if (followed.length === 0 && untold.length === 0) return 0;
  const stories: EpisodeStory[] = [];
  for (const { signal } of followed) stories.push(await outbox.story(signal.eventKey));
  const ended = await coalesceStories(options, stories);
  const suppressed = new Set(
    await outbox.suppress(
      untold.map(({ signal: { eventKey } }) => {
        return { eventKey, ...notBegun, at: clock() };
      }),
    ),
  );
  for (const { signal } of untold) {
    if (!suppressed.has(signal.eventKey)) continue;
    counters.eventsSuppressed(notBegun.why, signal.severity, 1);
  }
  return ended + suppressed.size;
}

/** Ends what a later event of its episode says as well. */
export async function coalesceStories(
  { outbox, clock, counters }: OvertakenOptions,
  stories: readonly EpisodeStory[],
): Promise<number> {
  const overtaken: Overtaken[] = [];
  const severityOf = new Map<EventKey, Severity>();
  for (const { before, waiting } of stories) {
    const at = clock();
    for (const { eventKey, severity } of waiting) severityOf.set(eventKey, severity);
    for (const found of findOvertaken(before, waiting)) overtaken.push({ ...found, at });
  }
  if (overtaken.length === 0) return 0;
  const ended = await outbox.coalesce(overtaken);
  // Each was seen to be pending and untried in the same step.
  for (const [severity, count] of countBy(
    overtaken.slice(0, ended),
    ({ eventKey }) => severityOf.get(eventKey) ?? 'Low',
  )) {
    counters.eventsSuppressed('coalesced', severity, count);
  }
  return ended;
}
