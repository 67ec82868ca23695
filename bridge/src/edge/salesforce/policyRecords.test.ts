import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePolicyRecords } from './policyRecords.ts';

const records = makePolicyRecords('');
const row = (changes: Readonly<Record<string, unknown>> = {}) => ({
  Id: 'a01000000000001AAA',
  Policy_Key__c: 'pump-vibration-high',
  Version__c: 3,
  Active__c: true,
  Device_Type__c: 'pump',
  Device__c: null,
  Device__r: null,
  Asset__c: null,
  Account__c: null,
  Metric__c: 'vibration',
  Signal_Type__c: 'fault.vibration-high',
  Severity__c: 'High',
  Detector__c: 'threshold',
  Direction__c: 'above',
  Limit__c: 7.1,
  Clear_Limit__c: 4.5,
  Escalate_Limit__c: null,
  Escalate_Severity__c: null,
  Open_After_Seconds__c: 2,
  Clear_After_Seconds__c: null,
  Update_Every_Seconds__c: null,
  ...changes,
});

test('a record becomes a policy, with the values the package takes for empty fields', () => {
  assert.deepEqual(records.read(row()), {
    kind: 'good',
    id: 'a01000000000001AAA',
    policy: {
      key: 'pump-vibration-high',
      version: 3,
      match: { deviceType: 'pump', metric: 'vibration' },
      signalType: 'fault.vibration-high',
      severity: 'High',
      detector: { kind: 'threshold', direction: 'above', limit: 7.1, clear: 4.5 },
      openAfterMs: 2_000,
      clearAfterMs: 0,
      updateEveryMs: 900_000,
    },
    told: { status: '', message: '' },
  });
});

test('the purpose goes along, and an unheard-of one is refused', () => {
  const read = records.read(row({ Privacy_Purpose__c: 'Engagement' }));
  assert.equal(read.kind === 'good' && read.policy.purpose, 'Engagement');
  assert.equal(records.read(row({ Privacy_Purpose__c: 'Advertising' })).kind, 'bad');
});

test('the latency class goes along, and an unheard-of one is refused', () => {
  const read = records.read(row({ Latency_Class__c: 'Batch' }));
  assert.equal(read.kind === 'good' && read.policy.latencyClass, 'Batch');
  assert.equal(records.read(row({ Latency_Class__c: 'Never' })).kind, 'bad');
});

test('each detector takes its own numbers, and a policy may be for a device, an Asset or an Account', () => {
  const detectorOf = (changes: Readonly<Record<string, unknown>>) => {
    const read = records.read(row({ Metric__c: null, ...changes }));
    return read.kind === 'good' ? read.policy.detector : read;
  };
  const escalated = { Escalate_Limit__c: 11, Escalate_Severity__c: 'Critical' };
  assert.deepEqual(detectorOf(escalated), {
    kind: 'threshold',
    direction: 'above',
    limit: 7.1,
    clear: 4.5,
    escalate: { limit: 11, severity: 'Critical' },
  });
  const learnt = { Detector__c: 'range-novelty', Learn_Readings__c: 300, Margin__c: 0.2 };
  assert.deepEqual(detectorOf(learnt), { kind: 'range-novelty', learn: 300, margin: 0.2 });
  const shift = { Detector__c: 'level-shift', Learn_Readings__c: 300, Factor__c: 2 };
  assert.deepEqual(detectorOf(shift), { kind: 'level-shift', learn: 300, factor: 2 });
  const silent = { Detector__c: 'silence', Silent_After_Seconds__c: 60 };
  assert.deepEqual(detectorOf(silent), { kind: 'silence', afterMs: 60_000 });
  assert.deepEqual(detectorOf({ Detector__c: 'stuck', Repeats__c: 8 }), {
    kind: 'stuck',
    repeats: 8,
  });
  const near = {
    Device__c: 'a02000000000001AAA',
    Device__r: { Device_Key__c: 'pump-001' },
    Asset__c: '02i000000000001AAA',
    Account__c: '001000000000001AAA',
  };
  const read = records.read(row(near));
  assert.deepEqual(read.kind === 'good' ? read.policy.match : read, {
    deviceType: 'pump',
    device: 'pump-001',
    assetId: '02i000000000001AAA',
    accountId: '001000000000001AAA',
    metric: 'vibration',
  });
});

test('what is not active, or only routes, is nothing to detect by and nothing to complain about', () => {
  for (const changes of [{ Active__c: false, Limit__c: null }, { Detector__c: null }]) {
    assert.equal(records.read(row(changes)).kind, 'Active__c' in changes ? 'off' : 'idle');
  }
});

const wrong: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
  [
    'a clear limit beyond the limit',
    { Clear_Limit__c: 8 },
    /^Clear Limit is 8; .* at most the Limit, 7.1\.$/,
  ],
  ['no limit', { Limit__c: null }, /^Limit is empty; a number is needed\.$/],
  [
    'an escalation before the limit',
    { Escalate_Limit__c: 5, Escalate_Severity__c: 'Critical' },
    /^Escalate Limit is 5; .* above the Limit, 7.1\.$/,
  ],
  ['half an escalation', { Escalate_Severity__c: 'Critical' }, /^Escalate Limit is empty/],
  [
    'a detector nobody knows',
    { Detector__c: 'oracle' },
    /^Detector is oracle; allowed are threshold/,
  ],
  ['no severity', { Severity__c: null }, /^Severity is empty; allowed are Critical/],
  ['no signal type', { Signal_Type__c: null }, /^Signal Type is empty/],
  [
    'a silence of a metric',
    { Detector__c: 'silence', Silent_After_Seconds__c: 5 },
    /^Metric: silence/,
  ],
  ['too few readings to learn', { Detector__c: 'level-shift', Learn_Readings__c: 9 }, /from 10 to/],
  [
    'a margin of nothing',
    { Detector__c: 'range-novelty', Learn_Readings__c: 10, Margin__c: 0 },
    /^Margin is 0; a number above 0/,
  ],
  ['half a second', { Open_After_Seconds__c: 0.5 }, /^Open After Seconds is 0.5; a whole number/],
  ['an update every 0 seconds', { Update_Every_Seconds__c: 0 }, /from 1 to/],
  [
    'a device nobody can read',
    { Device__c: 'a02000000000009AAA' },
    /^Device: the bridge cannot read/,
  ],
];
for (const [what, changes, problem] of wrong) {
  test(`a policy with ${what} is refused with words for its writer`, () => {
    const read = records.read(row(changes));
    assert.equal(read.kind, 'bad');
    assert.match(read.problem, problem);
    assert.deepEqual([read.key, read.version], ['pump-vibration-high', 3]);
  });
}

test('the fields of an org with a namespace carry it', () => {
  const named = makePolicyRecords('acme');
  assert.equal(named.object, 'acme__Signal_Policy__c');
  assert.ok(named.fields.includes('acme__Device__r.acme__Device_Key__c'));
  const prefixed = Object.fromEntries(
    Object.entries(row()).map(([key, value]) => [key === 'Id' ? key : `acme__${key}`, value]),
  );
  assert.equal(named.read(prefixed).kind, 'good');
});
