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

const FIRST = 'Vibration too high on Pump 1, Medium, since 2026-11-23 05:00 UTC.';
const WHY = 'Vibration rose to 8.4 mm/s.';
const DUE = 'Please decide before 2026-11-24 06:00 UTC.';
const measured = { Metric__c: 'vibration', Value__c: 8.4, Unit__c: 'mm/s' };

const shown: readonly (readonly [string, Parameters<typeof asked>[0], readonly string[]])[] = [
  [
    'what, where, since when, how sure and why, and until when',
    measured,
    [...[FIRST, WHY, 'Measured: vibration 8.4 mm/s.'], `How sure the detector is: 55 %. ${DUE}`],
  ],
  [
    'what is usual, where the detector knows it',
    { ...measured, Baseline__c: 2.1 },
    [
      ...[FIRST, WHY, 'Measured: vibration 8.4 mm/s, usually 2.1 mm/s.'],
      `How sure the detector is: 55 %. ${DUE}`,
    ],
  ],
  [
    'no measurement where there is none, and that the detector does not say how sure it is',
    { Confidence__c: null },
    [FIRST, WHY, `How sure the detector is: it does not say. ${DUE}`],
  ],
];
for (const [what, changes, lines] of shown) {
  test(`the reviewer reads ${what}`, async () => {
    const flow = await open(await asked(changes));
    assert.equal(flow.screen.name, 'Ask_For_Verdict');
    assert.deepEqual(flow.text.split('\n'), [...lines, 'Your verdict', 'Why']);
  });
}

test('a review that has no time names none', async () => {
  const scene = await asked();
  scene.org.plant('Asset_Signal__c', scene.signal, { Review_Due_At__c: null });
  const flow = await open(scene);
  assert.match(flow.text, /is: 55 %\.\s*\nYour verdict/);
});

test('an overdue review says so', async () => {
  const scene = await asked();
  await scene.org.later(25 * 60);
  const flow = await open(scene);
  assert.match(flow.text, /is: 55 %\. The review is overdue\.\n/);
  await flow.next(confirm);
  assert.deepEqual(statusAndReason(scene), ['Confirmed', 'Bearing is loud']);
});

test('confirmed: saved with the reason and who decided, and the policy opens its Case', async () => {
  const scene = await asked();
  const flow = await open(scene);
  await flow.next(confirm);
  const text = [
    'Signal S-00000001: Confirmed.',
    'The policy is followed now: within moments the signal opens a Case, or says in its disposition why not.',
    'The bridge learns from your verdict.',
  ];
  assert.deepEqual(flow.text.split('\n'), text);
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
  const text = [
    'Signal S-00000001: Dismissed.',
    'The signal is suppressed with your reason. Further signals of the same episode do not ask again.',
    'The bridge learns from your verdict.',
  ];
  assert.deepEqual(flow.text.split('\n'), text);
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
  [
    'confirmed',
    { Review_Status__c: 'Confirmed', Review_Reason__c: 'Loud' },
    /\nIt was confirmed: Loud$/,
  ],
  [
    'dismissed',
    { Review_Status__c: 'Dismissed', Review_Reason__c: 'Old' },
    /\nIt was dismissed: Old$/,
  ],
  ['expired', { Review_Status__c: 'Expired' }, /\nThe episode ended before anybody decided\.$/],
  ['never asked for', { Review_Status__c: null }, /\nNo review was asked for\.$/],
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
