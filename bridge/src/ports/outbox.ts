import type { EpisodeKey, EpochMs, EventKey } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { Phase, Severity, Signal } from '../model/signal.ts';
import type { StorageFailure } from './log.ts';

/** What detection has found; recorded completely or not at all. */
export interface Progress {
  /** Signals since the last record; a key that is already there changes nothing. */
  readonly signals: readonly Signal[];
  readonly recordedAt: EpochMs;
}

export interface OutboxEntry {
  readonly signal: Signal;
  /** Tries so far. */
  readonly attempts: number;
  /** Of a republish: those with the same number share a request, and with nobody else. */
  readonly part?: number;
  /** An Updated that was never handed to the event bus, with later events of its episode behind it. */
  readonly followed: boolean;
  /** A Cleared of an episode of which nothing was told, because its beginning was suppressed. */
  readonly untold: boolean;
}

/** What of one episode has not ended yet, and the last of it that has. */
export interface EpisodeStory {
  /** The event before the first that waits, where it is known how it ended; its dead letters count. */
  readonly before: EpisodeEnd | undefined;
  /** In the order of their sequence; only the first may be published. */
  readonly waiting: readonly WaitingEvent[];
}

export interface EpisodeEnd {
  readonly phase: Phase;
  readonly severity: Severity;
  /** The org acted on it: its Case shows what the event said. */
  readonly acted: boolean;
}

export interface WaitingEvent {
  readonly eventKey: EventKey;
  readonly phase: Phase;
  readonly sequence: number;
  readonly severity: Severity;
  readonly occurredAt: EpochMs;
  /** When the bridge noticed. */
  readonly detectedAt: EpochMs;
  /** It may be on the event bus already: it was tried, or the bridge was killed while it could be. */
  readonly tried: boolean;
}

/** An event that is not published because a later one of its episode says as much. */
export interface Overtaken {
  readonly eventKey: EventKey;
  readonly by: EventKey;
  readonly reason: string;
  readonly at: EpochMs;
}

/** Why an event is not published although no later one says as much. */
export const suppressReasons = [
  'over-before-told',
  'waited-too-long',
  'beginning-not-told',
] as const;
export type SuppressReason = (typeof suppressReasons)[number];

/** An event that is never published, and why. */
export interface Suppressed {
  readonly eventKey: EventKey;
  /** For counts. */
  readonly why: SuppressReason;
  /** For people. */
  readonly reason: string;
  readonly at: EpochMs;
}

/** Which episodes that wait are asked for: none that was tried, each as severe as the worst of it that waits. */
export interface WaitingQuery {
  readonly severity: Severity;
  /**
   * `ended`: nothing of it was ever told, and the last that waits is a Cleared. `open`: the last that waits is none, and
   * the first is none. `followed`: the first is an Updated with others behind it.
   */
  readonly kind: 'ended' | 'open' | 'followed';
  /** What the bridge noticed before. */
  readonly before: EpochMs;
  readonly limit: number;
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
  /** When the bridge noticed what it says. */
  readonly detectedAt: EpochMs;
  readonly severity: Severity;
  readonly latencyClass?: NonNullable<Signal['latencyClass']>;
}

/** A published event that has to be published again. */
export interface Republish {
  readonly eventKey: EventKey;
  readonly reason: string;
  readonly at: EpochMs;
  /** Those with the same time share a request from now on, and with nobody else. */
  readonly retryAt: EpochMs;
  /** How often the org has refused it so far. */
  readonly refusals: number;
}

/** How one event of a batch ended. */
export type Settlement =
  | { readonly kind: 'published'; readonly eventKey: EventKey; readonly at: EpochMs }
  | {
      readonly kind: 'retry';
      readonly eventKey: EventKey;
      readonly reason: string;
      readonly at: EpochMs;
      readonly retryAt: EpochMs;
      /** False where the org has not judged this event: no answer, or the answer was lost. */
      readonly counted: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly eventKey: EventKey;
      readonly reason: string;
      readonly at: EpochMs;
    };

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
  /** Events that were overtaken before they were published and are still kept. */
  readonly coalesced: number;
  /** Events that were suppressed and are still kept. */
  readonly suppressed: number;
}

/**
 * Signals on their way to the org.
 *
 * States of an event: pending → published → (receipt), or pending → failed (a dead letter), or
 * pending → coalesced (never published: a later event of its episode says as much), or
 * pending → suppressed (never published, for another reason).
 */
export interface Outbox {
  /** Answers how many of the signals were new. */
  record(progress: Progress): Promise<Result<number, StorageFailure>>;
  /**
   * Pending events whose time has come, at most `limit`: the most severe first, where an event is as
   * severe as the worst that waits behind it in its episode; of one severity new ones first, and of these the episodes that
   * are not over before those that are, then those to be tried again, each oldest first. An event is held back
   * while another one of its episode is published without a receipt, or an earlier one is pending: so the org
   * never sees two phases of one episode in one batch. A new one waits for its time, or that of what is behind it in its
   * episode where that is sooner (`waitsUntil` of the signal), or until as many wait as go into one request.
   *
   * @param atLeast only events of this severity or worse
   */
  due(now: EpochMs, limit: number, atLeast?: Severity): Promise<readonly OutboxEntry[]>;
  /** How many would be due now, of each severity that events are due by. */
  ready(now: EpochMs): Promise<Readonly<Record<Severity, number>>>;
  /** What waits of the episode of this event; for the few entries that are `followed`. */
  story(eventKey: EventKey): Promise<EpisodeStory>;
  /** Ends pending events that were never tried; others stay as they are. Answers how many it ended. */
  coalesce(overtaken: readonly Overtaken[]): Promise<number>;
  /** Ends pending events that were never tried; others stay as they are. Answers which it ended. */
  suppress(events: readonly Suppressed[]): Promise<readonly EventKey[]>;
  /** What waits of such episodes, the oldest first. Those that are `followed` may be left out where there is no memory for them. */
  waitingEpisodes(query: WaitingQuery): Promise<readonly EpisodeStory[]>;
  /**
   * Idempotent; an event that has already failed or has its receipt stays as it is. Where an event
   * fails, those it has overtaken wait to be published after all.
   */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /** Published events without a receipt, longest waiting first, at most `limit` behind the first `skip`. */
  unreceipted(limit: number, skip?: number): Promise<readonly Unreceipted[]>;
  /** Those of these that are published and have no receipt; such as there is no memory for may be left out. Cheap for a key nobody knows. */
  awaiting(eventKeys: readonly EventKey[]): Promise<readonly Unreceipted[]>;
  /** How many of them were published at or after this time. */
  inFlight(since: EpochMs): Promise<number>;
  /**
   * Idempotent; the first receipt of an event stays. With `Missing` and `Failed` the org does not know
   * what the event said: those it has overtaken wait to be published after all.
   */
  receive(receipts: readonly Receipt[]): Promise<void>;
  /** Puts published events without a receipt back to pending: the org does not have them. */
  republish(events: readonly Republish[]): Promise<void>;
  counts(): Promise<OutboxCounts>;
  /** Drops events that ended before this; answers how many. Dead letters stay. */
  prune(before: EpochMs): Promise<number>;
}
