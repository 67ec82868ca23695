import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { openTestOrg, testMetadata } from '../store/testOrg.ts';
import { SetupError, applySetup } from './setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-org-setup-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'cert.pem'),
  '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
);
writeFileSync(
  join(folder, 'key.pem'),
  '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n',
);

function fileOf(content: unknown): string {
  const file = join(folder, 'setup.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const users = [
  { username: 'Admin@example.test', profile: 'System Administrator' },
  { username: 'bridge@example.test', profile: 'Minimum Access', permissionSets: ['Clerk'] },
];

test('users, their rights and the clients come from the file; applying it again changes nothing', () => {
  const { store, actor } = openTestOrg();
  const file = fileOf({
    users,
    clients: [{ clientId: 'c', certificateFile: 'cert.pem', users: ['ADMIN@example.test'] }],
  });
  const first = applySetup(file, store, testMetadata, actor);
  const again = applySetup(file, store, testMetadata, actor);
  assert.deepEqual([...again.grants.keys()], [...first.grants.keys()]);
  assert.equal(store.count({ object: 'User' }), 3, 'two, and the platform’s own');
  const [adminId, bridgeId] = [...first.grants.keys()];
  assert.equal(first.grants.get(adminId ?? '')?.isAdministrator, true);
  assert.deepEqual(
    first.grants.get(bridgeId ?? '')?.permissionSets.map((set) => set.name),
    ['Clerk'],
  );
  assert.deepEqual([...(first.clients.get('c')?.users ?? [])], [['admin@example.test', adminId]]);
});

test('a user whose profile changes stays the same user', () => {
  const { store, actor } = openTestOrg();
  applySetup(fileOf({ users }), store, testMetadata, actor);
  const changed = users.map((user) => ({ ...user, profile: 'Standard User' }));
  const { grants } = applySetup(fileOf({ users: changed }), store, testMetadata, actor);
  assert.ok([...grants.values()].every((one) => !one.isAdministrator));
  assert.equal(store.count({ object: 'User' }), 3);
});

test('a file that cannot be used says what is wrong', () => {
  const { store, actor } = openTestOrg();
  const client = { clientId: 'c', certificateFile: 'cert.pem', users: [] };
  for (const [content, problem] of [
    ['{', /setup\.json: this is not JSON/],
    [{}, /users/],
    [{ users, extra: 1 }, /extra/],
    [{ users: [{ username: 'no address', profile: 'x' }] }, /users\.0\.username/],
    [
      { users: [{ ...users[1], permissionSets: ['Nope'] }] },
      /no permission set Nope; the metadata has Clerk/,
    ],
    [
      { users, clients: [{ ...client, certificateFile: 'missing.pem' }] },
      /missing\.pem: there is no such file/,
    ],
    [{ users, clients: [{ ...client, certificateFile: 'key.pem' }] }, /not a certificate/],
    [
      { users, clients: [{ ...client, users: ['x@example.test'] }] },
      /x@example\.test is not one of the users/,
    ],
  ] as const) {
    assert.throws(
      () => applySetup(fileOf(content), store, testMetadata, actor),
      (error) => error instanceof SetupError && problem.test(error.message),
      String(problem),
    );
  }
});

test('a file that is not there, or is a folder, is named with its option', () => {
  const { store, actor } = openTestOrg();
  for (const [path, message] of [
    [join(folder, 'nowhere.json'), /^--setup .*nowhere\.json: there is no such file$/],
    [folder, /^--setup .*: cannot be read \(EISDIR/],
  ] as const) {
    assert.throws(() => applySetup(path, store, testMetadata, actor), { message });
  }
});

test('sharing sets the defaults of standard objects that have owners, and of no others', () => {
  const { store, actor } = openTestOrg();
  const shared = fileOf({ users, sharing: { Asset: 'Private', Account: 'Read' } });
  const { sharing } = applySetup(shared, store, testMetadata, actor);
  assert.deepEqual(Object.fromEntries(sharing), { Asset: 'Private', Account: 'Read' });
  assert.equal(applySetup(fileOf({ users }), store, testMetadata, actor).sharing.size, 0);
  for (const [given, problem] of [
    [{ Thing__c: 'Private' }, /sharing: Unrecognized key: "Thing__c"/],
    [{ Asset: 'ControlledByParent' }, /sharing\.Asset: .*"Private"\|"Read"\|"ReadWrite"/],
  ] as const) {
    assert.throws(
      () => applySetup(fileOf({ users, sharing: given }), store, testMetadata, actor),
      (error) => error instanceof SetupError && problem.test(error.message),
      String(problem),
    );
  }
});

test('a group of the file gives its permission sets, and SOQL finds who has it', () => {
  const { store, actor } = openTestOrg();
  const file = (groups: readonly string[]): string =>
    fileOf({
      users: [
        { username: 'g@example.test', profile: 'Standard User', permissionSetGroups: groups },
      ],
    });
  const { grants } = applySetup(file(['Staff']), store, testMetadata, actor);
  const [grant] = [...grants.values()];
  assert.deepEqual(
    grant?.permissionSets.map(({ name }) => name),
    ['Clerk'],
  );
  const where = {
    kind: 'compare',
    field: 'PermissionSetGroup.DeveloperName',
    op: '=',
    value: 'Staff',
  } as const;
  const assigned = store.select({ object: 'PermissionSetAssignment', where });
  assert.deepEqual(
    assigned.map((row) => row['AssigneeId']),
    [...grants.keys()],
  );
  applySetup(fileOf({ users: [] }), store, testMetadata, actor);
  assert.equal(store.count({ object: 'PermissionSetAssignment' }), 0);
  assert.throws(
    () => applySetup(file(['Nobody']), store, testMetadata, actor),
    /no permission set group Nobody; the metadata has Staff/,
  );
});

test('a user of the file is a member of the queues it names, and of no others', () => {
  const { store, actor } = openTestOrg();
  const file = (queues: readonly string[]): string =>
    fileOf({ users: [{ username: 'q@example.test', profile: 'Standard User', queues }] });
  const { grants } = applySetup(file(['Triage']), store, testMetadata, actor);
  const [row, ...more] = store.select({ object: 'GroupMember' });
  assert.deepEqual([row?.['UserOrGroupId'], more.length], [[...grants.keys()][0], 0]);
  assert.equal(store.read('Group', String(row?.['GroupId']))?.['DeveloperName'], 'Triage');
  applySetup(file([]), store, testMetadata, actor);
  assert.equal(store.count({ object: 'GroupMember' }), 0);
  assert.throws(
    () => applySetup(file(['Nobody']), store, testMetadata, actor),
    /no queue Nobody; the metadata has Triage/,
  );
});

test('an org is a sandbox where the file says so, and no longer when it does not', () => {
  const { store, actor } = openTestOrg();
  const isSandbox = () => store.select({ object: 'Organization' }).map((row) => row['IsSandbox']);
  applySetup(fileOf({ users, sandbox: true }), store, testMetadata, actor);
  const before = isSandbox();
  applySetup(fileOf({ users }), store, testMetadata, actor);
  assert.deepEqual([before, isSandbox()], [[true], [false]]);
});
