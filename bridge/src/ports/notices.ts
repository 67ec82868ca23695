import type { Result } from '../model/result.ts';
import type { StorageFailure } from './log.ts';
import type { OrgFailure } from './publisher.ts';

/** The org says that a record the bridge cares about has changed. It carries no data. */
export interface Notice {
  /** `Telemetry` and others; what is not known is nobody's business. */
  readonly kind: string;
  /** The record to read again; 18 characters, empty where a forged notice has none. */
  readonly recordId: string;
}

/** What a subscription has to tell. */
export interface NoticeHandler {
  /**
   * Takes notices over, oldest first, one call at a time. Resolves once they may be forgotten: they
   * are handled, or what they say would be found without them after a restart. Where it rejects,
   * `listen` rejects, and the same notices come again the next time.
   */
  take(notices: readonly Notice[]): Promise<void>;
  /**
   * The subscription is in place. `missed`: not from where the last one ended, so notices may be
   * missing; look for what they would have said.
   */
  listening(missed: boolean): void;
  /** Something a person should know; the subscription goes on. */
  trouble(trouble: NoticeTrouble): void;
}

export interface NoticeTrouble {
  /**
   * `lost-place`: the org no longer knows where the last subscription ended. `unreadable`: a notice
   * was left out. `not-kept`: the place could not be stored; notices come again after a restart.
   */
  readonly kind: 'lost-place' | 'unreadable' | 'not-kept';
  readonly reason: string;
}

/**
 * The org's notices, each at least once: the next subscription goes on behind the last notice that
 * was taken, also after a restart. Duplicates are possible, order is that of the org.
 *
 * The very first subscription begins with what is new: a notice carries no data, and whoever
 * handles a kind of them has a query for what is open (`listening` says when to run it), while
 * going back would spend up to three days of event deliveries.
 */
export interface Notices {
  /**
   * Subscribes and hands over until it is broken (an error says why) or `signal` is aborted (then
   * it waits for the notices in hand and answers ok). Call it again to go on, one call at a time.
   */
  listen(handler: NoticeHandler, signal: AbortSignal): Promise<Result<void, OrgFailure>>;
}

/** Where subscriptions of earlier runs ended; survives a restart. */
export interface PlaceStore {
  /** @param subscription names the org and the topic */
  load(subscription: string): Promise<Uint8Array | undefined>;
  /** @param place opaque: a replay id of the org */
  save(subscription: string, place: Uint8Array): Promise<Result<void, StorageFailure>>;
}
