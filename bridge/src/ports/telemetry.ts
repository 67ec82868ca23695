import type { SuppressReason } from './outbox.ts';
import type { LatencyClass } from '../model/policy.ts';

/**
 * Where the bridge says what a person should know.
 *
 * Silent in normal operation: `info` is for start and stop, `warn` for trouble that heals itself,
 * `error` for what needs somebody. Counts go to metrics instead. Never pass a secret.
 */
export interface Logger {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Counters of the pipeline, by bounded labels only (never a device or an episode). */
export interface Counters {
  readingAccepted(source: string, count: number): void;
  messageQuarantined(kind: string, count: number): void;
  signalRecorded(phase: string, count: number): void;
  /** What was there already: readings of the same device, metric and time, and signals that are recorded. */
  duplicatesSeen(of: 'readings' | 'signals', count: number): void;
  eventPublished(): void;
  /** One try of one event that did not succeed; `permanent` ones are dead letters. */
  publishFailed(outcome: 'retry' | 'permanent'): void;
  /** Of whom an event is: `left-to-org` where nothing is known here that can be relied on. */
  eventAttributed(outcome: 'matched' | 'unmatched' | 'left-to-org'): void;
  /** Signals of the org that were given their Asset or Account later. */
  signalsReattributed(count: number): void;
  receiptSeen(disposition: string): void;
  /** How long it took from noticing what an event says to knowing that the org acted on it. */
  eventActed(latencyClass: LatencyClass, seconds: number): void;
  /** Events that are never published; `coalesced`: a later one of their episode says as much. */
  eventsSuppressed(reason: 'coalesced' | SuppressReason, severity: string, count: number): void;
  /** Time in which devices could be heard. */
  listened(milliseconds: number): void;
  /** A notice of the org, by kind; what is not known is `other`. */
  noticeTaken(kind: 'Telemetry' | 'Identity' | 'Policy' | 'other'): void;
  noticeTrouble(kind: 'lost-place' | 'unreadable' | 'not-kept'): void;
  /** The subscription to notices ended and is made anew. */
  noticesReconnected(): void;
  viewWritten(outcome: 'written' | 'gone' | 'refused'): void;
  /** One report of the bridge to the org. */
  heartbeatSent(outcome: 'taken' | 'failed'): void;
  /** API calls made for telemetry views. */
  telemetryCalls(calls: number): void;
}
