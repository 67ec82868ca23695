import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toDeviceKey } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import type { Policy, PolicyMatch } from '../../model/policy.ts';
import { policyOf } from '../fixtures/policies.ts';
import { makeRandom } from '../fixtures/random.ts';
import { effectivePolicies, explainPolicies } from './effective.ts';

const stuck = { kind: 'stuck', repeats: 3 } as const;
const policy = (key: string, match: PolicyMatch, signalType = 'fault.stuck'): Policy =>
  policyOf(stuck, { key, match, signalType });
const scope = {
  device: toDeviceKey('pump-1'),
  deviceType: 'pump',
  assetId: toRecordId('a1'),
  accountId: toRecordId('c1'),
};
const keysOf = (policies: readonly Policy[]) =>
  effectivePolicies(policies, scope).map((one) => one.policy.key);

test('of policies about the same the closest to the device holds', () => {
  const all = policy('all', {});
  const kind = policy('kind', { deviceType: 'pump' });
  const account = policy('account', { accountId: scope.accountId });
  const asset = policy('asset', { assetId: scope.assetId });
  const device = policy('device', { device: 'pump-1' });
  const order = [device, asset, account, kind, all];
  for (let from = 0; from < order.length; from += 1) {
    assert.deepEqual(keysOf(order.slice(from).toReversed()), [order[from]?.key]);
  }
  const [effective] = effectivePolicies(order, scope);
  assert.equal(effective?.reach, 'device');
  assert.deepEqual(effective?.instead, [asset, account, kind, all]);
});

test('a policy of another device, kind, Asset or Account holds nothing back', () => {
  const others = [
    policy('a', { device: 'pump-2' }),
    policy('b', { assetId: toRecordId('a2') }),
    policy('c', { accountId: toRecordId('c2') }),
    policy('d', { deviceType: 'fan' }),
    policy('e', { device: 'pump-1', deviceType: 'fan' }),
  ];
  assert.deepEqual(keysOf([...others, policy('all', {})]), ['all']);
});

test('policies about another metric or another signal type hold side by side, in their order', () => {
  const policies = [
    policy('z', { metric: 'flow' }),
    policy('y', { metric: 'flow', deviceType: 'pump' }, 'fault.flow-low'),
    policy('x', { metric: 'heat', device: 'pump-1' }),
  ];
  assert.deepEqual(keysOf(policies), ['z', 'y', 'x']);
});

test('of two as close the one that names more holds, and both where they name the same', () => {
  const both = policy('z', { deviceType: 'pump', assetId: scope.assetId });
  assert.deepEqual(keysOf([policy('a', { assetId: scope.assetId }), both]), ['z']);
  assert.deepEqual(keysOf([policy('b', {}), policy('a', {}), policy('c', {})]), ['b', 'a', 'c']);
});

test('what holds is said in a line each, with what gave way', () => {
  const policies = [policy('all', {}), policy('own', { device: 'pump-1' })];
  assert.deepEqual(explainPolicies(effectivePolicies(policies, scope)), [
    'own version 1: fault.stuck in every metric without a policy of its own by stuck, ' +
      'for the device, before all (for all devices)',
  ]);
});

test('the order of the list never changes what holds', () => {
  const random = makeRandom(5);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  for (let round = 0; round < 200; round += 1) {
    const policies = Array.from({ length: 6 }, (_, index) =>
      policy(`p${index}`, {
        ...(random.below(2) === 0 && { deviceType: 'pump' }),
        ...(random.below(3) === 0 && { device: 'pump-1' }),
        ...(random.below(3) === 0 && { assetId: scope.assetId }),
        ...(random.below(2) === 0 && { metric: pick(['flow', 'heat']) }),
      }),
    );
    const shuffled = policies.toSorted(() => random.next() - 0.5);
    assert.deepEqual(keysOf(shuffled).toSorted(), keysOf(policies).toSorted());
  }
});
