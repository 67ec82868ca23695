import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PermissionSetDef } from '../metadata/schema.ts';
import { testMetadata } from '../store/testOrg.ts';
import { makeAccess } from './accessControl.ts';
import type { Access } from './access.ts';

type ObjectRights = PermissionSetDef['objects'] extends ReadonlyMap<string, infer R> ? R : never;

const nothing: ObjectRights = {
  create: false,
  read: false,
  edit: false,
  delete: false,
  viewAll: false,
  modifyAll: false,
  viewAllFields: false,
};

function setOf(
  objects: Readonly<Record<string, Partial<ObjectRights>>>,
  more: Partial<PermissionSetDef> = {},
): PermissionSetDef {
  const entries = Object.entries(objects).map(([name, rights]): [string, ObjectRights] => [
    name,
    { ...nothing, ...rights },
  ]);
  return {
    name: 'S',
    label: 'S',
    objects: new Map(entries),
    fields: new Map(),
    userPermissions: new Set(),
    ...more,
  };
}

function accessOf(...permissionSets: PermissionSetDef[]): Access {
  const grants = new Map([['u', { isAdministrator: false, permissionSets }]]);
  return makeAccess(testMetadata, grants, () => undefined);
}

const secret = testMetadata.objects.get('Secret__c');
assert.ok(secret !== undefined);

test('rights of several permission sets add up; a user without any has none', () => {
  const access = accessOf(
    setOf({ Thing__c: { read: true } }),
    setOf({ Thing__c: { create: true } }),
  );
  assert.ok(access.may('u', 'Thing__c', 'read') && access.may('u', 'thing__c', 'create'));
  assert.equal(access.may('u', 'Thing__c', 'edit'), false);
  assert.equal(access.may('stranger', 'Thing__c', 'read'), false);
  assert.equal(access.may('u', 'Nope__c', 'read'), false);
});

test('what the org keeps itself is read by all and written by nobody', () => {
  const access = accessOf(setOf({ User: { create: true, read: true, edit: true } }));
  assert.ok(access.may('stranger', 'User', 'read'));
  assert.equal(access.may('u', 'User', 'edit'), false);
});

test('comments follow their Case', () => {
  const reader = accessOf(setOf({ Case: { read: true } }));
  assert.deepEqual(
    (['read', 'create'] as const).map((right) => reader.may('u', 'CaseComment', right)),
    [true, false],
  );
  assert.ok(
    accessOf(setOf({ Case: { read: true, edit: true } })).may('u', 'CaseComment', 'create'),
  );
});

test('a field needs its own permission unless it has none; nobody edits system fields', () => {
  const fields = new Map([['Thing__c.Amount__c', { read: true, edit: false }]]);
  const access = accessOf(setOf({ Thing__c: { read: true, edit: true } }, { fields }));
  const may = (field: string, right: 'read' | 'edit'): boolean =>
    access.mayField('u', 'Thing__c', field, right);
  assert.deepEqual([may('Amount__c', 'read'), may('Amount__c', 'edit')], [true, false]);
  assert.equal(may('Notes__c', 'read'), false);
  assert.deepEqual(
    [may('Needed__c', 'read'), may('Needed__c', 'edit'), may('Name', 'edit')],
    [true, true, true],
  );
  assert.deepEqual([may('CreatedDate', 'read'), may('CreatedDate', 'edit')], [true, false]);
  const all = accessOf(setOf({ Thing__c: { read: true, viewAllFields: true } }));
  assert.equal(all.mayField('u', 'Thing__c', 'Notes__c', 'read'), true);
  assert.equal(all.mayField('u', 'Thing__c', 'Notes__c', 'edit'), false);
});

test('sharing: private rows belong to their owner, unless a right overrides it', () => {
  const rights = { read: true, edit: true, delete: true };
  const plain = accessOf(setOf({ Secret__c: rights }));
  const theirs = { OwnerId: 'other' };
  assert.equal(plain.mayRow('u', secret, theirs, 'read'), false);
  assert.equal(plain.mayRow('u', secret, { OwnerId: 'u' }, 'delete'), true);
  assert.deepEqual(plain.rowFilter('u', secret), {
    kind: 'in',
    field: 'OwnerId',
    values: ['u'],
    negated: false,
  });

  const viewer = accessOf(setOf({ Secret__c: { ...rights, viewAll: true } }));
  assert.equal(viewer.rowFilter('u', secret), undefined);
  assert.equal(viewer.mayRow('u', secret, theirs, 'edit'), false);
  const master = accessOf(setOf({ Secret__c: { ...rights, viewAll: true, modifyAll: true } }));
  assert.equal(master.mayRow('u', secret, theirs, 'delete'), true);

  const readOnly = { ...secret, sharing: 'Read' as const };
  assert.equal(plain.mayRow('u', readOnly, theirs, 'read'), true);
  assert.equal(plain.mayRow('u', readOnly, theirs, 'edit'), false);
  const open = { ...secret, sharing: 'ReadWrite' as const };
  assert.equal(plain.mayRow('u', open, theirs, 'edit'), true);
  assert.equal(
    plain.mayRow('u', open, theirs, 'delete'),
    false,
    'Public Read/Write does not include deleting',
  );
});

test('a user permission stands for all objects', () => {
  const viewer = accessOf(setOf({}, { userPermissions: new Set(['ViewAllData']) }));
  assert.deepEqual(
    [viewer.may('u', 'Case', 'read'), viewer.may('u', 'Case', 'edit')],
    [true, false],
  );
  assert.equal(viewer.rowFilter('u', secret), undefined);
});
