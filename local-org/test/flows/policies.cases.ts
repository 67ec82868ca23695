import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FieldValue, RecordData } from '../../src/store/records.ts';
import { makePackageOrg, metadata } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

/* A policy with every field filled, and for each field another value that the rules allow, too. */
const WHOLE: Readonly<Record<string, readonly [FieldValue, FieldValue]>> = {
  Policy_Key__c: ['whole "one" \\ two', 'other'],
  Active__c: [true, false],
  Route__c: ['Case', 'Review'],
  Queue__c: ['Signal_Triage', null],
  Case_Priority__c: ['High', 'Tief\\"st'],
  Closed_Status__c: ['Closed', 'Done "\\" gone'],
  Close_When_Cleared__c: [true, false],
  Device_Type__c: ['pump', null],
  Metric__c: ['vibration', 'flow'],
  Signal_Type__c: ['fault.vibration-high', 'anomaly.range'],
  Severity__c: ['High', 'Low'],
  Detector__c: ['stuck', 'threshold'],
  Direction__c: ['above', null],
  Limit__c: [7.1, 7.25],
  Clear_Limit__c: [-4.5, 0.000001],
  Escalate_Limit__c: [11, 1234567.5],
  Escalate_Severity__c: ['Critical', 'High'],
  Learn_Readings__c: [300, null],
  Margin__c: [0.15, 0.2],
  Factor__c: [2, 1.5],
  Silent_After_Seconds__c: [60, 61],
  Repeats__c: [8, 9],
  Open_After_Seconds__c: [0, 5],
  Clear_After_Seconds__c: [2, null],
  Update_Every_Seconds__c: [900, 901],
  Act_At_Confidence__c: [0.8, 1],
  Review_At_Confidence__c: [0.5, 0],
  Review_Within_Hours__c: [24, 25],
  Notify__c: ['Email', 'Nobody'],
  Tell_Customer__c: ['Task', 'No'],
  Repeat_Within_Days__c: [30, 31],
  Retention_Days__c: [365, 3650],
  Latency_Class__c: ['Immediate', null],
  Privacy_Purpose__c: ['Safety', null],
};
const LOOKUPS = { Device__c: 'device', Asset__c: 'asset', Account__c: 'account' } as const;
/* Fields that say nothing about how the policy behaves. */
const NO_BEHAVIOUR = ['Version__c', 'Bridge_Status__c', 'Bridge_Message__c'];

const insertWhole = (org: PackageOrg): string => {
  const values = Object.entries(WHOLE).map(([field, [value]]) => [field, value] as const);
  const lookups = Object.entries(LOOKUPS).map(([field, name]) => [field, org.ids[name]] as const);
  return org.insert('Signal_Policy__c', {
    Name: 'Everything "said"',
    ...Object.fromEntries([...values, ...lookups]),
  });
};
const read = (org: PackageOrg, id: string): RecordData => {
  const found = org.rows('Signal_Policy__c').find(({ Id }) => Id === id);
  assert.ok(found);
  return found;
};
const versionsOf = (org: PackageOrg, id: string): RecordData[] =>
  org
    .rows('Signal_Policy_Version__c')
    .filter(({ Policy__c }) => Policy__c === id)
    .toSorted((a, b) => Number(a['Version__c']) - Number(b['Version__c']));
const contentOf = (version: RecordData | undefined): unknown =>
  JSON.parse(String(version?.['Content__c']));
const notices = (org: PackageOrg): unknown[] =>
  org.published('Signal_Notice__e').map(({ Kind__c, Record_Id__c }) => [Kind__c, Record_Id__c]);

/* A JSON object by its fields. */
function fieldsOf(json: unknown): Readonly<Record<string, FieldValue>> {
  assert.ok(typeof json === 'object' && json !== null);
  return { ...json };
}

test('every field of a policy but its version and what the bridge wrote is known to say how it behaves', () => {
  const fields = metadata.objects.get('Signal_Policy__c')?.fields ?? new Map();
  const custom = [...fields.keys()].filter((name) => String(name).endsWith('__c'));
  assert.deepEqual(
    new Set(custom),
    new Set([...Object.keys(WHOLE), ...Object.keys(LOOKUPS), ...NO_BEHAVIOUR]),
  );
});

test('a new policy is version 1, waits for the bridge, and is told to it once', async () => {
  const org = await makePackageOrg();
  const id = org.insert('Signal_Policy__c', {
    Name: 'New',
    Policy_Key__c: 'new',
    Bridge_Status__c: 'In Force',
    Bridge_Message__c: 'copied along',
  });
  await org.run();
  const { Version__c, Bridge_Status__c, Bridge_Message__c } = read(org, id);
  assert.deepEqual([Version__c, Bridge_Status__c, Bridge_Message__c], [1, 'Waiting', null]);
  assert.deepEqual(notices(org), [['Policy', id]]);
  const [version] = versionsOf(org, id);
  assert.equal(version?.['Version_Key__c'], 'new#1');
  assert.equal(version['Policy_Key__c'], 'new');
  assert.equal(version['Version__c'], 1);
});

