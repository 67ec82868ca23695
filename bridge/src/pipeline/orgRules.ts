import { attribute } from '../core/identity/attribute.ts';
import type { DevicePlace, Rules } from '../core/policy/rules.ts';
import type { EpochMs } from '../model/brand.ts';
import type { RecordId } from '../model/identity.ts';
import type { Policy } from '../model/policy.ts';
import type { IdentityCopy } from '../ports/identity.ts';
import type { OrgPolicy, PolicyVerdict } from '../ports/policies.ts';

/** `Bridge_Message__c` is a Text(255). */
const MOST_MESSAGE = 255;

/** What follows from the policies of the org. */
export interface OrgRules extends Pick<Rules, 'org' | 'off'> {
  /** To be told once the rest is in force; what stands there already is left out. */
  readonly verdicts: readonly PolicyVerdict[];
}

/**
 * The rules that follow from the org's policies as they are now. Of one that makes no sense the version stays that was the
 * last to do so; one that is deleted is gone, one that is not active switches its key off.
 *
 * @param before the org's policies until now
 */
export function orgRulesOf(policies: readonly OrgPolicy[], before: readonly Policy[]): OrgRules {
  const known = new Map(before.map((policy) => [policy.key, policy]));
  const org: Policy[] = [];
  const off: string[] = [];
  const verdicts: PolicyVerdict[] = [];
  const say = ({ id, told }: OrgPolicy, status: PolicyVerdict['status'], message: string): void => {
    if (told.status !== status || told.message !== message) verdicts.push({ id, status, message });
  };
  for (const one of policies) {
    switch (one.kind) {
      case 'good': {
        const last = known.get(one.policy.key);
        if (last !== undefined && isOrphaned(one.policy, last)) {
          org.push(last);
          say(one, 'Refused', ORPHANED);
          break;
        }
        org.push(one.policy);
        say(one, 'In Force', '');
        break;
      }
      case 'bad': {
        const last = known.get(one.key);
        if (last !== undefined) org.push(last);
        const stays = last === undefined ? '' : ` Version ${last.version} stays in force.`;
        const problem = one.problem.slice(0, MOST_MESSAGE - stays.length);
        say(one, 'Refused', problem + stays);
        break;
      }
      case 'off':
        off.push(one.key);
        say(one, 'Waiting', 'It is not active.');
        break;
      case 'idle':
        break;
    }
  }
  return { org, off, verdicts };
}

const ORPHANED =
  'The Device, Asset or Account it was for has been deleted. Choose another one, or change something else to have it ' +
  'for all that is left of its match; until then it holds for what it was for.';

/**
 * Deleting a record empties the lookups to it, without a save of those who named it: a policy for one device would become
 * one for all.
 */
function isOrphaned(policy: Policy, last: Policy): boolean {
  return (
    policy.version === last.version &&
    (['device', 'assetId', 'accountId'] as const).some(
      (part) => last.match[part] !== undefined && policy.match[part] === undefined,
    )
  );
}

/**
 * Where devices are now whose Assets or Accounts these policies name, as far as the copy of the org is certain. Undefined
 * while there is no whole copy.
 */
export function placesOf(
  policies: readonly Policy[],
  copy: Pick<IdentityCopy, 'namesOn' | 'facts' | 'completeAt'>,
  now: EpochMs,
): ReadonlyMap<string, DevicePlace> | undefined {
  const assets = new Set<RecordId>();
  const accounts = new Set<RecordId>();
  for (const { match } of policies) {
    if (match.assetId !== undefined) assets.add(match.assetId);
    if (match.accountId !== undefined) accounts.add(match.accountId);
  }
  const places = new Map<string, DevicePlace>();
  if (assets.size + accounts.size === 0) return places;
  if (copy.completeAt() === undefined) return undefined;
  for (const name of copy.namesOn(assets, accounts)) {
    const { assetId, accountId } = attribute(copy.facts(name), name, now);
    const isOn = assetId !== undefined && assets.has(assetId);
    const isOf = accountId !== undefined && accounts.has(accountId);
    if (isOn || isOf) places.set(name, { ...(isOn && { assetId }), ...(isOf && { accountId }) });
  }
  return places;
}
