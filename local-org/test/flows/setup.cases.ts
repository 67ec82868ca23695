import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { OrgMetadata } from '../../src/metadata/schema.ts';
import { openFlow } from './openFlow.ts';
import type { FlowUnderTest } from './openFlow.ts';
import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

const administrator = { permissionSets: ['Signal_Administrator'] };
const open = (org: PackageOrg): Promise<FlowUnderTest> =>
  openFlow(org, 'Setup_SCR_FirstSteps', {}, administrator);
const STEPS = ['Queue', 'Status', 'BridgeUser', 'Technician', 'Policy', 'Bridge'] as const;
/* What a step says, by its name. */
const step = (flow: FlowUnderTest, name: (typeof STEPS)[number]): string => {
  const field = flow.field(`${name}_Text`);
  assert.ok(field.kind === 'display' && field.visible);
  return field.text;
};
/* The steps that are done. */
const done = (flow: FlowUnderTest): string[] =>
  STEPS.filter((name) => {
    const text = step(flow, name);
    assert.match(text, /Done\. |To do\. /);
    return text.includes('Done. ');
  });
const staff = async (org: PackageOrg): Promise<void> => {
  const member = { GroupId: org.ids.triage, UserOrGroupId: org.ids.person };
  const [saved] = await org.saveAll('insert', 'GroupMember', [member]);
  assert.ok(saved?.ok, JSON.stringify(saved));
};
const startBridge = (org: PackageOrg, Status__c: string, Heartbeat_At__c: string): string =>
  org.insert('Signal_Bridge__c', {
    Name: `Plant ${Status__c}`,
    Bridge_Key__c: Status__c,
    Status__c,
    Heartbeat_At__c,
  });
const isAllDone = (flow: FlowUnderTest): boolean => flow.field('All_Done_Text').visible;

test('in a new org the first steps say what is to do, and where', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Active__c: false });
  const flow = await open(org);
  assert.equal(flow.screen.name, 'Show_Steps');
  assert.deepEqual(
    STEPS.map((name) => step(flow, name).split('\n')[1]),
    [
      'To do. The queue has no members, so nobody sees what goes there: Setup, Queues, Signal Triage, Edit, Queue Members.',
      'Done. Name it in the policies that close Cases by themselves.',
      'To do. Create a user with the licence Salesforce Integration for the bridge alone, and give it the permission set Signal Bridge: Setup, Permission Sets, Signal Bridge, Manage Assignments.',
      'To do. Give your technicians the permission set group Signal Field Technicians: Setup, Permission Set Groups, Manage Assignments.',
      'To do. Choose Load starter policies below, or tick Active on a policy of your own.',
      'To do. Start the bridge with the user of step 3; as soon as it reaches this org, it shows here.',
    ],
  );
  assert.equal(isAllDone(flow), false);
  await flow.next({ Next_Step: 'End' });
  assert.ok(flow.finished);
});

test('each step that is done shows at the next look, until all are', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  assert.deepEqual(done(flow), ['Status', 'Policy']);
  await staff(org);
  await flow.next();
  assert.deepEqual(done(flow), ['Queue', 'Status', 'Policy']);
  org.userId({ permissionSets: ['Signal_Bridge'] });
  await flow.next({ Next_Step: 'Check' });
  assert.deepEqual(done(flow), ['Queue', 'Status', 'BridgeUser', 'Policy']);
  assert.match(step(flow, 'BridgeUser'), /The bridge works as user\d+\./);
  org.userId({ permissionSetGroups: ['Signal_Field_Technicians'] });
  await flow.next();
  assert.deepEqual(done(flow), ['Queue', 'Status', 'BridgeUser', 'Technician', 'Policy']);
  assert.equal(isAllDone(flow), false);
  startBridge(org, 'Running', '2026-11-23T05:59:00.000Z');
  await flow.next();
  assert.deepEqual(done(flow), [...STEPS]);
  assert.deepEqual(
    STEPS.map((name) =>
      step(flow, name)
        .split('\n')[1]
        ?.replace(/user\d+/, 'somebody'),
    ),
    [
      'Done. Cases that no other queue wants, reviews and alerts go to its members.',
      'Done. Name it in the policies that close Cases by themselves.',
      'Done. The bridge works as somebody.',
      'Done. Somebody has the rights of a technician.',
      'Done. At least one policy is active.',
      'Done. Plant Running is running; it reported last at 2026-11-23 05:59:00Z (UTC).',
    ],
  );
  assert.equal(isAllDone(flow), true);
  await flow.next({ Next_Step: 'End' });
  assert.ok(flow.finished);
});

test('a technician by the permission set itself counts as one by the group', async () => {
  const org = await makePackageOrg();
  org.userId({ permissionSets: ['Signal_Technician'] });
  assert.ok(done(await open(org)).includes('Technician'));
});

test('assignments of other sets count neither as technicians nor as the bridge', async () => {
  const org = await makePackageOrg();
  org.userId({ permissionSets: ['Signal_Service_Manager'] });
  org.userId({ permissionSetGroups: ['Signal_Device_Stewardship'] });
  assert.deepEqual(done(await open(org)), ['Status', 'Policy']);
});

