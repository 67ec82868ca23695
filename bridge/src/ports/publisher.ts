import type { EventKey } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { Signal } from '../model/signal.ts';
import type { Identity } from './directory.ts';

/** A signal with the identity it has in the org at the time of publishing. */
export interface EnrichedSignal {
  readonly signal: Signal;
  readonly identity: Identity;
}

/** How the event bus answered for one event. */
export type PublishOutcome =
  | { readonly kind: 'published'; readonly eventKey: EventKey }
  /** `ambiguous`: the answer was lost, the event may be on the bus. Its key makes a repeat safe. */
  | {
      readonly kind: 'retry';
      readonly eventKey: EventKey;
      readonly reason: string;
      readonly ambiguous: boolean;
    }
  | { readonly kind: 'permanent'; readonly eventKey: EventKey; readonly reason: string };

/** The org could not be asked, or refused everything. */
export interface OrgFailure {
  /**
   * `unreachable` and `busy` heal themselves; `refused` and `configuration` need a person, and are
   * tried again all the same; `content`: one event of the batch is not acceptable.
   */
  readonly kind: 'unreachable' | 'busy' | 'refused' | 'configuration' | 'content';
  /** What happened, and where. */
  readonly reason: string;
  /** What to do about it. */
  readonly action: string;
  /** It lasts at least this long: a limit of the org that is spent. Absent: nobody knows. */
  readonly waitMs?: number;
}

/** What became of a batch. */
export interface PublishAnswer {
  /** In any order; an event without one was not handed over, and nothing is known against it. */
  readonly outcomes: readonly PublishOutcome[];
  /** Why events have no outcome, or one that is not known: the org as a whole did not play. */
  readonly failure?: OrgFailure;
}

/**
 * Puts signals on the event bus of the org.
 *
 * Without a failure every event has an outcome. Publishing the same event again is safe: its key
 * is unique in the org.
 */
export interface Publisher {
  publish(events: readonly EnrichedSignal[]): Promise<PublishAnswer>;
  /** Whether `publish` would work now, without publishing: login, permission, event definition. */
  probe(): Promise<Result<void, OrgFailure>>;
  /** Gives up what is in flight; its outcome is `retry`. */
  close(): Promise<void>;
}
