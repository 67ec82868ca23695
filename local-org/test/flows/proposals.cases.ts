import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { OrgMetadata } from '../../src/metadata/schema.ts';
import type { FieldValue, RecordData } from '../../src/store/records.ts';
import { makePackageOrg, metadata } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

/* The numbers a proposal may change: the field of the policy, what it says, and what is suggested. */
const NUMBERS: Readonly<Record<string, readonly [field: string, now: number, then: number]>> = {
  Limit: ['Limit__c', 7.1, 7.25],
  'Clear Limit': ['Clear_Limit__c', 4.5, 4],
  'Escalate Limit': ['Escalate_Limit__c', 11, 12],
  Margin: ['Margin__c', 0.15, 0.2],
  Factor: ['Factor__c', 2, 1.5],
  'Learn Readings': ['Learn_Readings__c', 300, 500],
  Repeats: ['Repeats__c', 8, 9],
  'Silent After': ['Silent_After_Seconds__c', 60, 120],
  'Open After': ['Open_After_Seconds__c', 2, 0],
  'Clear After': ['Clear_After_Seconds__c', 3, 5],
  'Act At Confidence': ['Act_At_Confidence__c', 0.8, 0.9],
  'Review At Confidence': ['Review_At_Confidence__c', 0.5, 0.4],
};
const POLICY: RecordData = {
  Detector__c: 'threshold',
  Direction__c: 'above',
  Signal_Type__c: 'fault.vibration-high',
  Severity__c: 'High',
  Escalate_Severity__c: 'Critical',
  ...Object.fromEntries(Object.values(NUMBERS).map(([field, now]) => [field, now])),
};

/* Whoever holds a permission set with the permission, by whatever name the package has it. */
const deciding = [...metadata.permissionSets.values()]
  .filter(({ customPermissions }) => customPermissions?.has('Signal_Decide_Proposals') === true)
  .map(({ name }) => name)
  .slice(0, 1);
const decider = (org: PackageOrg): string => org.userId({ permissionSets: deciding });

/* An org whose policy has every number, at version 2. */
async function makeOrg(assume: readonly string[] = []): Promise<PackageOrg> {
  const org = await makePackageOrg(assume);
  await org.update('Signal_Policy__c', org.ids.policy, POLICY);
  return org;
}
const propose = (org: PackageOrg, Field__c: string, value: number, more: RecordData = {}): string =>
  org.insert('Signal_Proposal__c', {
    Policy__c: org.ids.policy,
    Field__c,
    Proposed_Value__c: value,
    ...more,
  });
const policyOf = (org: PackageOrg): RecordData => org.only('Signal_Policy__c');
const decide = (org: PackageOrg, id: string, Status__c: FieldValue, as: string): Promise<void> =>
  org.update('Signal_Proposal__c', id, { Status__c }, as);
const untouched = (org: PackageOrg): void => {
  const { Status__c, Decided_By__c, Decided_At__c } = org.only('Signal_Proposal__c');
  assert.deepEqual([Status__c, Decided_By__c, Decided_At__c], ['Proposed', null, null]);
  assert.equal(policyOf(org)['Version__c'], 2);
};

test('the package has a permission set for who decides on proposals', () => {
  assert.equal(deciding.length, 1);
});

test('every number a proposal may name is one of the tried', () => {
  const field = metadata.objects.get('Signal_Proposal__c')?.fields.get('Field__c');
  assert.deepEqual(
    field?.picklist?.values.map(({ name }) => name).toSorted(),
    Object.keys(NUMBERS).toSorted(),
  );
});

for (const [name, [field, now, then]] of Object.entries(NUMBERS)) {
  test(`a proposal for ${name} is filled in, and once approved changes that number of the policy and no other`, async () => {
    const org = await makeOrg();
    const before = policyOf(org);
    const id = propose(org, name, then);
    const made = org.only('Signal_Proposal__c');
    assert.deepEqual([made['Current_Value__c'], made['Policy_Version__c']], [now, 2]);
    const by = decider(org);
    await decide(org, id, 'Approved', by);
    const decided = org.only('Signal_Proposal__c');
    assert.deepEqual([decided['Status__c'], decided['Decided_By__c']], ['Approved', by]);
    assert.equal(decided['Decided_At__c'], '2026-11-23T06:00:00.000Z');
    const after = policyOf(org);
    assert.equal(after[field], then);
    assert.equal(after['Version__c'], 3);
    const others = Object.values(NUMBERS).filter(([other]) => other !== field);
    for (const [other] of others) assert.equal(after[other], before[other], other);
  });
}

