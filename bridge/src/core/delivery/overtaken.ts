import type { EpochMs, EventKey } from '../../model/brand.ts';
import { severities } from '../../model/signal.ts';
import type { Phase, Severity } from '../../model/signal.ts';

/** The last event of an episode that has ended. */
export interface Before {
  readonly phase: Phase;
  readonly severity: Severity;
  /** The org acted on it: its Case shows what the event said. */
  readonly acted: boolean;
}

/** An event of the episode that waits to be published. */
export interface Waiting {
  readonly eventKey: EventKey;
  readonly phase: Phase;
  readonly sequence: number;
  readonly severity: Severity;
  readonly occurredAt: EpochMs;
  /** It may be on the event bus already. */
  readonly tried: boolean;
}

/** An event that need not be published, and the later one that says as much. */
export interface Overtaking {
  readonly eventKey: EventKey;
  readonly by: EventKey;
  /** For the operator who looks it up. */
  readonly reason: string;
}

/**
 * Which events of one episode need not be published, now that the turn has come to the first that
 * waits. Only an Updated can be overtaken, only by the very next event, and only where the org ends
 * up knowing the same:
 *
 * - by an Updated that is at least as severe and not older: it says all that the first one did, also
 *   that trouble has returned;
 * - by a Cleared that is not older, where the event before was acted on, was no Cleared and was at least as
 *   severe: the org then knows the worst already, and that the episode is open.
 *
 * Opened and Cleared are always told: an episode that came and went while the org was away has its
 * Case. What may be on the event bus already is never overtaken, for the org may see it together with the
 * next event.
 *
 * @param before undefined where it is not known how the org stands
 * @param waiting in the order of their sequence
 */
export function findOvertaken(
  before: Before | undefined,
  waiting: readonly Waiting[],
): readonly Overtaking[] {
  const overtaken: Overtaking[] = [];
  for (const [index, event] of waiting.entries()) {
    const next = waiting[index + 1];
    if (next === undefined || !isOvertaken(before, event, next)) break;
    const reason = `not published: ${next.phase} ${next.sequence} of the episode was there before its turn and says as much`;
    overtaken.push({ eventKey: event.eventKey, by: next.eventKey, reason });
  }
  return overtaken;
}

function isOvertaken(before: Before | undefined, event: Waiting, next: Waiting): boolean {
  if (event.phase !== 'Updated' || event.tried || next.occurredAt < event.occurredAt) return false;
  if (next.phase === 'Updated') return rankOf(next) <= rankOf(event);
  if (next.phase !== 'Cleared' || before === undefined) return false;
  return before.acted && before.phase !== 'Cleared' && rankOf(before) <= rankOf(event);
}

/** 0 is the worst. */
const rankOf = ({ severity }: { readonly severity: Severity }): number =>
  severities.indexOf(severity);
