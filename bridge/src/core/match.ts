import type { Policy } from '../model/policy.ts';
import { effectivePolicies } from './policy/effective.ts';
import type { PolicyScope } from './policy/effective.ts';

/** Which policies watch a device and its metrics. */
export interface PolicyPlan {
  /** Policies that judge the device as a whole: silence. */
  readonly device: readonly Policy[];
  /** Policies that judge the values of `metric`, in the order of the policy list. */
  forMetric(metric: string): readonly Policy[];
}

/**
 * The policies of one device, by the rules of `policy/effective.ts`.
 *
 * A value policy without a metric is a
 * fallback: it watches each metric that no other value policy of this device names, so an unknown
 * metric is never unwatched and a metric with a rule of its own is not judged twice.
 */
export function planFor(policies: readonly Policy[], scope: PolicyScope): PolicyPlan {
  const mine = effectivePolicies(policies, scope).map(({ policy }) => policy);
  const values = mine.filter(({ detector }) => detector.kind !== 'silence');
  const fallbacks = values.filter(({ match }) => match.metric === undefined);
  return {
    device: mine.filter(({ detector }) => detector.kind === 'silence'),
    forMetric(metric) {
      const named = values.filter(({ match }) => match.metric === metric);
      return named.length > 0 ? named : fallbacks;
    },
  };
}
