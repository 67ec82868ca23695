import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { openFlow } from './openFlow.ts';
import type { FlowUnderTest } from './openFlow.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

const MANAGER = { permissionSetGroups: ['Signal_Service_Management'] };
const TECHNICIAN = { permissionSetGroups: ['Signal_Field_Technicians'] };

interface Asked {
  readonly org: PackageOrg;
  readonly signal: string;
}

/** A signal the router has asked a person about: the detector was half sure. */
async function asked(changes: Parameters<typeof event>[2] = {}): Promise<Asked> {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Act_At_Confidence__c: 0.8 });
  await org.publish(event('Opened', 0, { Confidence__c: 0.55, ...changes }));
  const signal = org.only('Asset_Signal__c');
  assert.equal(signal['Review_Status__c'], 'Requested');
  return { org, signal: String(signal['Id']) };
}

const open = ({ org, signal }: Asked, user: Parameters<typeof openFlow>[3] = MANAGER) =>
  openFlow(org, 'Signal_SCR_Review', { recordId: signal }, user);

const verdict = (
  { org, signal }: Asked,
  ...fields: readonly string[]
): (RecordData[string] | undefined)[] => {
  const row = org.rows('Asset_Signal__c').find(({ Id }) => Id === signal);
  return fields.map((field) => row?.[field]);
};

const statusAndReason = (scene: Asked): unknown =>
  verdict(scene, 'Review_Status__c', 'Review_Reason__c');

const confirm = { Verdict: 'Confirmed', Reason: 'Bearing is loud' };
const dismiss = { Verdict: 'Dismissed', Reason: 'Known rattle' };

test('the reviewer reads what, where, since when, how sure and why, and until when', async () => {
  const scene = await asked({ Metric__c: 'vibration', Value__c: 8.4, Unit__c: 'mm/s' });
  const flow = await open(scene);
  assert.equal(flow.screen.name, 'Ask_For_Verdict');
  for (const part of [
    /Vibration too high.* on .*Pump 1/,
    /Medium, since 2026-11-23 05:00 UTC/,
    /Vibration rose to 8\.4 mm\/s\./,
    /Measured: vibration 8\.4 mm\/s\./,
    /55 %/,
    /Please decide before 2026-11-24 06:00 UTC\./,
  ])
    assert.match(flow.text, part);
});

test('what is usual is said where the detector knows it', async () => {
  const measured = { Metric__c: 'vibration', Value__c: 8.4, Unit__c: 'mm/s', Baseline__c: 2.1 };
  const flow = await open(await asked(measured));
  assert.match(flow.text, /Measured: vibration 8\.4 mm\/s, usually 2\.1 mm\/s\./);
});

test('a detector that does not say how sure it is, and no measurement', async () => {
  const flow = await open(await asked({ Confidence__c: null }));
  assert.match(flow.text, /it does not say/);
  assert.doesNotMatch(flow.text, /Measured/);
});

test('an overdue review says so', async () => {
  const scene = await asked();
  await scene.org.later(25 * 60);
  const flow = await open(scene);
  assert.match(flow.text, /The review is overdue\./);
  await flow.next(confirm);
  assert.deepEqual(statusAndReason(scene), ['Confirmed', 'Bearing is loud']);
});

test('confirmed: saved with the reason and who decided, and the policy opens its Case', async () => {
  const scene = await asked();
  const flow = await open(scene);
  await flow.next(confirm);
  assert.match(flow.text, /: Confirmed\.[^]*opens a Case/);
  assert.deepEqual(statusAndReason(scene), ['Confirmed', 'Bearing is loud']);
  assert.deepEqual(verdict(scene, 'Reviewed_By__c'), [scene.org.userId(MANAGER)]);
  assert.equal(scene.org.rows('Case').length, 1);
  await flow.next();
  assert.ok(flow.finished);
});

test('dismissed: suppressed with the reason, and no Case', async () => {
  const scene = await asked();
  const flow = await open(scene);
  await flow.next(dismiss);
  assert.match(flow.text, /: Dismissed\.[^]*do not ask again/);
  const [disposition, reason] = verdict(scene, 'Disposition__c', 'Disposition_Reason__c');
  assert.equal(disposition, 'Suppressed');
  assert.match(String(reason), /Known rattle/);
  assert.equal(scene.org.rows('Case').length, 0);
});

for (const [what, answers, field] of [
  ['no verdict', { Reason: 'x' }, 'Verdict'],
  ['no reason', { Verdict: 'Confirmed' }, 'Reason'],
  ['a blank reason', { Verdict: 'Confirmed', Reason: '   ' }, 'Reason'],
  ['a reason that does not fit', { Verdict: 'Confirmed', Reason: 'x'.repeat(256) }, 'Reason'],
] as const) {
  test(`${what} is asked for again, and nothing is saved`, async () => {
    const scene = await asked();
    const flow = await open(scene);
    await flow.next(answers);
    assert.deepEqual(Object.keys(flow.errors), [field]);
    assert.deepEqual(statusAndReason(scene), ['Requested', null]);
  });
}