test('an approval reaches the bridge as a notice about the policy, a rejection does not', async () => {
  const org = await makeOrg();
  const [one, two] = [propose(org, 'Limit', 8), propose(org, 'Limit', 9)];
  const notices = (): number => org.published('Signal_Notice__e').length;
  const before = notices();
  await decide(org, one, 'Rejected', decider(org));
  assert.equal(notices(), before);
  assert.equal(policyOf(org)['Limit__c'], 7.1);
  await decide(org, two, 'Approved', decider(org));
  assert.equal(notices(), before + 1);
  assert.equal(org.published('Signal_Notice__e').at(-1)?.['Record_Id__c'], org.ids.policy);
});

test('nobody decides without the permission', async () => {
  const org = await makeOrg();
  const id = propose(org, 'Limit', 8);
  for (const status of ['Approved', 'Rejected']) {
    await assert.rejects(
      decide(org, id, status, 'bridge'),
      /Only somebody with the permission Decide Proposals/,
    );
  }
  untouched(org);
});

test('nobody decides on a proposal of their own', async () => {
  const org = await makeOrg();
  const by = decider(org);
  const proposal = { Policy__c: org.ids.policy, Field__c: 'Limit', Proposed_Value__c: 8 };
  const [made] = await org.saveAll('insert', 'Signal_Proposal__c', [proposal], by);
  for (const status of ['Approved', 'Rejected']) {
    await assert.rejects(
      decide(org, made?.ok === true ? made.id : '', status, by),
      /somebody else .* has to approve or reject it/,
    );
  }
  untouched(org);
});

test('of several reasons against a decision the missing permission comes first, then the own proposal', async () => {
  const org = await makeOrg();
  const proposal = { Policy__c: org.ids.policy, Field__c: 'Limit', Proposed_Value__c: 8 };
  const by = decider(org);
  for (const [author, reason] of [
    ['bridge', /Only somebody with the permission/],
    [by, /somebody else .* has to approve/],
  ] as const) {
    const [made] = await org.saveAll('insert', 'Signal_Proposal__c', [proposal], author);
    await org.update('Signal_Policy__c', org.ids.policy, {
      Retention_Days__c: 30 + org.steps.length,
    });
    await assert.rejects(decide(org, made?.ok === true ? made.id : '', 'Approved', author), reason);
  }
});

test('what a changed policy has outrun can be rejected but not approved', async () => {
  const org = await makeOrg();
  const id = propose(org, 'Limit', 8);
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Other' });
  await assert.rejects(
    decide(org, id, 'Approved', decider(org)),
    /made for version 2, the policy is at version 3/,
  );
  assert.equal(policyOf(org)['Limit__c'], 7.1);
  await decide(org, id, 'Rejected', decider(org));
  assert.equal(org.only('Signal_Proposal__c')['Status__c'], 'Rejected');
});

test('an author may name the version they tried, and nothing of the decision', async () => {
  const org = await makeOrg();
  const id = propose(org, 'Limit', 8, {
    Policy_Version__c: 1,
    Current_Value__c: 99,
    Decided_By__c: org.ids.person,
    Decided_At__c: '2026-11-23T05:00:00.000Z',
  });
  const made = org.only('Signal_Proposal__c');
  assert.deepEqual([made['Policy_Version__c'], made['Current_Value__c']], [1, 7.1]);
  assert.deepEqual([made['Decided_By__c'], made['Decided_At__c']], [null, null]);
  await assert.rejects(decide(org, id, 'Approved', decider(org)), /made for version 1/);
});

test('a value that the policy does not take leaves proposal and policy as they were, and says why', async () => {
  const org = await makeOrg();
  const id = propose(org, 'Limit', 20);
  await assert.rejects(
    decide(org, id, 'Approved', decider(org)),
    /The policy does not take this value: .*the escalate limit lies beyond the limit/,
  );
  untouched(org);
  assert.equal(policyOf(org)['Limit__c'], 7.1);
});

/* The object after an administrator has added a choice to the field Field. */
const withChoice = (name: string) => (of: OrgMetadata) => {
  const object = of.objects.get('Signal_Proposal__c');
  const field = object?.fields.get('Field__c');
  assert.ok(object && field?.picklist);
  const values = [...field.picklist.values, { name, label: name, isDefault: false }];
  const added = { ...field, picklist: { ...field.picklist, values } };
  const fields = new Map(object.fields).set('Field__c', added);
  return { ...of, objects: new Map(of.objects).set(object.name, { ...object, fields }) };
};

test('a number that an administrator added cannot be approved, and changes nothing', async () => {
  const org = await makePackageOrg([], undefined, withChoice('Retention'));
  await org.update('Signal_Policy__c', org.ids.policy, POLICY);
  const before = policyOf(org);
  const id = propose(org, 'Retention', 0.9);
  await assert.rejects(
    decide(org, id, 'Approved', decider(org)),
    /The number Retention cannot be written into a policy by a proposal/,
  );
  untouched(org);
  assert.deepEqual(policyOf(org), before);
});

