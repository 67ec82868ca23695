import { caseStatuses } from '../metadata/standardObjects.ts';
import type { NotificationTypeDef, OrgMetadata } from '../metadata/schema.ts';
import { EDITIONS } from './editions.ts';
import { makeId } from './ids.ts';
import { seedPermissionSets } from './permissions.ts';
import type { Actor, RecordData, RecordStore } from './records.ts';

/** The rows that every org has. */
export interface Org {
  readonly organizationId: string;
  /** The platform's own user, under which nothing of the package runs but setup does. */
  readonly automatedProcess: Actor;
}

/**
 * Makes sure that the organization, the platform's user, the Case statuses and the queues, permission
 * sets and notification types of the metadata exist. Safe to repeat; a Case status that a person changed stays as it is, and the
 * organization takes the edition it is given.
 */
export function seedOrg(
  store: RecordStore,
  metadata: OrgMetadata,
  OrganizationType: string = EDITIONS.enterprise.organizationType,
): Org {
  return store.transaction(() => {
    const automatedProcess = { userId: makeId('005', 1) };
    const insert = (object: string, values: RecordData): string =>
      insertRow(store, object, values, automatedProcess);
    const first = (object: string): string | undefined => idOf(store.select({ object, limit: 1 }));

    const organizationId =
      first('Organization') ??
      insert('Organization', {
        Name: 'Local Org',
        OrganizationType,
        InstanceName: 'LOCAL',
      });
    if (store.read('Organization', organizationId)?.['OrganizationType'] !== OrganizationType)
      store.writeUpdate('Organization', organizationId, { OrganizationType }, automatedProcess);
    if (first('User') === undefined) {
      const profile = findOrCreateProfile(store, 'Automated Process', automatedProcess);
      insert('User', {
        Username: `autoproc@${organizationId.toLowerCase()}`,
        LastName: 'Automated Process',
        Alias: 'autoproc',
        ProfileId: profile,
        UserType: 'AutomatedProcess',
      });
    }
    if (first('CaseStatus') === undefined) {
      caseStatuses.forEach(({ name, closed, isDefault }, index) =>
        insert('CaseStatus', {
          MasterLabel: name,
          ApiName: name,
          IsClosed: closed,
          IsDefault: isDefault,
          SortOrder: index + 1,
        }),
      );
    }
    for (const type of metadata.notificationTypes?.values() ?? [])
      seedNotificationType(store, type, automatedProcess);
    seedPermissionSets(store, metadata, automatedProcess);
    for (const [name, queue] of metadata.queues) seedQueue(store, name, queue, automatedProcess);
    return { organizationId, automatedProcess };
  });
}

/** The id of the profile with that name, which is created when missing. */
export function findOrCreateProfile(store: RecordStore, name: string, actor: Actor): string {
  const found = store.select({
    object: 'Profile',
    where: { kind: 'compare', field: 'Name', op: '=', value: name },
    limit: 1,
  });
  return idOf(found) ?? insertRow(store, 'Profile', { Name: name }, actor);
}

/** Follows the metadata also where the row is there already. */
function seedNotificationType(store: RecordStore, type: NotificationTypeDef, actor: Actor): void {
  const values = {
    CustomNotifTypeName: type.name,
    DeveloperName: type.name,
    MasterLabel: type.label,
    Description: type.description ?? null,
    Language: 'en_US',
    Desktop: type.desktop,
    Mobile: type.mobile,
  };
  const id = idOf(
    store.select({
      object: 'CustomNotificationType',
      where: { kind: 'compare', field: 'DeveloperName', op: '=', value: type.name },
      limit: 1,
    }),
  );
  if (id === undefined) insertRow(store, 'CustomNotificationType', values, actor);
  else store.writeUpdate('CustomNotificationType', id, values, actor);
}

function seedQueue(
  store: RecordStore,
  developerName: string,
  queue: OrgMetadata['queues'] extends ReadonlyMap<string, infer Queue> ? Queue : never,
  actor: Actor,
): void {
  const found = store.select({
    object: 'Group',
    where: {
      kind: 'and',
      parts: [
        { kind: 'compare', field: 'DeveloperName', op: '=', value: developerName },
        { kind: 'compare', field: 'Type', op: '=', value: 'Queue' },
      ],
    },
  });
  const values = {
    Name: queue.label,
    Email: queue.email ?? null,
    DoesSendEmailToMembers: queue.emailsMembers === true,
  };
  const known = idOf(found);
  if (known !== undefined) store.writeUpdate('Group', known, values, actor);
  const id =
    known ??
    insertRow(store, 'Group', { ...values, DeveloperName: developerName, Type: 'Queue' }, actor);
  for (const object of queue.objects) {
    const owned = store.count({
      object: 'QueueSobject',
      where: {
        kind: 'and',
        parts: [
          { kind: 'compare', field: 'QueueId', op: '=', value: id },
          { kind: 'compare', field: 'SobjectType', op: '=', value: object },
        ],
      },
    });
    if (owned === 0) insertRow(store, 'QueueSobject', { QueueId: id, SobjectType: object }, actor);
  }
}

/** Inserts a row that must not fail; a refusal is a bug or a broken file. */
export function insertRow(
  store: RecordStore,
  object: string,
  values: RecordData,
  actor: Actor,
): string {
  const outcome = store.writeInsert(object, values, actor);
  if (outcome.ok) return outcome.id;
  throw new Error(`${object}: ${outcome.errors.map((error) => error.message).join('; ')}`);
}

function idOf(rows: readonly RecordData[]): string | undefined {
  const id = rows[0]?.['Id'];
  return typeof id === 'string' ? id : undefined;
}
