import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';

import type { FieldValue, RecordData } from '../../src/store/records.ts';
import { openFlow } from './openFlow.ts';
import type { FlowUnderTest } from './openFlow.ts';
import { makePackageOrg, metadata } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

const KINDS = [
  'vibration-high',
  'pressure-low',
  'temperature-stuck',
  'flow-range',
  'silent',
  'default-range',
  'default-shift',
];
const manager = { permissionSets: ['Signal_Service_Manager'] };
const open = (org: PackageOrg): Promise<FlowUnderTest> =>
  openFlow(org, 'Policy_SCR_LoadStarters', {}, manager);
/* What was made, without the policy every test org begins with. */
const made = (org: PackageOrg): RecordData[] =>
  org.rows('Signal_Policy__c').filter(({ Id }) => Id !== org.ids.policy);
const keys = (org: PackageOrg): string[] =>
  made(org)
    .map(({ Policy_Key__c }) => String(Policy_Key__c))
    .toSorted();

/* The same policies as the bridge reads them. */
const entry = z.object({
  key: z.string(),
  name: z.string(),
  match: z.object({ deviceType: z.string().optional(), metric: z.string().optional() }),
  signalType: z.string(),
  severity: z.string(),
  detector: z.object({
    kind: z.string(),
    direction: z.string().optional(),
    limit: z.number().optional(),
    clear: z.number().optional(),
    escalate: z.object({ limit: z.number(), severity: z.string() }).optional(),
    repeats: z.number().optional(),
    learn: z.number().optional(),
    margin: z.number().optional(),
    factor: z.number().optional(),
    after: z.string().optional(),
  }),
  openAfter: z.string(),
  clearAfter: z.string(),
  updateEvery: z.string(),
  service: z.object({
    route: z.string(),
    queue: z.string().default('Signal_Triage'),
    priority: z.string().default(''),
    closedStatus: z.string().default('Closed'),
    closeWhenCleared: z.boolean().default(false),
  }),
});
const file = join(import.meta.dirname, '../../../config/starter-policies.yaml');
const fromYaml = z.array(entry).parse(parse(readFileSync(file, 'utf8'), { merge: true }));
const seconds = (duration: string): number => {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  return Number(count) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? NaN);
};
const or = (value: FieldValue | undefined): FieldValue => value ?? null;

/* An entry of the file as the record it stands for. */
const asRecord = (policy: z.output<typeof entry>): RecordData => ({
  Name: policy.name,
  Policy_Key__c: policy.key,
  Active__c: true,
  Device_Type__c: or(policy.match.deviceType),
  Metric__c: or(policy.match.metric),
  Device__c: null,
  Asset__c: null,
  Account__c: null,
  Signal_Type__c: policy.signalType,
  Severity__c: policy.severity,
  Detector__c: policy.detector.kind,
  Direction__c: or(policy.detector.direction),
  Limit__c: or(policy.detector.limit),
  Clear_Limit__c: or(policy.detector.clear),
  Escalate_Limit__c: or(policy.detector.escalate?.limit),
  Escalate_Severity__c: or(policy.detector.escalate?.severity),
  Repeats__c: or(policy.detector.repeats),
  Learn_Readings__c: or(policy.detector.learn),
  Margin__c: or(policy.detector.margin),
  Factor__c: or(policy.detector.factor),
  Silent_After_Seconds__c:
    policy.detector.after === undefined ? null : seconds(policy.detector.after),
  Open_After_Seconds__c: seconds(policy.openAfter),
  Clear_After_Seconds__c: seconds(policy.clearAfter),
  Update_Every_Seconds__c: seconds(policy.updateEvery),
  Route__c: policy.service.route,
  Queue__c: policy.service.queue,
  Case_Priority__c: policy.service.priority || null,
  Closed_Status__c: policy.service.closedStatus,
  Close_When_Cleared__c: policy.service.closeWhenCleared,
});

test('at the pace of the demonstration all starters for pumps are the policies of the bridge’s own file', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  await flow.next({ Device_Type: ' pump ', Starters: KINDS, Pace: 'Demonstration' });
  await flow.next();
  assert.equal(flow.screen.name, 'Show_Result');
  const own = fromYaml.filter(({ key }) => /^(?:pump|default)-/.test(key)).map(asRecord);
  assert.equal(own.length, KINDS.length);
  for (const expected of own) {
    const record = made(org).find((row) => row['Policy_Key__c'] === expected['Policy_Key__c']);
    const same = Object.keys(expected).map((field) => [field, or(record?.[field])]);
    assert.deepEqual(Object.fromEntries(same), expected);
  }
  assert.equal(made(org).length, own.length);
  assert.ok(made(org).every((row) => row['Version__c'] === 1));
  assert.equal(org.published('Signal_Notice__e').length, own.length);
  await flow.next();
  assert.ok(flow.finished);
});