test('a proposal is not changed, but its reason and back-test may still be added', async () => {
  const org = await makeOrg();
  const other = org.insert('Signal_Policy__c', { Name: 'Other', Policy_Key__c: 'other' });
  const id = propose(org, 'Limit', 8);
  const changes: readonly RecordData[] = [
    { Policy__c: other },
    { Policy_Version__c: 1 },
    { Field__c: 'Factor' },
    { Current_Value__c: 1 },
    { Proposed_Value__c: 9 },
  ];
  for (const change of changes) {
    await assert.rejects(org.update('Signal_Proposal__c', id, change), /Make a new proposal/);
  }
  for (const change of [
    { Decided_By__c: org.ids.person },
    { Decided_At__c: '2026-11-23T06:00:00.000Z' },
  ]) {
    await assert.rejects(org.update('Signal_Proposal__c', id, change), /nobody types them/);
  }
  await org.update('Signal_Proposal__c', id, { Reason__c: 'Why', Back_Test__c: '{}' });
  assert.equal(org.only('Signal_Proposal__c')['Back_Test__c'], '{}');
});

test('a decision is final', async () => {
  for (const [first, second] of [
    ['Approved', 'Rejected'],
    ['Rejected', 'Approved'],
    ['Rejected', 'Proposed'],
  ] as const) {
    const org = await makeOrg();
    const id = propose(org, 'Limit', 8);
    await decide(org, id, first, decider(org));
    // Even where the policy is as it was when it was tried.
    await org.update('Signal_Policy__c', org.ids.policy, { Limit__c: 7 });
    org.plant('Signal_Policy__c', org.ids.policy, { Version__c: 2 });
    await assert.rejects(decide(org, id, second, decider(org)), /a decision is final/);
    await assert.rejects(
      org.update('Signal_Proposal__c', id, { Reason__c: 'after all' }),
      /a decision is final/,
    );
    assert.equal(org.only('Signal_Proposal__c')['Status__c'], first);
    assert.equal(policyOf(org)['Limit__c'], 7);
  }
});

test('nothing is approved in the moment it is suggested', async () => {
  const org = await makeOrg();
  for (const Status__c of ['Approved', 'Rejected']) {
    assert.throws(() => propose(org, 'Limit', 8, { Status__c }), /A new proposal has the status/);
  }
});

test('counts are proposed in whole numbers, measures in any', async () => {
  const org = await makeOrg();
  const counts = ['Learn Readings', 'Repeats', 'Silent After', 'Open After', 'Clear After'];
  for (const name of Object.keys(NUMBERS)) {
    if (counts.includes(name)) {
      assert.throws(() => propose(org, name, 12.5), /are whole numbers/, name);
      propose(org, name, 12);
    } else propose(org, name, 12.5);
  }
  assert.equal(org.rows('Signal_Proposal__c').length, Object.keys(NUMBERS).length);
});

test('200 proposals decided in one save: each policy takes its own, and one refusal harms nobody', async () => {
  const org = await makeOrg();
  const rows = Array.from({ length: 200 }, (_none, index) => ({
    Name: `Policy ${index}`,
    Policy_Key__c: `p${index}`,
    Act_At_Confidence__c: 0.5,
  }));
  const policies = await org.saveAll('insert', 'Signal_Policy__c', rows);
  const proposals = await org.saveAll(
    'insert',
    'Signal_Proposal__c',
    policies.map((policy, index) => ({
      Policy__c: policy.ok ? policy.id : '',
      Field__c: 'Act At Confidence',
      Proposed_Value__c: index === 7 ? 1.5 : 0.75,
    })),
  );
  const approvals = proposals.map((one) => ({ Id: one.ok ? one.id : '', Status__c: 'Approved' }));
  const outcomes = await org.saveAll('update', 'Signal_Proposal__c', approvals, decider(org));
  assert.deepEqual(
    outcomes.flatMap(({ ok }, index) => (ok ? [] : [index])),
    [7],
  );
  const changed = org.rows('Signal_Policy__c').filter(({ Version__c }) => Version__c === 2);
  assert.equal(changed.filter((row) => row['Act_At_Confidence__c'] === 0.75).length, 199);
  assert.equal(org.rows('Signal_Policy_Version__c').length, 2 + 200 + 199);
  for (const { most } of org.transactions) {
    assert.ok(most.queries < 20 && most.dmlStatements < 30 && most.dmlRows < 3000);
  }
});
