import { makeAccess } from '../api/accessControl.ts';
import type { Grants } from '../api/accessControl.ts';
import { makeFlowAccess } from '../api/flowAccess.ts';
import type { AutomationOptions } from './makeAutomation.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import { assignPermissions } from '../store/permissions.ts';
import type { Actor, RecordStore } from '../store/records.ts';
import { findOrCreateProfile, insertRow } from '../store/seed.ts';

/** A user of a test: an administrator, or who holds permission sets and groups by their names. */
export type TestUser =
  | 'administrator'
  | {
      readonly permissionSets?: readonly string[];
      readonly permissionSetGroups?: readonly string[];
    };

/** The users that tests make, and what those may do. */
export interface TestUsers {
  readonly access: NonNullable<AutomationOptions['access']>;
  /** The id of such a user; the same each time for the same rights. */
  idOf(user: TestUser): string;
}

/** @param sharing organization-wide defaults of standard objects; left out, Public Read/Write */
export function makeTestUsers(
  store: RecordStore,
  metadata: OrgMetadata,
  by: Actor,
  sharing: NonNullable<Parameters<typeof makeAccess>[3]>['defaults'] = new Map(),
): TestUsers {
  const grants = new Map<string, Grants>();
  const made = new Map<string, string>();
  const access = makeAccess(metadata, grants, () => undefined, {
    defaults: sharing,
    read: (object, id) => store.read(object, id),
  });

  function setsOf(user: Exclude<TestUser, 'administrator'>): Grants['permissionSets'] {
    const ofGroups = (user.permissionSetGroups ?? []).flatMap(
      (name) => known(metadata.permissionSetGroups ?? noGroups, name).permissionSets,
    );
    const names = new Set([...(user.permissionSets ?? []), ...ofGroups]);
    return [...names].map((name) => known(metadata.permissionSets, name));
  }

  return {
    access: { ...access, ...makeFlowAccess(grants) },
    idOf(user) {
      const key = JSON.stringify(user);
      const old = made.get(key);
      if (old !== undefined) return old;
      const isAdministrator = user === 'administrator';
      const profile = isAdministrator ? 'System Administrator' : 'Standard User';
      const name = `user${made.size + 1}`;
      const id = insertRow(
        store,
        'User',
        {
          Username: `${name}@example.test`,
          LastName: name,
          Alias: name,
          ProfileId: findOrCreateProfile(store, profile, by),
        },
        by,
      );
      const given = isAdministrator ? {} : user;
      const { permissionSets = [], permissionSetGroups = [] } = given;
      assignPermissions(store, id, { permissionSets, permissionSetGroups }, by);
      grants.set(id, { isAdministrator, permissionSets: setsOf(given) });
      made.set(key, id);
      return id;
    },
  };
}

const noGroups: NonNullable<OrgMetadata['permissionSetGroups']> = new Map();

function known<T>(all: ReadonlyMap<string, T>, name: string): T {
  const found = all.get(name);
  if (found !== undefined) return found;
  throw new Error(`the package has no ${name}; it has ${[...all.keys()].join(', ')}`);
}