test('at the pace of a plant trouble lasts minutes, and what is for all devices is as ever', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  await flow.next({ Device_Type: 'chiller', Starters: KINDS });
  await flow.next();
  const times = made(org).map((row) => [
    row['Policy_Key__c'],
    row['Open_After_Seconds__c'],
    row['Clear_After_Seconds__c'],
    row['Silent_After_Seconds__c'],
  ]);
  assert.deepEqual(times, [
    ['chiller-vibration-high', 120, 300, null],
    ['chiller-pressure-low', 120, 300, null],
    ['chiller-temperature-stuck', 120, 300, null],
    ['chiller-flow-range', 120, 300, null],
    ['chiller-silent', 0, 300, 900],
    ['default-range', 0, 0, null],
    ['default-shift', 0, 0, null],
  ]);
  assert.equal(made(org)[0]?.['Name'], 'Chiller vibration too high');
});

test('only what was chosen is made, with the limits, queue, priority and status that were chosen', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  assert.match(flow.text, /A policy says what the bridge looks for/);
  await flow.next({ Device_Type: 'fan', Starters: ['vibration-high', 'silent'] });
  assert.equal(flow.field('Pressure_Limit').visible, false);
  assert.equal(flow.field('Flow_Limit').visible, false);
  await flow.next({
    Vibration_Limit: 9,
    Vibration_Clear: 6.5,
    Vibration_Escalate: 12.25,
    Priority: 'Low',
    Closed_Status: '',
    Active_At_Once: false,
  });
  assert.deepEqual(keys(org), ['fan-silent', 'fan-vibration-high']);
  const [vibration, silent] = made(org);
  assert.deepEqual(
    [vibration?.['Limit__c'], vibration?.['Clear_Limit__c'], vibration?.['Escalate_Limit__c']],
    [9, 6.5, 12.25],
  );
  for (const row of [vibration, silent]) {
    assert.deepEqual(
      [row?.['Queue__c'], row?.['Case_Priority__c'], row?.['Closed_Status__c'], row?.['Active__c']],
      ['Signal_Triage', 'Low', null, false],
    );
  }
  assert.match(
    flow.text,
    /Made: Fan vibration too high \(fan-vibration-high\), Fan silent \(fan-silent\)\./,
  );
  assert.doesNotMatch(flow.text, /There already/);
});

test('limits of pressure and flow are asked for where they are chosen', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  await flow.next({ Starters: ['pressure-low', 'flow-range'] });
  assert.equal(flow.field('Vibration_Limit').visible, false);
  await flow.next({ Pressure_Limit: 2, Pressure_Clear: 2.5, Flow_Limit: 8, Flow_Clear: 9 });
  const limits = made(org).map((row) => [row['Limit__c'], row['Clear_Limit__c']]);
  assert.deepEqual(limits, [
    [2, 2.5],
    [8, 9],
  ]);
});

test('what is there already is left alone, and said so', async () => {
  const org = await makePackageOrg();
  const there = ['pump-silent', 'default-range'].map((Policy_Key__c) =>
    org.insert('Signal_Policy__c', { Name: 'My own', Policy_Key__c, Queue__c: 'Mine' }),
  );
  const before = made(org);
  const flow = await open(org);
  await flow.next({ Starters: ['silent', 'default-range', 'default-shift'] });
  await flow.next();
  assert.match(flow.text, /Made: Level has moved \(default-shift\)\./);
  assert.match(
    flow.text,
    /left as they are: Pump silent \(pump-silent\), Value outside its usual range \(default-range\)\./,
  );
  assert.deepEqual(
    made(org).filter(({ Id }) => there.includes(String(Id))),
    before,
  );
  const again = await open(org);
  await again.next({ Starters: ['silent', 'default-shift'] });
  await again.next();
  assert.doesNotMatch(again.text, /Made/);
  assert.match(again.text, /left as they are/);
  assert.equal(made(org).length, 3);
});

test('a policy that a rule is against is not made, may be mended, and harms no other', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  await flow.next({ Starters: ['vibration-high', 'default-shift'] });
  await flow.next({ Vibration_Clear: 8 });
  assert.equal(flow.screen.name, 'Show_Refusal');
  assert.match(flow.text, /the clear limit is on the healthy side/);
  assert.ok(!keys(org).includes('pump-vibration-high'));
  await flow.next();
  assert.equal(flow.screen.name, 'Choose_Starters');
  await flow.next({ Starters: ['vibration-high', 'default-shift'] });
  await flow.next({ Vibration_Clear: 4.5 });
  assert.deepEqual(keys(org), ['default-shift', 'pump-vibration-high']);
  assert.match(flow.text, /Made: Pump vibration too high \(pump-vibration-high\)/);
});

