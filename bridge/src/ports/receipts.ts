import type { EventKey } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** What the org holds for one event. */
export type OrgRecord =
  | {
      readonly eventKey: EventKey;
      /** `Received`: stored, not routed yet. */
      readonly disposition: 'Received' | 'Acted' | 'Suppressed' | 'Failed';
      readonly reason: string;
    }
  | {
      readonly eventKey: EventKey;
      /**
       * Not stored. Where one row that cannot be saved fails its whole batch, a neighbour was the
       * cause: published alone, the event may still be taken.
       */
      readonly disposition: 'Refused';
      /** What the org said the last time. */
      readonly reason: string;
      /** How often it was refused, 1 or more; an earlier refusal stays on record. */
      readonly refusals: number;
    };

/** Asks the org what became of events; an event it does not know is absent from the answer. */
export interface Receipts {
  find(eventKeys: readonly EventKey[]): Promise<Result<readonly OrgRecord[], OrgFailure>>;
}
