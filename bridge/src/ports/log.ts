import type { EpochMs, LogPosition } from '../model/brand.ts';
import type { Message } from '../model/message.ts';
import type { Rejection } from '../model/reading.ts';
import type { Result } from '../model/result.ts';

/**
 * A second that has passed, for what is judged by the passing of time: written down where it passed among
 * the messages, so that reading the log again comes to the same.
 */
export interface Tick {
  readonly at: EpochMs;
  /** The listening clock then (see `pipeline/listening.ts`). */
  readonly listenedAt: EpochMs;
  /** Everything that was sent before it is in the log before it: silence may be judged. */
  readonly heardAll: boolean;
}

/**
 * What is judged by from here on, written down where it takes effect: reading the log again judges every message by the
 * policies it was judged by the first time.
 */
export interface RulesChange {
  readonly at: EpochMs;
  /** A JSON object, as `core/policy/rules.ts` writes it. */
  readonly text: string;
}

/** What stands at one position of the log. */
export type LogEntry =
  | ({ readonly kind: 'message'; readonly position: LogPosition } & Message)
  | ({ readonly kind: 'tick'; readonly position: LogPosition } & Tick)
  | ({ readonly kind: 'rules'; readonly position: LogPosition } & RulesChange);

/** A message of the log. */
export type MessageEntry = LogEntry & { readonly kind: 'message' };

/** A message that could not become a reading, and why. */
export interface Rejected {
  readonly message: Message;
  readonly rejection: Rejection;
}

/** The disk refused: nothing was written, the message may be offered again. */
export interface StorageFailure {
  readonly kind: 'full' | 'unavailable';
  /** What happened and what to do about it. */
  readonly reason: string;
}

/** What the quarantine holds and has let go of. */
export interface QuarantineStatus {
  /** Bytes of the topics and payloads in it. */
  readonly bytes: number;
  /** Messages that left it since the start, for their age or for want of room. */
  readonly dropped: number;
}

/** How long processed messages stay readable. */
export interface Retention {
  /** Processed messages received before this may go. */
  readonly before: EpochMs;
  /** Processed messages beyond this many payload bytes may go, oldest first. */
  readonly maxBytes: number;
}

/**
 * Durable, ordered store between ingress and detection.
 *
 * When `append` or `quarantine` answers ok the messages are on disk and survive power loss: only
 * then may ingress acknowledge it. The quarantine has a size of its own: beyond it the oldest messages in it go. The same message appended twice (a redelivery) is two entries;
 * everything behind the log is idempotent.
 */
export interface DurableLog {
  /** All or none of them, in their order; answers the position of the last. */
  append(messages: readonly Message[]): Promise<Result<LogPosition, StorageFailure>>;
  tick(tick: Tick): Promise<Result<LogPosition, StorageFailure>>;
  changeRules(change: RulesChange): Promise<Result<LogPosition, StorageFailure>>;
  /** Keeps messages that could not become readings, whole, each with its reason; all or none. */
  quarantine(rejected: readonly Rejected[]): Promise<Result<void, StorageFailure>>;
  /** Drops what was received before this and is in quarantine. Answers how many messages went. */
  pruneQuarantine(before: EpochMs): Promise<number>;
  quarantineStatus(): QuarantineStatus;
  /** Entries behind `after` in order of position, at most `limit`. */
  read(after: LogPosition, limit: number): Promise<readonly LogEntry[]>;
  /** Position of the newest entry ever appended; 0 before the first. */
  end(): Promise<LogPosition>;
  /** Drops what retention allows, but nothing behind `processed`. Answers how many entries went. */
  prune(retention: Retention, processed: LogPosition): Promise<number>;
}
