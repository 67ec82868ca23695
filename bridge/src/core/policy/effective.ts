import type { DeviceKey } from '../../model/brand.ts';
import type { RecordId } from '../../model/identity.ts';
import type { Policy, PolicyMatch } from '../../model/policy.ts';

/** What policies can be about, of one device. */
export interface PolicyScope {
  readonly device: DeviceKey;
  readonly deviceType?: string;
  /** The Asset it is on now, and who owns that. */
  readonly assetId?: RecordId;
  readonly accountId?: RecordId;
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
 * that are as close the one holds that names more (an Asset and a kind), then the one whose key comes first.
 */
export function effectivePolicies(
  policies: readonly Policy[],
  scope: PolicyScope,
): readonly EffectivePolicy[] {
  const rivals = new Map<string, Policy[]>();
  for (const policy of policies) {
    if (!holdsFor(policy.match, scope)) continue;
    const about = JSON.stringify([policy.signalType, policy.match.metric]);
    const others = rivals.get(about);
    if (others === undefined) rivals.set(about, [policy]);
    else others.push(policy);
  }
  const chosen = [...rivals.values()].flatMap((group): EffectivePolicy[] => {
    const [policy, ...instead] = group.toSorted(closestFirst);
    return policy === undefined ? [] : [{ policy, reach: reachOf(policy.match), instead }];
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

function closestFirst(a: Policy, b: Policy): number {
  const nearer = REACHES.indexOf(reachOf(a.match)) - REACHES.indexOf(reachOf(b.match));
  if (nearer !== 0) return nearer;
  const named = ({ match }: Policy): number => Object.keys(match).length;
  return named(b) - named(a) || (a.key < b.key ? -1 : 1);
}

function wordsOf(reach: Reach): string {
  return reach === 'all' ? 'all devices' : `the ${reach}`;
}
