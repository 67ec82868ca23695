import { makeFormulas } from '../flow/formulaFields.ts';
import { standardObjects } from '../metadata/standardObjects.ts';
import type { FieldDef, ObjectDef, OrgMetadata, PermissionSetDef } from '../metadata/schema.ts';
import { auditFields, eventFields, makeField, ownerField } from '../metadata/systemFields.ts';
import type { Actor, RecordData } from './records.ts';
import { seedOrg } from './seed.ts';
import { openStore } from './sqliteStore.ts';
import type { OpenStore } from './sqliteStore.ts';

/** For tests: 2026-11-23T06:00:00Z. */
export const TEST_TIME = Date.UTC(2026, 10, 23, 6);

const thingFields: readonly FieldDef[] = [
  ...auditFields,
  ownerField,
  makeField('Name', 'Thing Name', 'Text', { length: 80 }),
  makeField('Key__c', 'Key', 'Text', {
    length: 64,
    unique: true,
    caseSensitive: true,
    externalId: true,
  }),
  makeField('Code__c', 'Code', 'Text', { length: 10, unique: true }),
  makeField('Group_Key__c', 'Group Key', 'Text', { length: 20, externalId: true }),
  makeField('Needed__c', 'Needed', 'Text', { length: 20, required: true }),
  makeField('Level__c', 'Level', 'Picklist', {
    length: 255,
    picklist: {
      restricted: true,
      values: [
        { name: 'High', label: 'High', isDefault: false },
        { name: 'Low', label: 'Low', isDefault: true },
      ],
    },
  }),
  makeField('Amount__c', 'Amount', 'Number', { precision: 6, scale: 2 }),
  makeField('On__c', 'On', 'Checkbox', { defaultValue: true }),
  makeField('At__c', 'At', 'DateTime'),
  makeField('Day__c', 'Day', 'Date'),
  makeField('Notes__c', 'Notes', 'LongTextArea', { length: 1000 }),
  makeField('Asset__c', 'Asset', 'Lookup', {
    referenceTo: ['Asset'],
    relationshipName: 'Asset__r',
    childRelationshipName: 'Things__r',
    deleteConstraint: 'SetNull',
  }),
  makeField('Parent__c', 'Parent', 'Lookup', {
    referenceTo: ['Thing__c'],
    relationshipName: 'Parent__r',
    deleteConstraint: 'Restrict',
  }),
];

function objectOf(name: string, keyPrefix: string, fields: readonly FieldDef[]): ObjectDef {
  return {
    name,
    label: name.replace(/__.$/, ''),
    pluralLabel: `${name.replace(/__.$/, '')}s`,
    kind: name.endsWith('__e') ? 'event' : 'custom',
    keyPrefix,
    fields: new Map(fields.map((field) => [field.name, field])),
  };
}

const custom: readonly ObjectDef[] = [
  objectOf('Thing__c', 'a0T', thingFields),
  {
    ...objectOf('Secret__c', 'a0S', [
      ...auditFields,
      ownerField,
      makeField('Name', 'Name', 'Text', { length: 80 }),
    ]),
    sharing: 'Private',
  },
  objectOf('News__e', 'e00', [
    ...eventFields,
    makeField('Text__c', 'Text', 'Text', { length: 20 }),
  ]),
];

/** For tests: may read Things but not their notes, create them, and change their amount. */
const clerk: PermissionSetDef = {
  name: 'Clerk',
  label: 'Clerk',
  objects: new Map([
    ['Thing__c', rights({ create: true, read: true, edit: true })],
    ['Secret__c', rights({ create: true, read: true, edit: true })],
    ['Account', rights({ read: true })],
  ]),
  fields: new Map([
    ['Thing__c.Amount__c', { read: true, edit: true }],
    ['Thing__c.Key__c', { read: true, edit: true }],
    ['Thing__c.Level__c', { read: true, edit: false }],
  ]),
  userPermissions: new Set(),
  customPermissions: new Set(['Approve']),
};

function rights(given: Partial<Record<'create' | 'read' | 'edit' | 'delete', boolean>>) {
  const none = { create: false, read: false, edit: false, delete: false };
  return { ...none, ...given, viewAll: false, modifyAll: false, viewAllFields: false };
}

/** For tests: the standard objects, `Thing__c` with a field of each kind, a private object and an event. */
export const testMetadata: OrgMetadata = {
  objects: new Map([...standardObjects, ...custom].map((object) => [object.name, object])),
  permissionSets: new Map([['Clerk', clerk]]),
  permissionSetGroups: new Map([
    ['Staff', { name: 'Staff', label: 'Staff', description: undefined, permissionSets: ['Clerk'] }],
  ]),
  customPermissions: new Map([
    ['Approve', { label: 'Approve' }],
    ['Reject', { label: 'Reject' }],
  ]),
  labels: new Map([['Greeting', 'Good day']]),
  queues: new Map([['Triage', { label: 'Triage', objects: ['Case'] }]]),
  validationRules: [],
  notificationTypes: new Map([
    [
      'Notice',
      { name: 'Notice', label: 'Notice', description: undefined, desktop: true, mobile: true },
    ],
  ]),
  flows: [],
};

export interface TestOrg {
  readonly store: OpenStore;
  readonly organizationId: string;
  readonly actor: Actor;
  /** Milliseconds since the epoch; tests move it. */
  readonly clock: { time: number; now(): number };
  /** Inserts and gives the id; throws when refused. */
  readonly insert: (object: string, values: RecordData) => string;
}

/** For tests: an org of `testMetadata`, in memory unless a path is given. */
export function openTestOrg(path = ':memory:', metadata = testMetadata): TestOrg {
  const clock = {
    time: TEST_TIME,
    now(): number {
      return this.time;
    },
  };
  const store = openStore(path, metadata, clock, makeFormulas(metadata, clock));
  const { organizationId, automatedProcess } = seedOrg(store, metadata);
  return {
    store,
    organizationId,
    actor: automatedProcess,
    clock,
    insert(object, values) {
      const outcome = store.writeInsert(object, values, automatedProcess);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
      return outcome.id;
    },
  };
}
