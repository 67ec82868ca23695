import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { makePackageOrg } from './packageOrg.ts';

/* Each rule: what it says, and what it refuses and allows, at both sides of each of its bounds. */
interface RuleCase {
  readonly says: RegExp;
  readonly refused: readonly RecordData[];
  readonly allowed: readonly RecordData[];
}

const above: RecordData = {
  Detector__c: 'threshold',
  Signal_Type__c: 'fault.x',
  Severity__c: 'High',
  Direction__c: 'above',
  Limit__c: 7,
  Clear_Limit__c: 4,
};
const below: RecordData = { ...above, Direction__c: 'below', Limit__c: 3, Clear_Limit__c: 4 };
const escalated: RecordData = { ...above, Escalate_Limit__c: 11, Escalate_Severity__c: 'Critical' };
const named = (Detector__c: string): RecordData => ({
  Detector__c,
  Signal_Type__c: 'anomaly.x',
  Severity__c: 'Low',
});
const novelty: RecordData = { ...named('range-novelty'), Learn_Readings__c: 10, Margin__c: 0.1 };
const shift: RecordData = { ...named('level-shift'), Learn_Readings__c: 10, Factor__c: 0.1 };
const silence: RecordData = { ...named('silence'), Silent_After_Seconds__c: 1 };
const stuck: RecordData = { ...named('stuck'), Repeats__c: 3 };

const TYPES = [
  'fault',
  'anomaly',
  'prediction',
  'connectivity',
  'usage',
  'sla',
  'drift',
  'security',
];

const RULES: Readonly<Record<string, RuleCase>> = {
  Confidence_Bands_In_Order: {
    says: /Confidences are between 0 and 1/,
    refused: [
      { Act_At_Confidence__c: -0.001 },
      { Act_At_Confidence__c: 1.001 },
      { Act_At_Confidence__c: 0.5, Review_At_Confidence__c: -0.001 },
      { Act_At_Confidence__c: 0.5, Review_At_Confidence__c: 0.501 },
      { Act_At_Confidence__c: 1.001, Review_At_Confidence__c: 1.001 },
      { Review_At_Confidence__c: 0.5 },
      { Review_At_Confidence__c: 1.001 },
    ],
    allowed: [
      { Act_At_Confidence__c: 0 },
      { Act_At_Confidence__c: 1 },
      { Act_At_Confidence__c: 0.5, Review_At_Confidence__c: 0 },
      { Act_At_Confidence__c: 0.5, Review_At_Confidence__c: 0.5 },
      { Act_At_Confidence__c: 1, Review_At_Confidence__c: 1 },
    ],
  },
  Threshold_Is_Whole: {
    says: /A threshold needs a direction, a limit and a clear limit/,
    refused: [
      { ...above, Direction__c: null },
      { ...above, Limit__c: null },
      { ...above, Clear_Limit__c: null },
      { ...above, Clear_Limit__c: 7.000001 },
      { ...below, Clear_Limit__c: 2.999999 },
    ],
    allowed: [above, { ...above, Clear_Limit__c: 7 }, below, { ...below, Clear_Limit__c: 3 }],
  },
  Escalation_Is_Whole: {
    says: /Give the escalate limit and the severity together/,
    refused: [
      { ...escalated, Escalate_Severity__c: null },
      { ...escalated, Escalate_Limit__c: null },
      { ...escalated, Escalate_Limit__c: 7 },
      { ...below, Escalate_Limit__c: 3, Escalate_Severity__c: 'Critical' },
    ],
    allowed: [
      escalated,
      { ...escalated, Escalate_Limit__c: 7.000001 },
      { ...below, Escalate_Limit__c: 2.999999, Escalate_Severity__c: 'Critical' },
    ],
  },
  Learning_Is_Whole: {
    says: /Learn from 10 to 1,000,000 readings/,
    refused: [
      { ...novelty, Learn_Readings__c: null },
      { ...shift, Learn_Readings__c: null },
      { Learn_Readings__c: 9 },
      { Learn_Readings__c: 1_000_001 },
      { ...novelty, Margin__c: null },
      { ...novelty, Margin__c: 0 },
      { ...shift, Factor__c: null },
      { ...shift, Factor__c: 0 },
    ],
    allowed: [
      novelty,
      shift,
      { ...novelty, Learn_Readings__c: 1_000_000, Factor__c: 0 },
      { ...shift, Margin__c: 0 },
      { ...stuck, Margin__c: 0, Factor__c: 0 },
    ],
  },
  Silence_Is_Whole: {
    says: /Silence needs the seconds/,
    refused: [
      { ...silence, Silent_After_Seconds__c: null },
      { ...silence, Silent_After_Seconds__c: 0 },
      { ...silence, Metric__c: 'flow' },
    ],
    allowed: [silence, { ...stuck, Silent_After_Seconds__c: 0, Metric__c: 'flow' }],
  },
  Stuck_Is_Whole: {
    says: /Stuck needs 3 to 1,000,000/,
    refused: [{ ...stuck, Repeats__c: null }, { Repeats__c: 2 }, { Repeats__c: 1_000_001 }],
    allowed: [stuck, { ...stuck, Repeats__c: 1_000_000 }, silence],
  },
  Times_In_Range: {
    says: /Seconds are not negative/,
    refused: [
      { Open_After_Seconds__c: -1 },
      { Clear_After_Seconds__c: -1 },
      { Update_Every_Seconds__c: 0 },
      { Review_Within_Hours__c: 0 },
      { Review_Within_Hours__c: 721 },
      { Repeat_Within_Days__c: 0 },
      { Repeat_Within_Days__c: 366 },
      { Retention_Days__c: 0 },
      { Retention_Days__c: 3651 },
    ],
    allowed: [
      { Open_After_Seconds__c: 0, Clear_After_Seconds__c: 0, Update_Every_Seconds__c: 1 },
      { Review_Within_Hours__c: 1, Repeat_Within_Days__c: 1, Retention_Days__c: 1 },
      { Review_Within_Hours__c: 720, Repeat_Within_Days__c: 365, Retention_Days__c: 3650 },
    ],
  },
  Type_Is_Of_The_Taxonomy: {
    says: /Begin with fault\., anomaly\./,
    refused: [
      { Signal_Type__c: 'vibration' },
      { Signal_Type__c: 'Fault.vibration' },
      { Signal_Type__c: 'faults' },
    ],
    allowed: [{ Signal_Type__c: null }, ...TYPES.map((type) => ({ Signal_Type__c: `${type}.x` }))],
  },
  Detector_Names_Its_Signals: {
    says: /Give the signal type and the severity too/,
    refused: [
      { ...stuck, Signal_Type__c: null },
      { ...stuck, Severity__c: null },
    ],
    allowed: [stuck, { Severity__c: 'High' }, { Signal_Type__c: 'fault.x' }],
  },
  Closed_Status_Is_Named: {
    says: /Name the Case status to close with/,
    refused: [{ Close_When_Cleared__c: true }],
    allowed: [{ Close_When_Cleared__c: true, Closed_Status__c: 'Closed' }],
  },
};