test('of several bridges the one that has reported last counts, and one that is quiet is to be looked after', async () => {
  const org = await makePackageOrg();
  org.insert('Signal_Bridge__c', { Name: 'Never', Bridge_Key__c: 'never', Status__c: 'Running' });
  startBridge(org, 'Silent', '2026-11-23T05:00:00.000Z');
  const flow = await open(org);
  assert.match(
    step(flow, 'Bridge'),
    /To do\. Start it again, or look why it is quiet\. Plant Silent is silent/,
  );
  startBridge(org, 'Running', '2026-11-23T05:30:00.000Z');
  await flow.next();
  assert.match(step(flow, 'Bridge'), /Done\. Plant Running is running/);
});

test('neither another queue nor a group of that name is the queue, nor are members of another its own', async () => {
  const org = await makePackageOrg([], undefined, (of) => ({
    ...of,
    queues: new Map(of.queues).set('A_Team', { label: 'A Team', objects: ['Case'] }),
  }));
  const team = org.rows('Group').find(({ DeveloperName }) => DeveloperName === 'A_Team');
  const member = { GroupId: team?.['Id'] ?? null, UserOrGroupId: org.ids.person };
  const [saved] = await org.saveAll('insert', 'GroupMember', [member]);
  assert.ok(saved?.ok);
  const flow = await open(org);
  assert.match(step(flow, 'Queue'), /To do\. The queue has no members/);
  org.plant('Group', org.ids.triage, { Type: 'Regular' });
  await flow.next();
  assert.match(step(flow, 'Queue'), /To do\. The queue is missing/);
});

test('a bridge that was never heard of is none', async () => {
  const org = await makePackageOrg();
  org.insert('Signal_Bridge__c', { Name: 'Never', Bridge_Key__c: 'never', Status__c: 'Running' });
  assert.match(step(await open(org), 'Bridge'), /To do\. Start the bridge with the user of step 3/);
});

test('the starter policies are offered and made on the way, and the steps show again', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Active__c: false });
  const flow = await open(org);
  assert.ok(!done(flow).includes('Policy'));
  await flow.next({ Next_Step: 'Starters' });
  assert.equal(flow.screen.name, 'Choose_Starters');
  await flow.next({ Starters: ['silent'] });
  await flow.next();
  assert.equal(flow.screen.name, 'Show_Result');
  await flow.next();
  assert.equal(flow.screen.name, 'Show_Steps');
  assert.ok(done(flow).includes('Policy'));
  assert.equal(org.rows('Signal_Policy__c').length, 2);
});

test('an org without the queue, a closed status or the group is told what to do about each', async () => {
  const without = (metadata: OrgMetadata): OrgMetadata => {
    const groups = new Map(metadata.permissionSetGroups);
    groups.delete('Signal_Field_Technicians');
    const queues = new Map(metadata.queues);
    queues.delete('Signal_Triage');
    queues.set('A_Team', { label: 'A Team', objects: ['Case'] });
    return { ...metadata, queues, permissionSetGroups: groups };
  };
  const org = await makePackageOrg([], undefined, without);
  for (const row of org.rows('CaseStatus').filter(({ IsClosed }) => IsClosed === true))
    org.plant('CaseStatus', String(row['Id']), { IsClosed: false });
  const flow = await open(org);
  assert.deepEqual(done(flow), ['Policy']);
  assert.equal(
    step(flow, 'Queue').split('\n')[1],
    'To do. The queue is missing: Setup, Queues, New, with the name Signal_Triage, for Cases and Tasks.',
  );
  assert.equal(
    step(flow, 'Status').split('\n')[1],
    'To do. Object Manager, Case, Fields, Status: tick Closed for one of the values.',
  );
});

/* What is looked up, with the look-ups of the same object one after another. */
for (const [object, count] of [
  ['Group', 1],
  ['GroupMember', 1],
  ['CaseStatus', 1],
  ['PermissionSet', 2],
  ['PermissionSetAssignment', 3],
  ['User', 1],
  ['PermissionSetGroup', 1],
  ['Signal_Policy__c', 1],
  ['Signal_Bridge__c', 1],
] as const) {
  for (let from = 1; from <= count; from += 1) {
    test(`${object} that cannot be read (look-up ${from}) is told, and looked up again when asked to`, async () => {
      const org = await makePackageOrg();
      org.userId(administrator);
      org.break({ get: [object], getFrom: from });
      const flow = await open(org);
      assert.equal(flow.screen.name, 'Show_Fault');
      assert.match(flow.text, /broken by a test/);
      org.break({});
      await flow.next();
      assert.equal(flow.screen.name, 'Show_Steps');
      assert.deepEqual(done(flow), ['Status', 'Policy']);
    });
  }
}

test('nothing is written by looking', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  const before = org.transactions.length;
  await flow.next();
  await flow.next({ Next_Step: 'End' });
  for (const { most } of org.transactions.slice(before)) assert.equal(most.dmlStatements, 0);
});

test('who does not administer the package does not see its setup', async () => {
  const org = await makePackageOrg();
  const manager = { permissionSets: ['Signal_Service_Manager'] };
  await assert.rejects(openFlow(org, 'Setup_SCR_FirstSteps', {}, manager), /may not run it/);
});
