import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** Somebody looks at an asset: a record of `Telemetry_View__c`, without what the bridge wrote. */
export interface TelemetryView {
  readonly id: string;
  readonly assetId: string | undefined;
  /** Metric names; empty: all. */
  readonly metrics: readonly string[];
  /** 60,000 to 3,600,000. */
  readonly rangeMs: number;
  /** Until then it wants to be kept up to date; by the clock of whoever looks. */
  readonly liveUntil: EpochMs | undefined;
}

/** What the bridge writes to a view. */
export interface ViewUpdate {
  readonly id: string;
  readonly answeredAt: EpochMs;
  /** Absent: only a sign of life, what was written before is still true. */
  readonly answer?: {
    /** The text of `Series__c`; undefined empties it. */
    readonly series: string | undefined;
    readonly lastReadingAt: EpochMs | undefined;
    /** At most 255 characters; empty where nothing is missing. */
    readonly message: string;
  };
}

/** How the write of one view ended; one that fails harms no other. */
export type ViewOutcome =
  | { readonly kind: 'written'; readonly id: string }
  /** The view was deleted. */
  | { readonly kind: 'gone'; readonly id: string }
  | { readonly kind: 'refused'; readonly id: string; readonly reason: string };

/** How many API calls the org has left, as it said the last time. */
export interface ApiCalls {
  readonly used: number;
  readonly max: number;
}

/** The views of the org and what it takes to answer them. Every method makes as few calls as it can. */
export interface Views {
  /** A view that was deleted is absent from the answer. */
  byIds(ids: readonly string[]): Promise<Result<readonly TelemetryView[], OrgFailure>>;
  /** Views whose lease has not ended, at most `MOST_LIVE` of them. */
  live(now: EpochMs): Promise<Result<readonly TelemetryView[], OrgFailure>>;
  /** The devices on each asset, in the order of their keys; remembered for a while. */
  devices(
    assetIds: readonly string[],
  ): Promise<Result<ReadonlyMap<string, readonly DeviceKey[]>, OrgFailure>>;
  /** One call: at most `MOST_UPDATES`, with series of at most `MOST_LENGTH`. One outcome for each. */
  write(updates: readonly ViewUpdate[]): Promise<Result<readonly ViewOutcome[], OrgFailure>>;
  /** API calls made so far. */
  calls(): number;
  usage(): ApiCalls | undefined;
}

/** Rows of one page of a query; more people looking at once are served 2,000 at a time. */
export const MOST_LIVE = 2_000;
/** Source: REST API Developer Guide, "sObject Collections". */
export const MOST_UPDATES = 200;
/**
 * Characters of all series in one call. No public source names the platform's limit for a body;
 * two hundred charts of full length would be 6.4 million, and are two calls.
 */
export const MOST_LENGTH = 4_000_000;