test('somebody else was faster: their verdict stays, and the reviewer is told which', async () => {
  const scene = await asked();
  const mine = await open(scene);
  const theirs = await open(scene, 'administrator');
  await theirs.next(dismiss);
  await mine.next(confirm);
  assert.equal(mine.screen.name, 'Show_Overtaken');
  assert.match(mine.text, /Dismissed\. Known rattle[^]*was not saved/);
  assert.deepEqual(statusAndReason(scene), ['Dismissed', 'Known rattle']);
  assert.equal(scene.org.rows('Case').length, 0);
});

for (const [what, theirVerdict] of [
  ['the other verdict with the same reason', { ...dismiss, Reason: confirm.Reason }],
  ['the same verdict with another reason', { ...confirm, Reason: 'Heard it too' }],
] as const) {
  test(`somebody else was faster with ${what}: theirs stays`, async () => {
    const scene = await asked();
    const mine = await open(scene);
    const theirs = await open(scene, 'administrator');
    await theirs.next(theirVerdict);
    await mine.next(confirm);
    assert.equal(mine.screen.name, 'Show_Overtaken');
    assert.deepEqual(statusAndReason(scene), [theirVerdict.Verdict, theirVerdict.Reason]);
  });
}

test('the screen is about its own signal, with the equipment and the policy of that', async () => {
  const first = await asked();
  const { org } = first;
  const asset = org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account });
  const second = { Name: 'Too hot', Policy_Key__c: 'heat', Queue__c: 'Signal_Triage' };
  org.insert('Signal_Policy__c', { ...second, Route__c: 'Review' });
  const key = { Event_Key__c: 'hot', Episode_Key__c: 'hot', Policy_Key__c: 'heat' };
  await org.publish(event('Opened', 0, { ...key, Asset_Id__c: asset }));
  const hot = org.rows('Asset_Signal__c').find(({ Event_Key__c }) => Event_Key__c === 'hot');
  const scene = { org, signal: String(hot?.['Id']) };
  const flow = await open(scene);
  assert.match(flow.text, /Too hot.* on .*Pump 2/);
  await flow.next(dismiss);
  assert.equal(flow.screen.name, 'Show_Result');
  assert.deepEqual(statusAndReason(first), ['Requested', null]);
  assert.deepEqual(statusAndReason(scene), ['Dismissed', 'Known rattle']);
});

const standing: readonly (readonly [string, RecordData, RegExp])[] = [
  ['confirmed', { Review_Status__c: 'Confirmed', Review_Reason__c: 'Loud' }, /confirmed: Loud/],
  ['dismissed', { Review_Status__c: 'Dismissed', Review_Reason__c: 'Old' }, /dismissed: Old/],
  ['expired', { Review_Status__c: 'Expired' }, /episode ended before anybody decided/],
  ['never asked for', { Review_Status__c: null }, /No review was asked for/],
];
for (const [what, values, expected] of standing) {
  test(`a review that was ${what}: nothing to decide, and what became of it`, async () => {
    const scene = await asked();
    scene.org.plant('Asset_Signal__c', scene.signal, values);
    const flow = await open(scene);
    assert.equal(flow.screen.name, 'Show_Nothing_To_Do');
    assert.match(flow.text, expected);
    await flow.next();
    assert.ok(flow.finished);
  });
}

test('a signal that does not exist: a screen that says so', async () => {
  const scene = await asked();
  scene.org.remove('Asset_Signal__c', scene.signal);
  const flow = await open(scene);
  assert.equal(flow.screen.name, 'Show_Missing');
});

test('who may not review cannot open the screen', async () => {
  const scene = await asked();
  await assert.rejects(open(scene, TECHNICIAN), /may not run it/);
});

test('a save that is refused once can be tried again', async () => {
  const scene = await asked();
  const flow = await open(scene);
  scene.org.break({ write: ['update Asset_Signal__c'] });
  await flow.next(confirm);
  assert.match(flow.text, /was not saved, and nothing was changed[^]*refused by a test/);
  assert.deepEqual(statusAndReason(scene), ['Requested', null]);
  scene.org.break({});
  await flow.next();
  assert.equal(flow.screen.name, 'Ask_For_Verdict');
  await flow.next(confirm);
  assert.deepEqual(statusAndReason(scene), ['Confirmed', 'Bearing is loud']);
});

test('a signal that cannot be read: a readable screen instead of an error', async () => {
  const scene = await asked();
  scene.org.break({ get: ['Asset_Signal__c'] });
  const flow: FlowUnderTest = await open(scene);
  assert.equal(flow.screen.name, 'Show_Fault');
  assert.match(flow.text, /broken by a test/);
  await flow.next();
  assert.ok(flow.finished);
});

test('a verdict that cannot be read back: the reviewer is sent to look', async () => {
  const scene = await asked();
  const flow = await open(scene);
  scene.org.break({ get: ['Asset_Signal__c'], getFrom: 2 });
  await flow.next(confirm);
  scene.org.break({});
  assert.equal(flow.screen.name, 'Show_Fault');
});

test('equipment and policy that cannot be read: the device and the key of the policy', async () => {
  const scene = await asked();
  scene.org.break({ get: ['Asset', 'Signal_Policy__c'] });
  const flow = await open(scene);
  scene.org.break({});
  assert.match(flow.text, /vibration.* on .*pump-001/);
});
