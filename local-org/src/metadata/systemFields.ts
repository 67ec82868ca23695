import type { FieldDef, FieldType } from './schema.ts';

type Extras = Partial<Omit<FieldDef, 'name' | 'label' | 'type'>>;

/** A field with the platform's defaults: optional, not unique, writable. */
export function makeField(
  name: string,
  label: string,
  type: FieldType,
  extras: Extras = {},
): FieldDef {
  return {
    name,
    label,
    type,
    required: false,
    unique: false,
    caseSensitive: false,
    externalId: false,
    system: false,
    ...extras,
  };
}

/** A lookup of a standard object: `AccountId` is reached as `Account`. */
export function makeLookup(
  name: string,
  label: string,
  referenceTo: readonly string[],
  extras: Extras = {},
): FieldDef {
  const relationshipName = name.replace(/Id$/, '');
  return makeField(name, label, 'Lookup', { referenceTo, relationshipName, ...extras });
}

const system = { system: true };

/** What every row carries; the store stamps them and nobody else may write them. */
export const auditFields: readonly FieldDef[] = [
  makeField('Id', 'Record ID', 'Id', system),
  makeField('IsDeleted', 'Deleted', 'Checkbox', { ...system, defaultValue: false }),
  makeField('CreatedDate', 'Created Date', 'DateTime', system),
  makeLookup('CreatedById', 'Created By ID', ['User'], system),
  makeField('LastModifiedDate', 'Last Modified Date', 'DateTime', system),
  makeLookup('LastModifiedById', 'Last Modified By ID', ['User'], system),
  makeField('SystemModstamp', 'System Modstamp', 'DateTime', system),
];

/** The owner of a Case or a custom record: a user or a queue; the actor when not given. */
export const ownerField: FieldDef = makeLookup('OwnerId', 'Owner ID', ['User', 'Group']);

/** What an event carries besides its own fields; the event bus writes them. */
export const eventFields: readonly FieldDef[] = [
  makeField('ReplayId', 'Replay ID', 'Text', { ...system, length: 1000 }),
  makeField('EventUuid', 'Event UUID', 'Text', { ...system, length: 36 }),
  makeField('CreatedDate', 'Created Date', 'DateTime', system),
  makeLookup('CreatedById', 'Created By ID', ['User'], system),
];
