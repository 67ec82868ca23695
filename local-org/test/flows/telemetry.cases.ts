import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

const openView = (org: PackageOrg): string =>
  org.insert('Telemetry_View__c', {
    Asset__c: org.ids.asset,
    Range_Minutes__c: 15,
    Requested_At__c: '2026-11-23T06:00:00.000Z',
    Live_Until__c: '2026-11-23T06:02:00.000Z',
  });

const notices = (org: PackageOrg): unknown[] =>
  org.published('Signal_Notice__e').map(({ Kind__c, Record_Id__c }) => [Kind__c, Record_Id__c]);

test('a new telemetry view tells the bridge once, by its id and nothing else', async () => {
  const org = await makePackageOrg();
  const view = openView(org);
  assert.equal(view.length, 18);
  assert.deepEqual(notices(org), [['Telemetry', view]]);
});

test('asking again tells the bridge again; renewing the lease and answering do not', async () => {
  const org = await makePackageOrg();
  const view = openView(org);
  await org.update('Telemetry_View__c', view, { Live_Until__c: '2026-11-23T06:03:00.000Z' });
  await org.update(
    'Telemetry_View__c',
    view,
    { Series__c: '{"v":1}', Answered_At__c: '2026-11-23T06:01:00.000Z', Bridge_Message__c: 'none' },
    'bridge',
  );
  assert.equal(notices(org).length, 1);
  await org.update('Telemetry_View__c', view, { Requested_At__c: '2026-11-23T06:01:30.000Z' });
  assert.deepEqual(notices(org), [
    ['Telemetry', view],
    ['Telemetry', view],
  ]);
});

test('a notice that cannot be published is kept as a failure, and the view stays', async () => {
  const org = await makePackageOrg([], { hourlyPublished: 0, dailyDelivered: 0 });
  const view = openView(org);
  assert.equal(org.only('Telemetry_View__c')['Id'], view);
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Stage__c'], 'Notice');
  assert.match(String(failure['Reason__c']), /LIMIT_EXCEEDED|limit/i);
  assert.match(String(failure['Payload__c']), new RegExp(view));
});
