/** Whoever fills and counts the org. */
export const ADMIN = 'admin@example.test';
/** The bridge's user: the package's permission set and nothing else. */
export const BRIDGE_USER = 'bridge@example.test';
/** Who looks at the Asset pages. */
export const TECHNICIAN = 'technician@example.test';

/** What of an org is not as usual. */
export interface OrgVariant {
  readonly sandbox?: boolean;
  /** Permission sets of the bridge's user. */
  readonly bridgeSets?: readonly string[];
}

/**
 * The local org's setup file: the users, and a client that may log in as any of them.
 *
 * @param sharing organization-wide defaults of standard objects, by object: `Private`, `Read` or `ReadWrite`
 */
export const orgSetup = (
  clientId: string,
  certificateFile: string,
  sharing?: Readonly<Record<string, string>>,
  { sandbox = false, bridgeSets = ['Signal_Bridge'] }: OrgVariant = {},
): string =>
  JSON.stringify({
    ...(sandbox && { sandbox }),
    ...(sharing !== undefined && { sharing }),
    users: [
      { username: ADMIN, profile: 'System Administrator' },
      {
        username: BRIDGE_USER,
        profile: 'Minimum Access - API Only Integrations',
        permissionSets: bridgeSets,
      },
      { username: TECHNICIAN, profile: 'Standard User', permissionSets: ['Signal_Technician'] },
    ],
    clients: [{ clientId, certificateFile, users: [ADMIN, BRIDGE_USER, TECHNICIAN] }],
  });
