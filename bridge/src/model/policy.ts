import type { RecordId } from './identity.ts';
import type { Severity } from './signal.ts';

/** Which readings a policy watches. Every part that is present must match. */
export interface PolicyMatch {
  readonly deviceType?: string;
  readonly device?: string;
  /** Devices that are on this Asset now. */
  readonly assetId?: RecordId;
  /** Devices on Assets that this Account owns now. */
  readonly accountId?: RecordId;
  /** Absent: every metric that no other value policy of the same device names. */
  readonly metric?: string;
}

/** A value beyond a limit, for a time. Hysteresis: the episode ends only behind `clear`. */
export interface ThresholdOptions {
  readonly kind: 'threshold';
  readonly direction: 'above' | 'below';
  readonly limit: number;
  /** On the healthy side of `limit`; equal to it means no hysteresis. */
  readonly clear: number;
  /** A second, worse limit: beyond it the severity is raised and an Updated is sent. */
  readonly escalate?: { readonly limit: number; readonly severity: Severity };
}

/** A value beyond anything the series has shown, by a margin of its own range. */
export interface RangeNoveltyOptions {
  readonly kind: 'range-novelty';
  /** Readings to learn from before judging; at least 10. */
  readonly learn: number;
  /** How far beyond the seen range, as a share of that range; e.g. 0.2. */
  readonly margin: number;
}

/** The level of the series has moved and stays moved (fast against slow average). */
export interface LevelShiftOptions {
  readonly kind: 'level-shift';
  readonly learn: number;
  /** How many times the largest shift seen while healthy; e.g. 1.5. */
  readonly factor: number;
}

/** No message from a device for longer than `afterMs` of time the bridge was listening. */
export interface SilenceOptions {
  readonly kind: 'silence';
  readonly afterMs: number;
}

/** The very same number again and again while it should move. */
export interface StuckOptions {
  readonly kind: 'stuck';
  /** Equal readings in a row, at least 3. */
  readonly repeats: number;
}

export type DetectorOptions =
  ThresholdOptions | RangeNoveltyOptions | LevelShiftOptions | SilenceOptions | StuckOptions;

/**
 * What the data may be used for. Service and safety need to see how it came about; for engagement and compliance it is
 * enough that it was so, and the evidence has no course of values.
 */
export const purposes = ['Service', 'Safety', 'Engagement', 'Compliance'] as const;
export type Purpose = (typeof purposes)[number];

/** How soon a signal has to reach the org: at once, within minutes, or with the next batch. */
export const latencyClasses = ['Immediate', 'Minutes', 'Batch'] as const;
export type LatencyClass = (typeof latencyClasses)[number];

/** What to look for, in which readings, and what to call it. */
export interface Policy {
  /** Matches `Signal_Policy__c.Policy_Key__c`; 1 to 80 characters. */
  readonly key: string;
  readonly version: number;
  readonly match: PolicyMatch;
  readonly signalType: string;
  readonly severity: Severity;
  readonly detector: DetectorOptions;
  /** The condition must hold this long (device time) before an episode opens; 0 opens at once. */
  readonly openAfterMs: number;
  /** The healthy condition must hold this long before the episode clears. */
  readonly clearAfterMs: number;
  /** While open, at most one Updated in this time unless the severity changes. */
  readonly updateEveryMs: number;
  /** Absent: Service. */
  readonly purpose?: Purpose;
  /** Absent: Immediate. */
  readonly latencyClass?: LatencyClass;
}
