import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { OrgMetadata, ValidationRuleDef } from '../../src/metadata/schema.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { endOf, numbered, setPolicy, signalWith } from './signals.ts';

// What the customer's own administrator made of Cases, which the package cannot know.

const message = 'Say which site it is.';
const ruleOn = (object: string, formula: string): ValidationRuleDef => ({
  object,
  name: 'Customers_Own',
  file: 'customer',
  active: true,
  message,
  formula,
});

const withRule =
  (rule: ValidationRuleDef) =>
  (metadata: OrgMetadata): OrgMetadata => ({
    ...metadata,
    validationRules: [...metadata.validationRules, rule],
  });

async function retry(org: PackageOrg): Promise<void> {
  const failed = org.rows('Asset_Signal__c').filter((row) => row['Disposition__c'] === 'Failed');
  await org.saveAll(
    'update',
    'Asset_Signal__c',
    failed.map(({ Id }) => ({
      Id: Id ?? null,
      Retry_Requested_At__c: '2026-11-23T06:30:00.000Z',
    })),
  );
}

const refusals: readonly (readonly [string, 'Opened' | 'Updated' | 'Cleared', string])[] = [
  ['opened', 'Opened', 'ISNEW()'],
  ['updated', 'Updated', 'AND(NOT(ISNEW()), ISCHANGED(Priority))'],
  ['closed', 'Cleared', 'AND(NOT(ISNEW()), IsClosed)'],
];
for (const [what, phase, formula] of refusals) {
  test(`a rule that refuses a Case to be ${what} fails the signal with its message; without the rule a retry acts`, async () => {
    const org = await makePackageOrg();
    await setPolicy(org, { Close_When_Cleared__c: true });
    if (phase !== 'Opened') await org.publish(event('Opened'));
    await org.deploy(withRule(ruleOn('Case', formula)));
    await org.publish(event(phase, 1, { Severity__c: 'Critical' }));
    const [disposition, reason] = endOf(org, { Phase__c: phase });
    assert.equal(disposition, 'Failed');
    assert.ok(String(reason).includes(message), String(reason));
    assert.equal(org.rows('CaseComment').length, 0, 'nothing is said of what did not happen');
    await retry(org);
    assert.equal(endOf(org, { Phase__c: phase })[0], 'Failed');
    await org.deploy((metadata) => metadata);
    await retry(org);
    assert.equal(endOf(org, { Phase__c: phase })[0], 'Failed', 'the same time asks for nothing');
    await org.update('Asset_Signal__c', String(signalWith(org, { Phase__c: phase })['Id']), {
      Retry_Requested_At__c: '2026-11-23T06:31:00.000Z',
    });
    assert.deepEqual(endOf(org, { Phase__c: phase }), ['Acted', null, null]);
    const found = org.only('Case');
    assert.equal(found['IsClosed'], phase === 'Cleared');
    assert.equal(found['Priority'], phase === 'Cleared' ? 'Medium' : 'High');
  });
}

test('of 200 new Cases the 50 that a rule refuses fail with its message, and the rest are opened', async () => {
  const org = await makePackageOrg();
  await org.deploy(withRule(ruleOn('Case', 'ISPICKVAL(Priority, "Low")')));
  const severities = ['Low', 'Medium', 'High', 'Critical'];
  const events = Array.from({ length: 200 }, (_, index) =>
    numbered(index, 'Opened', 0, { Severity__c: severities[index % 4] ?? 'Low' }),
  );
  await org.publish(...events);
  assert.equal(org.rows('Case').length, 150);
  const failed = org.rows('Asset_Signal__c').filter((row) => row['Disposition__c'] === 'Failed');
  assert.equal(failed.length, 50);
  for (const row of failed) {
    assert.equal(row['Severity__c'], 'Low');
    assert.ok(String(row['Disposition_Reason__c']).includes(message));
  }
  await org.deploy((metadata) => metadata);
  await retry(org);
  assert.equal(org.rows('Case').length, 200);
  assert.ok(org.rows('Asset_Signal__c').every((row) => row['Disposition__c'] === 'Acted'));
});

test('a rule on comments costs the comment, not the step up', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  await org.deploy(withRule(ruleOn('CaseComment', 'NOT(ISBLANK(CommentBody))')));
  await org.publish(event('Updated', 1, { Severity__c: 'Critical' }));
  assert.equal(endOf(org, { Phase__c: 'Updated' })[0], 'Acted');
  assert.ok(String(org.only('Signal_Failure__c')['Reason__c']).includes(message));
});