test('an import keeps the version it brings, and never begins below 1', async () => {
  const org = await makePackageOrg();
  const versions = [7, 0, -3].map((Version__c) =>
    org.insert('Signal_Policy__c', { Name: 'x', Policy_Key__c: `v${Version__c}`, Version__c }),
  );
  assert.deepEqual(
    versions.map((id) => read(org, id)['Version__c']),
    [7, 1, 1],
  );
});

for (const field of [...Object.keys(WHOLE), ...Object.keys(LOOKUPS)]) {
  test(`a change of ${field} raises the version by one, is kept and told`, async () => {
    const org = await makePackageOrg();
    const id = insertWhole(org);
    await org.update(
      'Signal_Policy__c',
      id,
      { Bridge_Status__c: 'In Force', Bridge_Message__c: 'fine' },
      'bridge',
    );
    assert.equal(notices(org).length, 1);
    const value = WHOLE[field]?.[1] ?? null;
    await org.update('Signal_Policy__c', id, { [field]: value });
    const policy = read(org, id);
    assert.equal(policy[field], value);
    assert.equal(policy['Version__c'], 2);
    assert.deepEqual([policy['Bridge_Status__c'], policy['Bridge_Message__c']], ['Waiting', null]);
    assert.equal(notices(org).length, 2);
    const [first, second, ...more] = versionsOf(org, id).map(contentOf);
    assert.equal(more.length, 0);
    assert.deepEqual(second, { ...fieldsOf(first), [field]: value });
    const before = WHOLE[field]?.[0] ?? fieldsOf(first)[field] ?? null;
    await org.update('Signal_Policy__c', id, { [field]: before });
    assert.equal(read(org, id)['Version__c'], 3);
    assert.deepEqual(contentOf(versionsOf(org, id)[2]), first);
  });
}

test('what a version keeps are the very values of the policy, as JSON', async () => {
  const org = await makePackageOrg();
  const id = insertWhole(org);
  const policy = read(org, id);
  const names = ['Name', ...Object.keys(WHOLE), ...Object.keys(LOOKUPS)];
  assert.deepEqual(
    contentOf(versionsOf(org, id)[0]),
    Object.fromEntries(names.map((name) => [name, policy[name] ?? null])),
  );
  const empty = org.insert('Signal_Policy__c', { Name: 'x', Policy_Key__c: 'x' });
  const defaults = read(org, empty);
  assert.deepEqual(
    contentOf(versionsOf(org, empty)[0]),
    Object.fromEntries(names.map((name) => [name, defaults[name] ?? null])),
  );
});

test('quotes and backslashes in any text are kept as they are, and choices that are emptied as null', async () => {
  const org = await makePackageOrg();
  const nasty = 'fault."\\x\\"';
  const texts = [
    'Name',
    'Policy_Key__c',
    'Queue__c',
    'Case_Priority__c',
    'Closed_Status__c',
    'Device_Type__c',
    'Metric__c',
    'Signal_Type__c',
  ];
  const values = {
    ...Object.fromEntries(texts.map((field) => [field, nasty])),
    Route__c: null,
    Notify__c: null,
    Tell_Customer__c: null,
    Latency_Class__c: null,
  };
  const id = org.insert('Signal_Policy__c', values);
  const kept = fieldsOf(contentOf(versionsOf(org, id)[0]));
  for (const [field, value] of Object.entries(values)) assert.equal(kept[field], value, field);
});

test('another name and the word of the bridge are no new version, and nobody is told', async () => {
  const org = await makePackageOrg();
  const { policy } = org.ids;
  await org.update('Signal_Policy__c', policy, { Name: 'Renamed' });
  await org.update(
    'Signal_Policy__c',
    policy,
    { Bridge_Status__c: 'Refused', Bridge_Message__c: 'no such metric' },
    'bridge',
  );
  const { Version__c, Bridge_Status__c, Bridge_Message__c } = read(org, policy);
  assert.deepEqual(
    [Version__c, Bridge_Status__c, Bridge_Message__c],
    [1, 'Refused', 'no such metric'],
  );
  assert.deepEqual(notices(org), []);
  assert.equal(versionsOf(org, policy).length, 1);
});

test('a version that somebody types is put back, alone and beside a change', async () => {
  const org = await makePackageOrg();
  const { policy } = org.ids;
  await org.update(
    'Signal_Policy__c',
    policy,
    { Bridge_Status__c: 'In Force', Bridge_Message__c: 'fine' },
    'bridge',
  );
  await org.update('Signal_Policy__c', policy, { Version__c: 9 });
  const { Version__c, Bridge_Status__c, Bridge_Message__c } = read(org, policy);
  assert.deepEqual([Version__c, Bridge_Status__c, Bridge_Message__c], [1, 'In Force', 'fine']);
  assert.deepEqual(notices(org), []);
  await org.update('Signal_Policy__c', policy, { Version__c: 9, Queue__c: 'Other' });
  assert.equal(read(org, policy)['Version__c'], 2);
});

