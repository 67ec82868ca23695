import type { OrgMetadata } from '../metadata/schema.ts';
import type { Actor, Condition, FieldValue, RecordData, RecordStore } from './records.ts';

type Rows = Pick<RecordStore, 'select'>;

/** What is assigned to a user, by name. */
export interface Assigned {
  readonly permissionSets: readonly string[];
  readonly permissionSetGroups: readonly string[];
}

/**
 * Follows the metadata: a row for each permission set, each group with the set that stands for it,
 * and each member of a group. Rows of sets that the metadata no longer has are deleted, and what was
 * assigned with them.
 */
export function seedPermissionSets(store: RecordStore, metadata: OrgMetadata, actor: Actor): void {
  const groups = metadata.permissionSetGroups ?? new Map<string, never>();
  for (const { name, label, description } of groups.values()) {
    const values = {
      DeveloperName: name,
      MasterLabel: label,
      Description: description ?? null,
      Language: 'en_US',
      Status: 'Updated',
    };
    const id = save(store, 'PermissionSetGroup', byName('DeveloperName', name), values, actor);
    const own = { Name: `X${id}`, Label: label, Type: 'Group', PermissionSetGroupId: id };
    save(store, 'PermissionSet', byName('PermissionSetGroupId', id), own, actor);
  }
  for (const { name, label } of metadata.permissionSets.values()) {
    const values = { Name: name, Label: label, Type: 'Regular' };
    save(store, 'PermissionSet', regular(name), values, actor);
  }
  removeOthers(store, 'PermissionSetGroup', 'DeveloperName', [...groups.keys()], actor);
  const names = [...metadata.permissionSets.keys()];
  removeOthers(store, 'PermissionSet', 'Name', names, actor, byName('Type', 'Regular'));
  seedComponents(store, metadata, actor);
}

function seedComponents(store: RecordStore, metadata: OrgMetadata, actor: Actor): void {
  const wanted = new Map<string, RecordData>();
  for (const group of metadata.permissionSetGroups?.values() ?? []) {
    const PermissionSetGroupId = groupId(store, group.name);
    for (const name of group.permissionSets) {
      const PermissionSetId = setId(store, name);
      const values = { PermissionSetGroupId, PermissionSetId };
      wanted.set(JSON.stringify(values), values);
    }
  }
  replace(
    store,
    'PermissionSetGroupComponent',
    store.select({ object: 'PermissionSetGroupComponent' }),
    wanted,
    actor,
  );
}

/**
 * Makes exactly these the user's permission sets and groups. The assignment of a group names the set that
 * stands for the group, never those in it. Unknown names throw.
 */
export function assignPermissions(
  store: RecordStore,
  userId: string,
  { permissionSets, permissionSetGroups }: Assigned,
  actor: Actor,
): void {
  const wanted = new Map<string, RecordData>();
  const add = (set: FieldValue, group: FieldValue): void => {
    const values = { AssigneeId: userId, PermissionSetId: set, PermissionSetGroupId: group };
    wanted.set(JSON.stringify(values), values);
  };
  for (const name of permissionSets) add(setId(store, name), null);
  for (const name of permissionSetGroups) {
    const group = groupId(store, name);
    const set = store.select({
      object: 'PermissionSet',
      where: byName('PermissionSetGroupId', group),
    });
    add(set[0]?.['Id'] ?? null, group);
  }
  replace(store, 'PermissionSetAssignment', assignmentsOf(store, userId), wanted, actor);
}

/** Whether one of the user's permission sets, also within groups, gives the custom permission. */
export function hasCustomPermission(
  rows: Rows,
  metadata: OrgMetadata,
  userId: string,
  permission: string,
): boolean {
  return assignmentsOf(rows, userId).some((assignment) =>
    setNames(rows, assignment).some(
      (name) => metadata.permissionSets.get(name)?.customPermissions?.has(permission) === true,
    ),
  );
}

function assignmentsOf(rows: Rows, userId: string): RecordData[] {
  return rows.select({ object: 'PermissionSetAssignment', where: byName('AssigneeId', userId) });
}

function setNames(rows: Rows, assignment: RecordData): string[] {
  const group = assignment['PermissionSetGroupId'] ?? null;
  const ids =
    group === null
      ? [assignment['PermissionSetId'] ?? null]
      : rows
          .select({
            object: 'PermissionSetGroupComponent',
            where: byName('PermissionSetGroupId', group),
          })
          .map((row) => row['PermissionSetId'] ?? null);
  return rows
    .select({
      object: 'PermissionSet',
      where: { kind: 'in', field: 'Id', values: ids, negated: false },
    })
    .map((row) => String(row['Name']));
}

function replace(
  store: RecordStore,
  object: string,
  present: readonly RecordData[],
  wanted: ReadonlyMap<string, RecordData>,
  actor: Actor,
): void {
  const left = new Map(wanted);
  for (const row of present) {
    const key = [...left].find(([, values]) =>
      Object.entries(values).every(([name, value]) => row[name] === value),
    )?.[0];
    if (key === undefined) must(store.writeDelete(object, String(row['Id']), actor));
    else left.delete(key);
  }
  for (const values of left.values()) must(store.writeInsert(object, values, actor));
}

function removeOthers(
  store: RecordStore,
  object: string,
  field: string,
  names: readonly string[],
  actor: Actor,
  of?: Condition,
): void {
  const other: Condition = { kind: 'in', field, values: names, negated: true };
  const parts = of === undefined ? [other] : [other, of];
  for (const row of store.select({ object, where: { kind: 'and', parts } }))
    must(store.writeDelete(object, String(row['Id']), actor));
}

function save(
  store: RecordStore,
  object: string,
  where: Condition,
  values: RecordData,
  actor: Actor,
): string {
  const row = store.select({ object, where, limit: 1 })[0];
  if (row === undefined) return must(store.writeInsert(object, values, actor));
  if (Object.entries(values).every(([name, value]) => row[name] === value))
    return String(row['Id']);
  return must(store.writeUpdate(object, String(row['Id']), values, actor));
}

function must(outcome: ReturnType<RecordStore['writeInsert']>): string {
  if (outcome.ok) return outcome.id;
  throw new Error(outcome.errors.map(({ message }) => message).join('; '));
}

function byName(field: string, value: FieldValue): Condition {
  return { kind: 'compare', field, op: '=', value };
}

function regular(name: string): Condition {
  return { kind: 'and', parts: [byName('Name', name), byName('Type', 'Regular')] };
}

function setId(rows: Rows, name: string): string {
  return idOf(
    rows.select({ object: 'PermissionSet', where: regular(name) }),
    `permission set ${name}`,
  );
}

function groupId(rows: Rows, name: string): string {
  const where = byName('DeveloperName', name);
  return idOf(rows.select({ object: 'PermissionSetGroup', where }), `permission set group ${name}`);
}

function idOf(found: readonly RecordData[], what: string): string {
  const id = found[0]?.['Id'];
  if (typeof id !== 'string') throw new Error(`there is no ${what} in this org`);
  return id;
}
