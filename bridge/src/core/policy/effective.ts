import type { DeviceKey } from '../../model/brand.ts';
import type { RecordId } from '../../model/identity.ts';
import type { Policy, PolicyMatch } from '../../model/policy.ts';

/** What policies can be about, of one device. */
export interface PolicyScope {
  /** Absent: one that no policy names. */
  readonly device?: DeviceKey | undefined;
  readonly deviceType?: string | undefined;
  /** The Asset it is on now, and who owns that. */
  readonly assetId?: RecordId | undefined;
  readonly accountId?: RecordId | undefined;
}

/** How close a policy is to a device, from the closest to the widest. */
export const REACHES = ['device', 'asset', 'account', 'device type', 'all'] as const;
export type Reach = (typeof REACHES)[number];

/** A policy that holds for a device, and why it and not another. */
export interface EffectivePolicy {
  readonly policy: Policy;
  readonly reach: Reach;
  /** Policies about the same that hold for this device too, and gave way, the closest first. */
  readonly instead: readonly Policy[];
}

/**
 * The policies in force for a device, in the order of the list.
 *
 * Every part of a match that is present must be equal. Of the policies that look for the same signal type in the same
 * metric the closest holds: one for the device before one for its Asset, its Account, its kind, or everything. Of two
 * that are as close the one holds that names more (an Asset and a kind). Where they name the same, neither is meant
 * instead of the other, and both hold.
 */
export function effectivePolicies(
  policies: readonly Policy[],
  scope: PolicyScope,
): readonly EffectivePolicy[] {
  const rivals = new Map<string, Policy[]>();
  for (const policy of policies) {
    if (!holdsFor(policy.match, scope)) continue;
    // Silence is about the device, and rivals nothing that is about its values.
    const isSilence = policy.detector.kind === 'silence';
    const about = JSON.stringify([policy.signalType, isSilence, policy.match.metric]);
    const others = rivals.get(about);
    if (others === undefined) rivals.set(about, [policy]);
    else others.push(policy);
  }
  const chosen = [...rivals.values()].flatMap((group): EffectivePolicy[] => {
    const sorted = group.toSorted(closestFirst);
    const [first] = sorted;
    if (first === undefined) return [];
    const reach = reachOf(first.match);
    const isAsClose = (other: Policy): boolean => closeness(first, other) === 0;
    const instead = sorted.filter((other) => !isAsClose(other));
    return group.filter(isAsClose).map((policy) => ({ policy, reach, instead }));
  });
  const places = new Map(policies.map((policy, index) => [policy, index]));
  return chosen.toSorted((a, b) => (places.get(a.policy) ?? 0) - (places.get(b.policy) ?? 0));
}

/** One line for each policy of a device: what it looks for, why it holds, and what gave way. */
export function explainPolicies(effective: readonly EffectivePolicy[]): readonly string[] {
  return effective.map(({ policy, reach, instead }) => {
    const { key, version, signalType, match, detector } = policy;
    const what = `${signalType} in ${match.metric ?? 'every metric without a policy of its own'}`;
    const seen = detector.kind === 'silence' ? signalType : what;
    const over = instead.map((other) => `${other.key} (for ${wordsOf(reachOf(other.match))})`);
    const gaveWay = over.length === 0 ? '' : `, before ${over.join(', ')}`;
    return `${key} version ${version}: ${seen} by ${detector.kind}, for ${wordsOf(reach)}${gaveWay}`;
  });
}

function holdsFor(match: PolicyMatch, scope: PolicyScope): boolean {
  return (['device', 'deviceType', 'assetId', 'accountId'] as const).every(
    (part) => match[part] === undefined || match[part] === scope[part],
  );
}

function reachOf(match: PolicyMatch): Reach {
  if (match.device !== undefined) return 'device';
  if (match.assetId !== undefined) return 'asset';
  if (match.accountId !== undefined) return 'account';
  return match.deviceType === undefined ? 'all' : 'device type';
}

/** Below 0 where `a` is closer, 0 where neither is. */
function closeness(a: Policy, b: Policy): number {
  const nearer = REACHES.indexOf(reachOf(a.match)) - REACHES.indexOf(reachOf(b.match));
  if (nearer !== 0) return nearer;
  const named = ({ match }: Policy): number => Object.keys(match).length;
  return named(b) - named(a);
}

function closestFirst(a: Policy, b: Policy): number {
  return closeness(a, b) || (a.key < b.key ? -1 : 1);
}

function wordsOf(reach: Reach): string {
  return reach === 'all' ? 'all devices' : `the ${reach}`;
}