test('a policy older than its versions begins at 1 with its next change', async () => {
  const org = await makePackageOrg();
  org.plant('Signal_Policy__c', org.ids.policy, { Version__c: null });
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Other' });
  assert.equal(read(org, org.ids.policy)['Version__c'], 1);
});

test('a version that is kept already is no failure, and the bridge is told', async () => {
  const org = await makePackageOrg();
  const { policy } = org.ids;
  const kept = { Policy_Key__c: 'vibration', Version__c: 2, Version_Key__c: 'vibration#2' };
  org.insert('Signal_Policy_Version__c', kept);
  await org.update('Signal_Policy__c', policy, { Queue__c: 'Other' });
  assert.equal(read(org, policy)['Version__c'], 2);
  assert.deepEqual(notices(org), [['Policy', policy]]);
  assert.deepEqual(org.rows('Signal_Failure__c'), []);
});

for (const [what, get] of [
  ['cannot be kept', []],
  ['can neither be kept nor looked up', ['Signal_Policy_Version__c']],
] as const) {
  test(`a version that ${what} is a failure with all it said; the change stands and is told`, async () => {
    const org = await makePackageOrg();
    const { policy } = org.ids;
    org.break({ write: ['insert Signal_Policy_Version__c'], get });
    await org.update('Signal_Policy__c', policy, { Queue__c: 'Other' });
    org.break({});
    assert.equal(read(org, policy)['Version__c'], 2);
    assert.deepEqual(notices(org), [['Policy', policy]]);
    const failure = org.only('Signal_Failure__c');
    assert.equal(failure['Stage__c'], 'Policy');
    assert.equal(failure['Record_Id__c'], policy);
    assert.match(String(failure['Reason__c']), /refused by a test/);
    const payload: unknown = JSON.parse(String(failure['Payload__c']));
    assert.equal(fieldsOf(payload)['Queue__c'], 'Other');
  });
}

test('where not even the failure can be kept, the change stands and is told', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['insert Signal_Policy_Version__c', 'insert Signal_Failure__c'] });
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Other' });
  assert.equal(read(org, org.ids.policy)['Version__c'], 2);
  assert.deepEqual(notices(org), [['Policy', org.ids.policy]]);
});

test('a bridge that cannot be told is a failure that names the policy and its version', async () => {
  const org = await makePackageOrg([], { hourlyPublished: 0, dailyDelivered: 0 });
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Other' });
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Stage__c'], 'Notice');
  assert.equal(failure['Payload__c'], `Signal Policy vibration (${org.ids.policy}), version 2`);
});

test('a deleted policy is told to the bridge, one whose delete is refused is not', async () => {
  const org = await makePackageOrg();
  const { policy } = org.ids;
  const proposal = org.insert('Signal_Proposal__c', {
    Policy__c: policy,
    Field__c: 'Limit',
    Proposed_Value__c: 8,
  });
  assert.throws(() => org.remove('Signal_Policy__c', policy));
  await org.run();
  assert.deepEqual(notices(org), []);
  org.remove('Signal_Proposal__c', proposal);
  org.remove('Signal_Policy__c', policy);
  await org.run();
  assert.deepEqual(org.rows('Signal_Policy__c'), []);
  assert.deepEqual(notices(org), [['Policy', policy]]);
});

test('a bridge that cannot be told of a delete is a failure that names the policy', async () => {
  const org = await makePackageOrg([], { hourlyPublished: 0, dailyDelivered: 0 });
  org.remove('Signal_Policy__c', org.ids.policy);
  await org.run();
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Stage__c'], 'Notice');
  assert.equal(failure['Payload__c'], `Signal Policy vibration (${org.ids.policy}), deleted`);
});

test('200 policies changed in one save rise, are kept and told, far from the limits', async () => {
  const org = await makePackageOrg();
  const named = Array.from({ length: 200 }, (_none, index) => ({
    Name: `Policy ${index}`,
    Policy_Key__c: `p${index}`,
  }));
  const created = await org.saveAll('insert', 'Signal_Policy__c', named);
  const ids = created.map((outcome) => (outcome.ok ? outcome.id : ''));
  const changed = ids.map((Id, index) => ({
    Id,
    Retention_Days__c: index === 7 ? 0 : 30,
  }));
  const outcomes = await org.saveAll('update', 'Signal_Policy__c', changed);
  assert.deepEqual(
    outcomes.flatMap(({ ok }, index) => (ok ? [] : [index])),
    [7],
  );
  const versions = org.rows('Signal_Policy__c').map(({ Version__c }) => Version__c);
  assert.equal(versions.filter((version) => version === 2).length, 199);
  assert.equal(org.rows('Signal_Policy_Version__c').length, 1 + 200 + 199);
  assert.equal(notices(org).length, 200 + 199);
  assert.deepEqual(org.rows('Signal_Failure__c'), []);
  for (const { most } of org.transactions) {
    assert.ok(most.queries < 10 && most.dmlStatements < 15 && most.dmlRows < 2000);
  }
});
