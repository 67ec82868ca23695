import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openFlowTestOrg } from '../automation/flowTestOrg.ts';
import type { FlowTestOrg } from '../automation/flowTestOrg.ts';
import {
  condition,
  create,
  decide,
  flowXml,
  formula,
  onEvent,
  onSave,
} from '../automation/flowTestXml.ts';
import { assignPermissions } from '../store/permissions.ts';
import { insertRow } from '../store/seed.ts';

function userOf(org: FlowTestOrg, name: string): string {
  const profile = insertRow(org.store, 'Profile', { Name: `${name} Profile` }, org.actor);
  const values = {
    Username: `${name}@example.test`,
    Email: `${name}@example.test`,
    FirstName: 'Ada',
  };
  return insertRow(org.store, 'User', { ...values, LastName: name, ProfileId: profile }, org.actor);
}

const told = create('Told', 'Log__c', { Text__c: '!text' });
const tells = (expression: string): string =>
  flowXml(onSave('RecordAfterSave', 'Told'), told + formula('text', 'String', expression));

function saveAs(org: FlowTestOrg, userId: string): void {
  const [outcome] = org.automation.dml.insert(
    'Job__c',
    [{ Key__c: userId }],
    { userId },
    { allOrNone: false },
  );
  assert.equal(outcome?.ok, true, JSON.stringify(outcome));
}

test('a flow knows its running user, the profile, the org and labels', () => {
  const org = openFlowTestOrg({
    Tell: tells(
      '{!$User.FirstName} & " " & {!$User.LastName} & " " & {!$User.Email} & " " & {!$Profile.Name} & " " & {!$Organization.Name} & " " & {!$Label.Greeting}',
    ),
  });
  saveAs(org, userOf(org, 'lovelace'));
  assert.deepEqual(org.values('Log__c', 'Text__c'), [
    'Ada lovelace lovelace@example.test lovelace Profile Local Org Good day',
  ]);
});

test('a permission is the running user’s, given by a set or by a group of sets', () => {
  const org = openFlowTestOrg({
    Tell: tells(
      'IF({!$Permission.Approve}, "may", "may not") & IF({!$Permission.Reject}, "!", "")',
    ),
  });
  const [none, bySet, byGroup] = ['none', 'set', 'group'].map((name) => userOf(org, name));
  const assign = (
    id: string | undefined,
    permissionSets: string[],
    permissionSetGroups: string[],
  ) => assignPermissions(org.store, id ?? '', { permissionSets, permissionSetGroups }, org.actor);
  assign(bySet, ['Clerk'], []);
  assign(byGroup, [], ['Staff']);
  for (const id of [none, bySet, byGroup]) saveAs(org, id ?? '');
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['may not', 'may', 'may']);
  assign(bySet, [], []);
  org.automation.dml.insert(
    'Job__c',
    [{ Key__c: 'x' }],
    { userId: bySet ?? '' },
    { allOrNone: true },
  );
  assert.equal(org.values('Log__c', 'Text__c').at(-1), 'may not');
});

test('in a flow that an event sets off the permissions are those of who published', async () => {
  const body =
    decide('May', condition('$Permission.Approve', 'EqualTo', true), 'Told', undefined) +
    create('Told', 'Log__c', { Text__c: '!$User.LastName' });
  const org = openFlowTestOrg({ Tell: flowXml(onEvent('May'), body) });
  org.publish('Job__e', { Key__c: 'a' });
  await org.automation.idle();
  assert.deepEqual(org.values('Log__c', 'Text__c'), []);
  const assigned = { permissionSets: ['Clerk'], permissionSetGroups: [] };
  assignPermissions(org.store, org.actor.userId, assigned, org.actor);
  org.publish('Job__e', { Key__c: 'b' });
  await org.automation.idle();
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['Automated Process']);
});

test('a validation rule lets those pass who have the permission', () => {
  const rule = {
    object: 'Job__c',
    name: 'Locked',
    file: 'Locked.validationRule-meta.xml',
    active: true,
    formula:
      'NOT($Permission.Approve) && $Profile.Name <> "boss Profile" && $Label.Greeting = "Good day"',
    message: 'no',
  };
  const org = openFlowTestOrg({}, { rules: [rule] });
  const clerk = userOf(org, 'clerk');
  assignPermissions(
    org.store,
    clerk,
    { permissionSets: ['Clerk'], permissionSetGroups: [] },
    org.actor,
  );
  const saved = ['clerk', 'boss', 'guest'].map((name) => {
    const userId = name === 'clerk' ? clerk : userOf(org, name);
    return org.automation.dml.insert(
      'Job__c',
      [{ Key__c: name }],
      { userId },
      { allOrNone: false },
    )[0]?.ok;
  });
  assert.deepEqual(saved, [true, true, false]);
});

test('a permission, label or field that is not there is refused at load, and so is $Setup', () => {
  const refused = (expression: string, message: RegExp): void =>
    assert.throws(
      () => openFlowTestOrg({ Tell: tells(expression) }),
      (error) => error instanceof Error && message.test(error.message),
      expression,
    );
  refused('IF({!$Permission.Fly}, "a", "b")', /no custom permission Fly in this org/);
  refused('{!$Label.Nothing}', /no label Nothing in this org/);
  refused('{!$User.Shoe__c}', /User has no field Shoe__c/);
  refused('{!$Setup.Limits__c.Most__c}', /the global value \$Setup\.Limits__c\.Most__c/);
  refused('{!$UserRole.Name}', /the global value \$UserRole\.Name/);
});
