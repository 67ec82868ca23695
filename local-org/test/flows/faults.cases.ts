import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from './packageOrg.ts';
import type { Breakage } from './breakable.ts';

const first: readonly (readonly [string, Breakage])[] = [
  ['the Case cannot be created', { write: ['insert Case'] }],
  ['Cases cannot be read', { get: ['Case'] }],
];
for (const [what, breakage] of first) {
  test(`${what}: the signal is Failed with the platform's message, and a retry opens the Case`, async () => {
    const org = await makePackageOrg();
    org.break(breakage);
    await org.publish(event('Opened'));
    const signal = org.only('Asset_Signal__c');
    assert.equal(signal['Disposition__c'], 'Failed');
    assert.match(String(signal['Disposition_Reason__c']), /by a test/);
    org.break({});
    await org.update('Asset_Signal__c', String(signal['Id']), {
      Retry_Requested_At__c: '2026-11-23T06:30:00.000Z',
    });
    assert.equal(org.only('Asset_Signal__c')['Disposition__c'], 'Acted');
    assert.equal(org.rows('Case').length, 1);
  });
}

test('a retry of a signal that has its end changes nothing', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  const signal = org.only('Asset_Signal__c');
  await org.update('Asset_Signal__c', String(signal['Id']), {
    Retry_Requested_At__c: '2026-11-23T06:30:00.000Z',
  });
  assert.equal(org.rows('Case').length, 1);
  assert.equal(org.only('Asset_Signal__c')['Case__c'], signal['Case__c']);
});

const later: readonly (readonly [string, Breakage, 'Updated' | 'Cleared'])[] = [
  ['the Case cannot be updated', { write: ['update Case'] }, 'Updated'],
  ['the Case cannot be stamped', { write: ['update Case'] }, 'Cleared'],
  ['the comment cannot be written', { write: ['insert CaseComment'] }, 'Cleared'],
  ['the policy cannot be read', { get: ['Signal_Policy__c'] }, 'Updated'],
];
for (const [what, breakage, phase] of later) {
  test(`${what}: the signal is not lost`, async () => {
    const org = await makePackageOrg();
    await org.publish(event('Opened'));
    org.break(breakage);
    await org.publish(event(phase, 1));
    const signal = org.rows('Asset_Signal__c').find(({ Phase__c }) => Phase__c === phase);
    assert.notEqual(signal?.['Disposition__c'], 'Received');
    assert.notEqual(signal?.['Disposition__c'], 'Acted');
    assert.ok(String(signal?.['Disposition_Reason__c']).length > 5);
    assert.equal(org.rows('Case').length, 1);
  });
}

test('closing a Case that refuses is a failure of the signal, not a silence', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Close_When_Cleared__c: true });
  await org.publish(event('Opened'));
  org.break({ write: ['update Case'] });
  await org.publish(event('Cleared', 1));
  const signal = org.rows('Asset_Signal__c').find(({ Phase__c }) => Phase__c === 'Cleared');
  assert.equal(signal?.['Disposition__c'], 'Failed');
});

test('statuses that cannot be read leave the Case open and the signal acted', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Close_When_Cleared__c: true });
  await org.publish(event('Opened'));
  org.break({ get: ['CaseStatus'] });
  await org.publish(event('Cleared', 1));
  const signal = org.rows('Asset_Signal__c').find(({ Phase__c }) => Phase__c === 'Cleared');
  assert.equal(signal?.['Disposition__c'], 'Acted');
  assert.match(String(signal?.['Disposition_Reason__c']), /stays open/);
});

test('a disposition that cannot be saved is kept as a failure of routing', async () => {
  const org = await makePackageOrg();
  org.break({ write: ['update Asset_Signal__c'] });
  await org.publish(event('Opened'));
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Stage__c'], 'Route');
  assert.equal(failure['Event_Key__c'], 'episode-1 Opened 0');
  assert.match(String(failure['Reason__c']), /refused by a test/);
});
