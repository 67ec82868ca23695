import type { DeviceKey, EpisodeKey, EpochMs, EventKey, LogPosition } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { Signal } from '../model/signal.ts';
import type { StorageFailure } from './log.ts';

/** What detection has to keep; recorded completely or not at all. */
export interface Progress {
  /** Signals since the last record; a key that is already there changes nothing. */
  readonly signals: readonly Signal[];
  readonly recordedAt: EpochMs;
  /**
   * Where detection begins after a start. Recorded now and then: what lies between it and a crash is read
   * from the log again, and comes to the same signals with the same keys.
   */
  readonly snapshot?: Snapshot;
}

export interface Snapshot {
  /** Detector state that changed since the snapshot before, as JSON by device. */
  readonly states: ReadonlyMap<DeviceKey, string>;
  /** The log is processed up to and including this position. */
  readonly cursor: LogPosition;
  /** The listening clock (see `pipeline/listening.ts`); absent before its first tick. */
  readonly listenedAt?: EpochMs;
}

/** What detection continues from after a start. */
export interface Restored {
  readonly states: ReadonlyMap<DeviceKey, string>;
  readonly cursor: LogPosition;
  readonly listenedAt?: EpochMs;
}

export interface OutboxEntry {
  readonly signal: Signal;
  /** Tries so far. */
  readonly attempts: number;
  /** It has to be the only event of its request: the org has refused it among others. */
  readonly alone: boolean;
}

/** A published event whose end in the org is not known yet. */
export interface Unreceipted {
  readonly eventKey: EventKey;
  readonly episodeKey: EpisodeKey;
  readonly publishedAt: EpochMs;
  /** How often the event bus has accepted it; tries that came to nothing do not count. */
  readonly publishes: number;
  /** Refusals of the org that were answered by publishing it again. */
  readonly refusals: number;
}

/** A published event that has to be published again. */
export interface Republish {
  readonly eventKey: EventKey;
  readonly reason: string;
  readonly retryAt: EpochMs;
  /** How often the org has refused it so far; above 0 it goes alone from now on. */
  readonly refusals: number;
}

/** How one event of a batch ended. */
export type Settlement =
  | { readonly kind: 'published'; readonly eventKey: EventKey; readonly at: EpochMs }
  | {
      readonly kind: 'retry';
      readonly eventKey: EventKey;
      readonly reason: string;
      readonly retryAt: EpochMs;
      /** False where the org has not judged this event: no answer, or the answer was lost. */
      readonly counted: boolean;
    }
  | { readonly kind: 'failed'; readonly eventKey: EventKey; readonly reason: string };

/** What the org did with an event; `Missing` means that it never appeared there. */
export type Disposition = 'Acted' | 'Suppressed' | 'Failed' | 'Missing';

export interface Receipt {
  readonly eventKey: EventKey;
  readonly disposition: Disposition;
  readonly reason: string;
  readonly at: EpochMs;
}

export interface OutboxCounts {
  readonly pending: number;
  readonly unreceipted: number;
  readonly failed: number;
}

/**
 * Signals on their way to the org, with the detector state and log position they belong to.
 *
 * States of an event: pending → published → (receipt), or pending → failed (a dead letter).
 */
export interface Outbox {
  record(progress: Progress): Promise<Result<void, StorageFailure>>;
  restore(): Promise<Restored>;
  /** The position of the last snapshot; nothing behind it may be dropped from the log. */
  cursor(): Promise<LogPosition>;
  /**
   * Pending events whose time has come, at most `limit`: new ones first, then those to be tried
   * again, each oldest first. An event is held back
   * while an earlier one of its episode is pending, or published without a receipt: so the org
   * never sees two phases of one episode in one batch.
   */
  due(now: EpochMs, limit: number): Promise<readonly OutboxEntry[]>;
  /** Idempotent; an event that has already failed or has its receipt stays as it is. */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /** Published events without a receipt, longest waiting first, at most `limit`. */
  unreceipted(limit: number): Promise<readonly Unreceipted[]>;
  /** Idempotent; the first receipt of an event stays. */
  receive(receipts: readonly Receipt[]): Promise<void>;
  /** Puts published events without a receipt back to pending: the org does not have them. */
  republish(events: readonly Republish[]): Promise<void>;
  counts(): Promise<OutboxCounts>;
  /** Drops events that ended before this; answers how many. Dead letters stay. */
  prune(before: EpochMs): Promise<number>;
}
