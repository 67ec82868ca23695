import type { EpochMs, EventKey } from '../model/brand.ts';
import type { RecordId } from '../model/identity.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** What the org holds for one event. */
export type OrgRecord =
  | {
      readonly eventKey: EventKey;
      /** The org is done with it. */
      readonly disposition: 'Acted' | 'Suppressed' | 'Failed';
      readonly reason: string;
    }
  | {
      readonly eventKey: EventKey;
      /** Stored, not routed yet. */
      readonly disposition: 'Received';
      readonly reason: string;
      /** Of its row, to have it routed again. */
      readonly id: RecordId;
    }
  | {
      readonly eventKey: EventKey;
      /**
       * Not stored. Where one row that cannot be saved fails its whole batch, a neighbour was the
       * cause: published apart from it, the event may still be taken.
       */
      readonly disposition: 'Refused';
      /** What the org said the last time. */
      readonly reason: string;
      /** How often it was refused, 1 or more; an earlier refusal stays on record. */
      readonly refusals: number;
    };

/** An event the org is done with. */
export type EndedRecord = Extract<OrgRecord, { disposition: 'Acted' | 'Suppressed' | 'Failed' }>;

/** A `Signal_Failure__c`. */
export interface FailedRow {
  readonly id: RecordId;
  readonly eventKey: EventKey;
}

/** Keys of one question at most. */
export const MOST_KEYS = 100;

export interface ReceiptQuestion {
  /** Where the last answer ended; undefined: begin with what is newest. Opaque, valid for this org only. */
  readonly place: string | undefined;
  /** Events to be asked for by their keys, at most 100. */
  readonly eventKeys: readonly EventKey[];
}

export interface ReceiptAnswer {
  /**
   * What the org is done with since that place, of whoever's events, in the order in which it was, at most 2,000. Some come
   * again: a row is seen only when its transaction has ended, and that may be after a later one was, so the last seconds
   * are read twice. What became visible later than that is found by its key.
   */
  readonly ended: readonly EndedRecord[];
  /** What the org could not store or route since then; some come again. What it means the event's key tells. */
  readonly failed: readonly FailedRow[];
  /** What it has of the events asked for; one it does not know is absent. */
  readonly found: readonly OrgRecord[];
  /** To be kept, once all of this was taken in; undefined: the place was no good, begin anew. */
  readonly place: string | undefined;
  /** There is more behind that place already. */
  readonly more: boolean;
}

/** What became of one request to route a row again. */
export interface RoutedAgain {
  readonly id: RecordId;
  /** Why it was not taken; undefined where it was. */
  readonly refused: string | undefined;
}

/** Asks the org what became of events. Each is one API call. */
export interface Receipts {
  read(question: ReceiptQuestion): Promise<Result<ReceiptAnswer, OrgFailure>>;
  /**
   * Has rows that are `Received` routed again, in one transaction of the org; at most 200. Source: REST API guide, "sObject Collections".
   *
   * @param at later than at any request before for the same row
   */
  routeAgain(
    ids: readonly RecordId[],
    at: EpochMs,
  ): Promise<Result<readonly RoutedAgain[], OrgFailure>>;
}
