import { findObject } from '../../metadata/find.ts';
import { permissionObjects } from '../../metadata/permissionObjects.ts';
import type { ObjectDef, OrgMetadata } from '../../metadata/schema.ts';

/** Objects of this org that no page shows as records, which the User Interface API leaves out. */
const withoutPages: ReadonlySet<string> = new Set([
  'Organization',
  'Profile',
  'QueueSobject',
  'GroupMember',
  'CaseStatus',
  ...permissionObjects.map(({ name }) => name),
]);

/** The object of that name, when pages (and with them UI API and GraphQL) can have its records. */
export function pageObject(metadata: OrgMetadata, name: string): ObjectDef | undefined {
  const object = findObject(metadata, name);
  return object !== undefined && isPageObject(object) ? object : undefined;
}

export function isPageObject(object: ObjectDef): boolean {
  return (
    object.kind !== 'event' && object.historyOf === undefined && !withoutPages.has(object.name)
  );
}
