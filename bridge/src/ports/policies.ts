import type { RecordId } from '../model/identity.ts';
import type { Policy } from '../model/policy.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** A policy as the org has it now, and what the bridge said of it last. */
export type OrgPolicy = OrgPolicyContent & Told;

/** What stands at a policy of what the bridge made of it. */
export interface Told {
  readonly told: { readonly status: string; readonly message: string };
}

type OrgPolicyContent =
  /** Everything the bridge needs, and it makes sense. */
  | { readonly kind: 'good'; readonly id: RecordId; readonly policy: Policy }
  /** The bridge cannot go by it; `problem` is a sentence for the person who wrote it, at most 255 characters. */
  | {
      readonly kind: 'bad';
      readonly id: RecordId;
      readonly key: string;
      readonly version: number;
      readonly problem: string;
    }
  /** It only says what the org does with signals of a policy that the bridge has from elsewhere. */
  | { readonly kind: 'idle'; readonly id: RecordId; readonly key: string }
  /** It is not active: nobody watches by a policy of that key, wherever else there is one. */
  | { readonly kind: 'off'; readonly id: RecordId; readonly key: string };

/** What the bridge says of a policy, for the people who keep it. */
export interface PolicyVerdict {
  readonly id: RecordId;
  /** `Waiting`: the bridge does not go by it. */
  readonly status: 'In Force' | 'Refused' | 'Waiting';
  /** Why it is refused, or waits; empty when it is in force. */
  readonly message: string;
}

/** The policies of the org, which its service managers write. */
export interface OrgPolicies {
  /** All of them; they are few. */
  read(): Promise<Result<readonly OrgPolicy[], OrgFailure>>;
  /** Writes what became of them; a policy that was deleted meanwhile is left out without a word. */
  tell(verdicts: readonly PolicyVerdict[]): Promise<Result<void, OrgFailure>>;
}
