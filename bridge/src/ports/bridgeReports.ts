import type { EpochMs } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** What the people of the org should know of this bridge. Numbers that are not known are left out. */
export interface BridgeReport {
  readonly at: EpochMs;
  /** When the next report is due at the latest; past it the org takes the bridge for silent. Absent: it is not watched. */
  readonly dueAt?: EpochMs;
  readonly status: 'Running' | 'Stopped';
  readonly version: string;
  /** Events that wait to be published, and those that were given up. */
  readonly waiting: number;
  readonly deadLetters: number;
  /** Devices heard of in the last day. */
  readonly devices: number;
  /** Of the budgets of this bridge. */
  readonly left: {
    readonly publishes?: number;
    readonly apiCalls?: number;
    readonly deliveries?: number;
    readonly signalRows?: number;
  };
  /** What is wrong and what to do, at most 255 characters; empty when all is well. */
  readonly message: string;
}

/** How much of something the org has, and what is left of it, whoever used the rest. */
export interface OrgLimit {
  readonly max: number;
  readonly left: number;
}

/** What the org says of its own limits; those it does not name are left out. */
export interface OrgLimits {
  /** A rolling hour. */
  readonly publishes?: OrgLimit;
  /** A rolling day. */
  readonly apiCalls?: OrgLimit;
  readonly deliveries?: OrgLimit;
  /** Megabytes. */
  readonly storage?: OrgLimit;
}

/** What a bridge did in one day of Greenwich Mean Time. */
export interface DayReport {
  /** `2026-11-23`. */
  readonly day: string;
  /** Messages that became readings and are in the log. */
  readonly readings: number;
  readonly quarantined: number;
  /** Readings and signals that were there already. */
  readonly duplicates: number;
  /** Events the event bus has accepted; a repeat counts again. */
  readonly signals: number;
  /** Events that came to nothing: dead letters, and what the org failed to do something about or never showed. */
  readonly errors: number;
  /** Signals that were not published, by reason; few reasons. */
  readonly suppressed: Readonly<Record<string, number>>;
}

/** Where the counts of days outlive the process. */
export interface DayStore {
  /** Nothing where nothing was kept, or where it cannot be read. */
  load(): readonly DayReport[];
  /** All at once: what is there afterwards is this or what was there before. @throws Error where the disk refuses */
  save(days: readonly DayReport[]): void;
}

/** Days in one report: with the bridge and the limits they are within the 25 parts of one composite call. */
export const MOST_DAYS = 20;

/** Where a bridge reports to its org, under the name it has there. */
export interface BridgeReports {
  /**
   * Makes or updates the record of the bridge and those of the days, and asks for the limits of the org; one API call.
   * The days are the newest first; at most `MOST_DAYS`.
   */
  report(report: BridgeReport, days?: readonly DayReport[]): Promise<Result<OrgLimits, OrgFailure>>;
}
