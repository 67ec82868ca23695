import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidSource, Unsupported } from './schema.ts';
import { load, permissionSet, xmlOf } from './testSource.ts';

const permission = (inside = ''): Record<string, string> => ({
  'customPermissions/Approve.customPermission-meta.xml': xmlOf(
    'CustomPermission',
    `<label>Approve</label>${inside}`,
  ),
});
const set = (inside = '', name = 'Clerk'): Record<string, string> => ({
  [`permissionsets/${name}.permissionset-meta.xml`]: permissionSet(inside, name),
});
const group = (inside: string): Record<string, string> => ({
  'permissionsetgroups/Staff.permissionsetgroup-meta.xml': xmlOf(
    'PermissionSetGroup',
    `<label>Staff</label>${inside}`,
  ),
});
const gives = (enabled: boolean): string =>
  `<customPermissions><enabled>${enabled}</enabled><name>Approve</name></customPermissions>`;

test('a permission set gives the custom permissions that it enables', () => {
  const { permissionSets, customPermissions } = load({
    ...permission('<description>x</description><isLicensed>false</isLicensed>'),
    ...set(gives(true)),
    ...set(gives(false), 'Guest'),
  });
  assert.deepEqual([...(customPermissions?.keys() ?? [])], ['Approve']);
  assert.deepEqual([...(permissionSets.get('Clerk')?.customPermissions ?? [])], ['Approve']);
  assert.deepEqual([...(permissionSets.get('Guest')?.customPermissions ?? [])], []);
});

test('a custom permission that is not in the org, or needs more than a set, is refused', () => {
  assert.throws(() => load(set(gives(true))), InvalidSource);
  assert.throws(() => load(permission('<isLicensed>true</isLicensed>')), Unsupported);
  assert.throws(
    () =>
      load(
        permission(
          '<requiredPermission><customPermission>A</customPermission></requiredPermission>',
        ),
      ),
    Unsupported,
  );
});

test('a permission set group names sets of the org', () => {
  const inside =
    '<description>d</description><status>Updated</status><permissionSets>Clerk</permissionSets><permissionSets>Guest</permissionSets>';
  const { permissionSetGroups } = load({ ...set(), ...set('', 'Guest'), ...group(inside) });
  assert.deepEqual(permissionSetGroups?.get('Staff'), {
    name: 'Staff',
    label: 'Staff',
    description: 'd',
    permissionSets: ['Clerk', 'Guest'],
  });
});

test('muting, activation and unknown or repeated sets of a group are refused', () => {
  const clerk = '<permissionSets>Clerk</permissionSets>';
  const refused = (inside: string, type: typeof InvalidSource | typeof Unsupported): void =>
    assert.throws(() => load({ ...set(), ...group(inside) }), type);
  refused('<mutingPermissionSets>Mute</mutingPermissionSets>', Unsupported);
  refused(`${clerk}<hasActivationRequired>true</hasActivationRequired>`, Unsupported);
  refused('<permissionSets>Nobody</permissionSets>', InvalidSource);
  refused(clerk + clerk, InvalidSource);
});
