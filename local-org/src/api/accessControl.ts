import { findField, findObject } from '../metadata/find.ts';
import { historyParent, trackedFields } from '../metadata/historyObject.ts';
import { permissionObjects } from '../metadata/permissionObjects.ts';
import type { FieldDef, ObjectDef, OrgMetadata, PermissionSetDef } from '../metadata/schema.ts';
import type { Condition, FieldValue, RecordData, RecordStore } from '../store/records.ts';
import type { Access, ObjectRight, Session } from './access.ts';
import { seesTask, tasksSeen } from './taskSharing.ts';
import type { Seen } from './taskSharing.ts';

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
  'GroupMember',
  'CustomNotificationType',
  'CaseStatus',
]);

/** Setup objects that need the user permission View Setup and Configuration (Object Reference). */
const viewedWithSetup: ReadonlySet<string> = new Set(permissionObjects.map(({ name }) => name));

/** An organization-wide default: who may see and change the rows of others. */
export type Sharing = NonNullable<ObjectDef['sharing']>;

export interface SharingRules {
  /** The defaults of standard objects by name; those of custom objects are in their source. */
  readonly defaults: ReadonlyMap<string, Sharing>;
  /** The row with this id; comments are shared as their Case is. */
  readonly read: RecordStore['read'];
  /** The ids of the queues that a user is a member of; what a queue owns is theirs. Absent: none. */
  readonly queuesOf?: (userId: string) => readonly string[];
}

/**
 * Permissions as the union of a user's permission sets; profiles other than System Administrator
 * give nothing. Sharing is the organization-wide default and ownership, own or through a queue: no
 * roles, groups or rules.
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
    if (viewedWithSetup.has(object.name)) return right === 'read' && mayViewSetup(userId);
    if (object.historyOf !== undefined)
      return right === 'read' && may(userId, object.historyOf, 'read');
    // Comments have no rights of their own: who may read a Case reads them, who may edit it writes them.
    if (object.name === 'CaseComment')
      return may(userId, 'Case', right === 'read' ? 'read' : 'edit');
    const { isAdministrator, permissionSets } = grantsOf(userId);
    if (isAdministrator) return true;
    if (object.name === 'Task') {
      const needed = right === 'read' ? ['ActivitiesAccess', 'EditTask'] : ['EditTask'];
      return permissionSets.some(
        (set) => hasUserRight(set, right) || needed.some((name) => set.userPermissions.has(name)),
      );
    }
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
      return set.fields.get(`${object.name}.${field.compound ?? field.name}`)?.[right] === true;
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
    if (object.name === 'Task') return mayTask(userId, row, right);
    const { shared, through } = sharedObject(object);
    if (
      object.historyOf !== undefined &&
      !seenChanges(userId, shared).includes(row['Field'] ?? null)
    )
      return false;
    if (through === undefined) return owns(userId, row) || mayAllRows(userId, shared, right);
    if (mayAllRows(userId, shared, right === 'read' ? 'read' : 'edit')) return true;
    const parent = sharingRules.read(shared.name, String(row[through]));
    return parent !== undefined && owns(userId, parent);
  }

  /** Changing is for the owner and for who may change everything. */
  function mayTask(userId: string, row: RecordData, right: ObjectRight): boolean {
    if (mayAllData(userId, right) || owns(userId, row)) return true;
    return (
      right === 'read' &&
      seesTask(metadata, row, (parent) => owns(userId, parent), sees(userId), sharingRules.read)
    );
  }

  /** Who may stand as the owner of what is the user's: the user and the queues. */
  function ownersOf(userId: string): readonly string[] {
    return [userId, ...(sharingRules.queuesOf?.(userId) ?? [])];
  }

  function owns(userId: string, row: RecordData): boolean {
    const owner = row['OwnerId'];
    return typeof owner === 'string' && ownersOf(userId).includes(owner);
  }

  function mayViewSetup(userId: string): boolean {
    const { isAdministrator, permissionSets } = grantsOf(userId);
    return (
      isAdministrator ||
      permissionSets.some(({ userPermissions }) => userPermissions.has('ViewSetup'))
    );
  }

  function mayAllData(userId: string, right: ObjectRight): boolean {
    const { isAdministrator, permissionSets } = grantsOf(userId);
    return isAdministrator || permissionSets.some((set) => hasUserRight(set, right));
  }

  function sees(userId: string): (target: ObjectDef) => Seen {
    return (target) => {
      if (!may(userId, target.name, 'read')) return 'none';
      return mayAllRows(userId, target, 'read') ? 'all' : 'own';
    };
  }

  /** The object whose sharing counts, and the lookup that leads to it when it is another one. */
  function sharedObject(object: ObjectDef): { shared: ObjectDef; through?: string } {
    const name = object.name === 'CaseComment' ? 'Case' : object.historyOf;
    const parent = name === undefined ? undefined : findObject(metadata, name);
    if (parent === undefined) return { shared: object };
    const through = object.historyOf === undefined ? 'ParentId' : historyParent(parent);
    return { shared: parent, through };
  }

  /** Values of `Field` in the history of an object whose rows the user sees: fields he may read. */
  function seenChanges(userId: string, object: ObjectDef): FieldValue[] {
    const fields = trackedFields(object).map(({ name }) => name);
    return ['created', ...fields.filter((name) => mayField(userId, object.name, name, 'read'))];
  }

  return {
    session,
    may,
    mayField,
    mayRow,
    rowFilter(userId, object) {
      if (object.name === 'Task')
        return mayAllData(userId, 'read')
          ? undefined
          : tasksSeen(metadata, object, ownersOf(userId), sees(userId));
      const { shared, through } = sharedObject(object);
      const field = through === undefined ? 'OwnerId' : `${through.replace(/Id$/, '')}.OwnerId`;
      const own: Condition | undefined = mayAllRows(userId, shared, 'read')
        ? undefined
        : { kind: 'in', field, values: ownersOf(userId), negated: false };
      if (object.historyOf === undefined) return own;
      const values = seenChanges(userId, shared);
      const seen: Condition = { kind: 'in', field: 'Field', values, negated: false };
      return { kind: 'and', parts: own === undefined ? [seen] : [seen, own] };
    },
  };
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
  if (viewedWithSetup.has(object.name)) return false;
  const without = object.name === 'CaseComment' || object.name === 'Task';
  if (without || object.historyOf !== undefined) return false;
  const isSystem = field.system && field.type !== 'AutoNumber' && !field.name.endsWith('__c');
  const always = ['Name', 'OwnerId', ...(object.name === 'Case' ? ['CaseNumber', 'Status'] : [])];
  return !field.required && !isSystem && !always.includes(field.name);
}
