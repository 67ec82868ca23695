import type { EventKey } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** What the org holds for one event. */
export interface OrgRecord {
  readonly eventKey: EventKey;
  /** `Received`: stored, not routed yet. */
  readonly disposition: 'Received' | 'Acted' | 'Suppressed' | 'Failed';
  readonly reason: string;
}

/** Asks the org what became of events; an event it does not know is absent from the answer. */
export interface Receipts {
  find(eventKeys: readonly EventKey[]): Promise<Result<readonly OrgRecord[], OrgFailure>>;
}
