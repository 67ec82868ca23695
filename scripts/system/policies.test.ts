import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeOrgPolicies } from '../../bridge/src/edge/salesforce/orgPolicies.ts';
import type { OrgPolicy } from '../../bridge/src/ports/policies.ts';
import { restOf } from './orgSession.ts';
import { makeWorld } from './world.ts';

const keyOf = (policy: OrgPolicy): string =>
  policy.kind === 'good' ? policy.policy.key : policy.key;

test('the bridge reads the policies of service managers and tells them what became of each', async () => {
  await using world = await makeWorld();
  const { state } = await world.startOrg();
  const admin = await world.admin(state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const [device] = (await admin.query('SELECT Id FROM Signal_Device__c')) as { Id: string }[];
  await admin.create('Signal_Policy__c', [
    {
      Name: 'Own limit of pump 1',
      Policy_Key__c: 'own-limit',
      Active__c: true,
      Route__c: 'Case',
      Signal_Type__c: 'fault.vibration-high',
      Severity__c: 'High',
      Detector__c: 'threshold',
      Direction__c: 'above',
      Limit__c: 9,
      Clear_Limit__c: 6,
      Metric__c: 'vibration',
      Device__c: device?.Id ?? '',
    },
  ]);

  const policies = makeOrgPolicies({ rest: restOf(world, state), namespace: '' });
  const read = await policies.read();
  assert.ok(read.ok, read.ok ? '' : read.error.reason);
  const own = read.value.find((one) => keyOf(one) === 'own-limit');
  assert.equal(own?.kind, 'good');
  assert.deepEqual(own.policy, {
    key: 'own-limit',
    latencyClass: 'Immediate',
    version: 1,
    match: { device: 'pump-001', metric: 'vibration' },
    signalType: 'fault.vibration-high',
    severity: 'High',
    detector: { kind: 'threshold', direction: 'above', limit: 9, clear: 6 },
    openAfterMs: 0,
    clearAfterMs: 0,
    updateEveryMs: 900_000,
  });
  // Those that the demo makes only say what the org does.
  assert.ok(read.value.some(({ kind }) => kind === 'idle'));

  const told = await policies.tell([
    { id: own.id, status: 'Refused', message: 'Limit is beyond what the sensor can say.' },
  ]);
  assert.ok(told.ok, told.ok ? '' : told.error.reason);
  const [record] = await admin.query(
    "SELECT Bridge_Status__c, Bridge_Message__c, Version__c FROM Signal_Policy__c WHERE Policy_Key__c = 'own-limit'",
  );
  const { Bridge_Status__c, Bridge_Message__c, Version__c } = record as Record<string, unknown>;
  assert.deepEqual(
    [Bridge_Status__c, Bridge_Message__c, Version__c],
    ['Refused', 'Limit is beyond what the sensor can say.', 1],
  );
});
