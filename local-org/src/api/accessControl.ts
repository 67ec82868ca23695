import { findField, findObject } from '../metadata/find.ts';
import type { FieldDef, ObjectDef, OrgMetadata, PermissionSetDef } from '../metadata/schema.ts';
import type { RecordData, RecordStore } from '../store/records.ts';
import type { Access, ObjectRight, Session } from './access.ts';

/** What a user was given by the setup file. */
export interface Grants {
  /** System Administrator: may do everything. */
  readonly isAdministrator: boolean;
  readonly permissionSets: readonly PermissionSetDef[];
}

/** Objects that the org keeps itself, from the metadata and the setup file: everyone reads, nobody writes. */
const setupObjects: ReadonlySet<string> = new Set([
  'Organization',
  'Profile',
  'User',
  'Group',
  'QueueSobject',
  'CustomNotificationType',
  'CaseStatus',
]);

/** An organization-wide default: who may see and change the rows of others. */
export type Sharing = NonNullable<ObjectDef['sharing']>;

export interface SharingRules {
  /** The defaults of standard objects by name; those of custom objects are in their source. */
  readonly defaults: ReadonlyMap<string, Sharing>;
  /** The row with this id; comments are shared as their Case is. */
  readonly read: RecordStore['read'];
}

/**
 * Permissions as the union of a user's permission sets; profiles other than System Administrator
 * give nothing. Sharing is the organization-wide default and ownership: no roles, groups or rules,
 * and no access through a queue: a private Case of a queue is seen by who sees all.
 */
export function makeAccess(
  metadata: OrgMetadata,
  grants: ReadonlyMap<string, Grants>,
  session: (accessToken: string) => Session | undefined,
  sharingRules: SharingRules = { defaults: new Map(), read: () => undefined },
): Access {
  const none: Grants = { isAdministrator: false, permissionSets: [] };
  const grantsOf = (userId: string): Grants => grants.get(userId) ?? none;

  function may(userId: string, objectName: string, right: ObjectRight): boolean {
    const object = findObject(metadata, objectName);
    if (object === undefined) return false;
    if (setupObjects.has(object.name)) return right === 'read';
    // Comments have no rights of their own: who may read a Case reads them, who may edit it writes them.
    if (object.name === 'CaseComment')
      return may(userId, 'Case', right === 'read' ? 'read' : 'edit');
    const { isAdministrator, permissionSets } = grantsOf(userId);
    if (isAdministrator) return true;
    return permissionSets.some(
      (set) => hasUserRight(set, right) || set.objects.get(object.name)?.[right] === true,
    );
  }

  function mayField(
    userId: string,
    objectName: string,
    fieldName: string,
    right: 'read' | 'edit',
  ): boolean {
    const object = findObject(metadata, objectName);
    const field = object === undefined ? undefined : findField(object, fieldName);
    if (object === undefined || field === undefined) return false;
    if (right === 'edit' && field.system) return false;
    if (!hasOwnPermission(object, field)) return true;
    const { isAdministrator, permissionSets } = grantsOf(userId);
    if (isAdministrator) return true;
    return permissionSets.some((set) => {
      if (right === 'read' && set.objects.get(object.name)?.viewAllFields === true) return true;
      return set.fields.get(`${object.name}.${field.name}`)?.[right] === true;
    });
  }

  /** Whether sharing leaves the user all rows: by the default, or by a right that overrides it. */
  function mayAllRows(userId: string, object: ObjectDef, right: ObjectRight): boolean {
    const sharing = sharingRules.defaults.get(object.name) ?? object.sharing ?? 'ReadWrite';
    // Public Read/Write still leaves deleting to the owner.
    if (right === 'read' ? sharing !== 'Private' : right !== 'delete' && sharing === 'ReadWrite')
      return true;
    if (!object.fields.has('OwnerId')) return true;
    const { isAdministrator, permissionSets } = grantsOf(userId);
    return (
      isAdministrator ||
      permissionSets.some((set) => {
        const rights = set.objects.get(object.name);
        return right === 'read'
          ? rights?.viewAll === true || hasUserRight(set, right)
          : rights?.modifyAll === true || hasUserRight(set, right);
      })
    );
  }

  function mayRow(userId: string, object: ObjectDef, row: RecordData, right: ObjectRight): boolean {
    const { shared, through } = sharedObject(object);
    if (through === undefined) return owns(userId, row) || mayAllRows(userId, shared, right);
    if (mayAllRows(userId, shared, right === 'read' ? 'read' : 'edit')) return true;
    const parent = sharingRules.read(shared.name, String(row[through]));
    return parent !== undefined && owns(userId, parent);
  }

  /** The object whose sharing counts, and the lookup that leads to it when it is another one. */
  function sharedObject(object: ObjectDef): { shared: ObjectDef; through?: string } {
    const parent = object.name === 'CaseComment' ? findObject(metadata, 'Case') : undefined;
    return parent === undefined ? { shared: object } : { shared: parent, through: 'ParentId' };
  }

  return {
    session,
    may,
    mayField,
    mayRow,
    rowFilter(userId, object) {
      const { shared, through } = sharedObject(object);
      if (mayAllRows(userId, shared, 'read')) return undefined;
      const field = through === undefined ? 'OwnerId' : 'Parent.OwnerId';
      return { kind: 'compare', field, op: '=', value: userId };
    },
  };
}

function owns(userId: string, row: RecordData): boolean {
  return row['OwnerId'] === userId;
}

function hasUserRight(set: PermissionSetDef, right: ObjectRight): boolean {
  if (set.userPermissions.has('ModifyAllData')) return true;
  return right === 'read' && set.userPermissions.has('ViewAllData');
}

/**
 * Not for required fields, on which a deployment with `fieldPermissions` fails with "You cannot deploy
 * to a required field", nor for system, name and owner fields, which everybody sees.
 */
export function hasOwnPermission(object: ObjectDef, field: FieldDef): boolean {
  if (object.kind === 'event' || setupObjects.has(object.name)) return false;
  if (object.name === 'CaseComment') return false;
  const isSystem = field.system && field.type !== 'AutoNumber' && !field.name.endsWith('__c');
  const always = ['Name', 'OwnerId', ...(object.name === 'Case' ? ['CaseNumber', 'Status'] : [])];
  return !field.required && !isSystem && !always.includes(field.name);
}