test('a policy that was there at the first try and is gone at the next is made', async () => {
  const org = await makePackageOrg();
  const old = org.insert('Signal_Policy__c', { Name: 'Old', Policy_Key__c: 'pump-silent' });
  const flow = await open(org);
  await flow.next({ Starters: ['silent', 'vibration-high'] });
  await flow.next({ Vibration_Clear: 8 });
  assert.equal(flow.screen.name, 'Show_Refusal');
  org.remove('Signal_Policy__c', old);
  await flow.next();
  await flow.next({ Starters: ['silent'] });
  await flow.next();
  assert.match(flow.text, /Made: Pump silent \(pump-silent\)\./);
  assert.doesNotMatch(flow.text, /There already/);
  assert.deepEqual(keys(org), ['pump-silent']);
});

test('what may be chosen are the queues, priorities and closed statuses of this very org, by their names', async () => {
  const org = await makePackageOrg([], undefined, (of) => ({
    ...of,
    queues: new Map(of.queues)
      .set('A_Team', { label: 'A Team', objects: ['Case'] })
      .set('People', { label: 'People', objects: ['Case'] }),
  }));
  // A group of people is no queue.
  const people = org.rows('Group').find(({ DeveloperName }) => DeveloperName === 'People');
  org.plant('Group', String(people?.['Id']), { Type: 'Regular' });
  for (const { Id, ApiName } of org.rows('CaseStatus'))
    if (ApiName === 'Working') org.plant('CaseStatus', String(Id), { IsClosed: true });
  const flow = await open(org);
  await flow.next({ Starters: ['silent'] });
  const optionsOf = (name: string): string[] => {
    const field = flow.field(name);
    assert.ok(field.kind === 'choice');
    return field.options.map(({ value }) => value).filter((value) => value !== '');
  };
  assert.deepEqual(optionsOf('Queue'), ['A_Team', 'Signal_Triage']);
  assert.deepEqual(optionsOf('Closed_Status'), ['Closed', 'Working']);
  const priorities = metadata.objects.get('Case')?.fields.get('Priority')?.picklist?.values ?? [];
  assert.deepEqual(
    optionsOf('Priority'),
    priorities.map(({ name }) => name),
  );
  const limits = flow.screen.fields.filter(({ kind, name }) => kind === 'input' && /_/.test(name));
  const shown = limits.filter(({ visible }) => visible).map(({ name }) => name);
  assert.deepEqual(shown, ['Active_At_Once']);
});

test('going back and choosing again makes what was chosen last, once', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  await flow.next({ Device_Type: 'fan', Starters: ['silent', 'vibration-high'] });
  await flow.back();
  await flow.next({ Device_Type: 'pump', Starters: ['silent'] });
  await flow.next();
  assert.deepEqual(keys(org), ['pump-silent']);
});

test('the kind of device is asked for in words that make a key', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  for (const Device_Type of [' ', 'default', ' Default ', 'x'.repeat(41)]) {
    await flow.next({ Device_Type, Starters: ['silent'] });
    assert.equal(flow.screen.name, 'Choose_Starters');
    assert.ok(flow.errors['Device_Type'], Device_Type);
  }
  await flow.next({ Device_Type: 'x'.repeat(40), Starters: ['silent'] });
  await flow.next();
  assert.deepEqual(keys(org), [`${'x'.repeat(40)}-silent`]);
});

test('policies that cannot be read are told, and nothing is made', async () => {
  const org = await makePackageOrg();
  const flow = await open(org);
  await flow.next({ Starters: ['silent'] });
  org.break({ get: ['Signal_Policy__c'] });
  await flow.next();
  org.break({});
  assert.equal(flow.screen.name, 'Show_Fault');
  assert.match(flow.text, /broken by a test/);
  assert.deepEqual(made(org), []);
});

test('an administrator of the package may load them, a technician may not', async () => {
  const org = await makePackageOrg();
  const administrator = { permissionSets: ['Signal_Administrator'] };
  const flow = await openFlow(org, 'Policy_SCR_LoadStarters', {}, administrator);
  await flow.next({ Starters: ['silent'] });
  await flow.next();
  assert.deepEqual(keys(org), ['pump-silent']);
  const technician = { permissionSets: ['Signal_Technician'] };
  await assert.rejects(openFlow(org, 'Policy_SCR_LoadStarters', {}, technician), /may not run it/);
});
