import type { EpochMs } from '../../model/brand.ts';
import type { Policy } from '../../model/policy.ts';

/** A policy and since when it stands, for what was learned under one that was removed is not that of one that comes later. */
export interface StandingPolicy {
  readonly policy: Policy;
  /** Position in the log from which on there has been a policy of this key with this kind of detector; 0: from the beginning. */
  readonly since: number;
  /** The bridge's time then; nothing it watches by that clock began before. */
  readonly begunAt: number;
}

/** Policies that have always stood. Throws where a key is used twice. */
export function standingFromStart(policies: readonly Policy[]): readonly StandingPolicy[] {
  const doubled = policies.find(
    ({ key }, index) => policies.findIndex((other) => other.key === key) !== index,
  );
  if (doubled !== undefined) throw new Error(`the policy key "${doubled.key}" is used twice`);
  return policies.map((policy) => ({ policy, since: 0, begunAt: 0 }));
}

/** Policies that follow others at this position of the log. */
export function standingAfter(
  before: readonly StandingPolicy[],
  policies: readonly Policy[],
  position: number,
  at: EpochMs,
): readonly StandingPolicy[] {
  const known = new Map(before.map((one) => [one.policy.key, one]));
  return policies.map((policy) => {
    const old = known.get(policy.key);
    const goesOn = old?.policy.detector.kind === policy.detector.kind;
    return goesOn ? { ...old, policy } : { policy, since: position, begunAt: at };
  });
}