for (const [rule, { says, refused, allowed }] of Object.entries(RULES)) {
  test(`${rule} refuses what makes no sense in a policy, and says what does`, async () => {
    const org = await makePackageOrg();
    for (const values of refused) {
      const told = (error: unknown): boolean => {
        assert.ok(error instanceof Error, JSON.stringify(values));
        assert.match(error.message, /FIELD_CUSTOM_VALIDATION_EXCEPTION/);
        // One thing wrong is one message.
        assert.equal(error.message.split('statusCode').length, 2, error.message);
        return says.test(error.message);
      };
      const row = { Name: rule, Policy_Key__c: rule, ...values };
      assert.throws(() => org.insert('Signal_Policy__c', row), told, JSON.stringify(values));
    }
    for (const [index, values] of allowed.entries()) {
      org.insert('Signal_Policy__c', { Name: rule, Policy_Key__c: `${rule} ${index}`, ...values });
    }
    assert.equal(org.rows('Signal_Policy__c').length, 1 + allowed.length);
  });
}

test('a kept version of a policy cannot be made into another', async () => {
  const org = await makePackageOrg();
  const id = String(org.only('Signal_Policy_Version__c')['Id']);
  const other = org.insert('Signal_Policy__c', { Name: 'Other', Policy_Key__c: 'other' });
  for (const change of [
    { Version_Key__c: 'vibration#2' },
    { Policy_Key__c: 'other' },
    { Version__c: 2 },
    { Content__c: '{}' },
    { Content__c: '{}', Policy__c: other },
    { Policy__c: other },
    { Policy__c: null, Version__c: 2 },
    { Policy__c: null, Policy_Key__c: 'other' },
    { Policy__c: null, Version_Key__c: 'vibration#2' },
  ]) {
    await assert.rejects(
      org.update('Signal_Policy_Version__c', id, change),
      /A kept version of a policy cannot be changed/,
    );
  }
});

test('a version outlives its policy', async () => {
  const org = await makePackageOrg();
  const { Content__c } = org.only('Signal_Policy_Version__c');
  org.remove('Signal_Policy__c', org.ids.policy);
  const kept = org.only('Signal_Policy_Version__c');
  assert.deepEqual([kept['Policy__c'], kept['Policy_Key__c']], [null, 'vibration']);
  assert.equal(kept['Content__c'], Content__c);
  await assert.rejects(
    org.update('Signal_Policy_Version__c', String(kept['Id']), { Policy__c: null }),
    /cannot be changed/,
  );
});
