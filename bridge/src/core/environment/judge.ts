import { isSameId } from '../../model/environment.ts';
import type { Environment, EnvironmentName, FoundOrg } from '../../model/environment.ts';

/** Whose data a data directory holds. */
export interface DataOwner {
  /** Absent where no environment was configured. */
  readonly name?: EnvironmentName;
  /** 15 or 18 characters. */
  readonly organizationId: string;
  readonly namespace: string;
}

/** Why the bridge may not run, and what to do about it. */
export interface Refusal {
  readonly reason: string;
  readonly action: string;
}

/** Whether the org that answered the login is the one that is meant; undefined where it is. */
export function judgeOrg(
  pins: Environment | undefined,
  found: FoundOrg,
  loginUrl: string,
): Refusal | undefined {
  if (pins === undefined) return undefined;
  const kind = found.isSandbox === true ? ', which is a sandbox' : '';
  if (!isSameId(pins.orgId, found.organizationId)) {
    return {
      reason:
        `salesforce.loginUrl ${loginUrl} leads to the org ${found.organizationId}${kind}; ` +
        `environment.orgId allows only ${pins.orgId} for the environment ${pins.name}.`,
      action:
        'Correct salesforce.loginUrl, username, clientId and key if this is the wrong org; ' +
        'correct environment.orgId if it is the right one (a refreshed sandbox has a new id).',
    };
  }
  if (pins.name === 'production' && found.isSandbox === true) {
    return {
      reason: `environment.name is production, and the org ${found.organizationId} at ${loginUrl} is a sandbox.`,
      action:
        'Set environment.name to development or test, or point the file at the production org.',
    };
  }
  return undefined;
}

/**
 * Whether what the data directory holds may be published to this org; undefined where it may.
 *
 * @param file where the owner is written down
 */
export function judgeOwner(owner: DataOwner, now: DataOwner, file: string): Refusal | undefined {
  const isSameOrg =
    isSameId(owner.organizationId, now.organizationId) && owner.namespace === now.namespace;
  const isSameName = owner.name === undefined || now.name === undefined || owner.name === now.name;
  if (isSameOrg && isSameName) return undefined;
  return {
    reason:
      `dataDir holds the data of ${describe(owner)} (${file}); ` +
      `the configuration is of ${describe(now)}, and would publish them there.`,
    action:
      'Give each environment a dataDir of its own. To publish these data there on purpose, remove that file first.',
  };
}

function describe({ name, organizationId, namespace }: DataOwner): string {
  const where = `the org ${organizationId}${namespace === '' ? '' : ` (namespace ${namespace})`}`;
  return name === undefined ? where : `the environment ${name} with ${where}`;
}
