import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { numbered, signalWith } from './signals.ts';

/** Signals of ten ways through the router: what they are, and their disposition and reason in the end. */
const ways: readonly (readonly [RecordData, string, RegExp])[] = [
  [{ Policy_Key__c: 'vibration', Severity__c: 'High' }, 'Acted', /^$/],
  [{ Policy_Key__c: 'asking', Confidence__c: 0.9 }, 'Acted', /^$/],
  [{ Policy_Key__c: 'asking', Confidence__c: 0.5 }, 'Acted', /^Review requested\.$/],
  [{ Policy_Key__c: 'asking', Confidence__c: 0.1 }, 'Suppressed', /^Too uncertain/],
  [{ Policy_Key__c: 'recording' }, 'Suppressed', /only records/],
  [{ Policy_Key__c: 'inactive' }, 'Suppressed', /is not active/],
  [{ Policy_Key__c: 'unheard-of' }, 'Suppressed', /^No policy/],
  [{ Policy_Key__c: 'queueless' }, 'Acted', /^The queue Nobody was not found/],
  [{ Device_Key__c: 'pump-999' }, 'Suppressed', /is on no Asset/],
  [{ Phase__c: 'Cleared' }, 'Suppressed', /has no Case to clear/],
];

const isCase = (way: number): boolean => [0, 1, 7].includes(way);

function addPolicies(org: PackageOrg): void {
  const policies = {
    asking: { Act_At_Confidence__c: 0.8, Review_At_Confidence__c: 0.4 },
    recording: { Route__c: 'Record Only' },
    inactive: { Active__c: false },
    queueless: { Queue__c: 'Nobody' },
  };
  for (const [key, values] of Object.entries(policies)) {
    org.insert('Signal_Policy__c', {
      Name: key,
      Policy_Key__c: key,
      Route__c: 'Case',
      Queue__c: 'Signal_Triage',
      ...values,
    });
  }
}

test('200 signals that go ten ways in one batch each come to their own end, far from the limits', async () => {
  const org = await makePackageOrg();
  addPolicies(org);
  const all = Array.from({ length: 200 }, (_, index) => index);
  await org.publish(
    ...all.map((index) => numbered(index, 'Opened', 0, ways[index % ways.length]?.[0])),
  );
  for (const index of all) {
    const [, disposition, reason] = ways[index % ways.length] ?? [{}, '', /never/];
    const signal = signalWith(org, { Episode_Key__c: `episode e${index}` });
    assert.equal(signal['Disposition__c'], disposition, `signal ${index}`);
    assert.match(String(signal['Disposition_Reason__c'] ?? ''), reason);
    assert.equal(signal['Case__c'] !== null, isCase(index % ways.length));
  }
  assert.equal(org.rows('Case').length, 60);
  assert.equal(org.rows('Signal_Failure__c').length, 0);
  const routing = org.transactions.filter(({ flows }) => flows.has('Signal_SFL_Route'));
  assert.equal(routing.length, 1, 'one transaction routes the whole batch');
  const { queries, dmlStatements } = routing[0]?.most ?? { queries: 0, dmlStatements: 0 };
  assert.ok(queries > 0 && queries <= 40, `${queries} of 100 queries`);
  assert.ok(dmlStatements > 0 && dmlStatements <= 20, `${dmlStatements} of 150 DML statements`);
});

test('updates, clears and late signals of 100 Cases in one batch each do what they would do alone', async () => {
  const org = await makePackageOrg();
  const all = Array.from({ length: 100 }, (_, index) => index);
  await org.publish(...all.map((index) => numbered(index, 'Opened', 5)));
  const phases = ['Updated', 'Cleared', 'Updated', 'Cleared'] as const;
  await org.publish(
    ...all.map((index) => {
      const isLate = index % 4 >= 2;
      return numbered(index, phases[index % 4] ?? 'Updated', isLate ? 1 : 9, {
        Severity__c: 'Critical',
      });
    }),
  );
  const cases = org.rows('Case');
  assert.equal(cases.length, 100);
  for (const index of all) {
    const found = cases.find((row) => row['Signal_Episode_Key__c'] === `episode e${index}`);
    const isUpdated = index % 4 === 0;
    assert.equal(found?.['Priority'], isUpdated ? 'High' : 'Medium');
    const said = org.rows('CaseComment').filter(({ ParentId }) => ParentId === found['Id']);
    assert.equal(said.length, index % 4 < 2 ? 1 : 0);
  }
});
