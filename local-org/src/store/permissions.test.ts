import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assignPermissions, hasCustomPermission, seedPermissionSets } from './permissions.ts';
import type { Assigned } from './permissions.ts';
import { openTestOrg, testMetadata } from './testOrg.ts';

// Object Reference, "PermissionSetAssignment" and "PermissionSetGroup".

const assigned = (permissionSets: string[], permissionSetGroups: string[] = []): Assigned => ({
  permissionSets,
  permissionSetGroups,
});

test('sets, groups and their members are rows; seeding again changes nothing', () => {
  const { store, actor } = openTestOrg();
  const before = store.select({ object: 'PermissionSet' });
  assert.deepEqual(
    new Set(before.map((row) => `${String(row['Type'])} ${String(row['Label'])}`)),
    new Set(['Group Staff', 'Regular Clerk']),
  );
  assert.equal(store.count({ object: 'PermissionSetGroupComponent' }), 1);
  seedPermissionSets(store, testMetadata, actor);
  assert.deepEqual(store.select({ object: 'PermissionSet' }), before);
});

test('what the metadata no longer has is gone, with its assignments', () => {
  const { store, actor } = openTestOrg();
  assignPermissions(store, actor.userId, assigned(['Clerk'], ['Staff']), actor);
  assert.equal(store.count({ object: 'PermissionSetAssignment' }), 2);
  const empty = { ...testMetadata, permissionSets: new Map(), permissionSetGroups: new Map() };
  seedPermissionSets(store, empty, actor);
  for (const object of ['PermissionSet', 'PermissionSetGroup', 'PermissionSetAssignment'])
    assert.equal(store.count({ object }), 0, object);
});

test('the assignment of a group names the group and the set that stands for it', () => {
  const { store, actor } = openTestOrg();
  assignPermissions(store, actor.userId, assigned([], ['Staff']), actor);
  const [row, ...more] = store.select({ object: 'PermissionSetAssignment' });
  assert.equal(more.length, 0);
  const set = store.read('PermissionSet', String(row?.['PermissionSetId']));
  assert.deepEqual(
    [set?.['Type'], set?.['PermissionSetGroupId']],
    ['Group', row?.['PermissionSetGroupId']],
  );
});

test('assigning again leaves what stays as it is and takes what is not named', () => {
  const { store, actor } = openTestOrg();
  const idsOf = () => store.select({ object: 'PermissionSetAssignment' }).map((row) => row['Id']);
  assignPermissions(store, actor.userId, assigned(['Clerk'], ['Staff']), actor);
  const [set] = idsOf();
  assignPermissions(store, actor.userId, assigned(['Clerk']), actor);
  assert.deepEqual(idsOf(), [set]);
  const may = () => hasCustomPermission(store, testMetadata, actor.userId, 'Approve');
  assert.equal(may(), true);
  assignPermissions(store, actor.userId, assigned([]), actor);
  assert.equal(may(), false);
  assert.throws(
    () => assignPermissions(store, actor.userId, assigned(['Nobody']), actor),
    /no permission set Nobody/,
  );
});
