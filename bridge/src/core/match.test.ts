import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey } from '../model/brand.ts';
import type { PolicyMatch } from '../model/policy.ts';
import { policyOf } from './fixtures/policies.ts';
import { planFor } from './match.ts';

const stuck = { kind: 'stuck', repeats: 3 } as const;
const value = (key: string, match: PolicyMatch) => policyOf(stuck, { key, match });
const policies = [
  value('fallback', {}),
  value('pump-fallback', { deviceType: 'pump' }),
  value('pump-vibration', { deviceType: 'pump', metric: 'vibration' }),
  value('any-vibration', { metric: 'vibration' }),
  value('one-flow', { device: 'pump-007', metric: 'flow' }),
  policyOf({ kind: 'silence', afterMs: 1000 }, { key: 'silent', match: { deviceType: 'pump' } }),
];

function keysFor(device: string, type: string | undefined, metric: string): readonly string[] {
  return planFor(policies, { device: toDeviceKey(device), deviceType: type })
    .forMetric(metric)
    .map(({ key }) => key);
}

test('the closest policy that names the metric watches it, and no fallback', () => {
  assert.deepEqual(keysFor('pump-001', 'pump', 'vibration'), ['pump-vibration']);
  assert.deepEqual(keysFor('fan-1', 'fan', 'vibration'), ['any-vibration']);
});

test('a metric nobody names is watched by the fallbacks of the device', () => {
  assert.deepEqual(keysFor('pump-001', 'pump', 'flow'), ['pump-fallback']);
  assert.deepEqual(keysFor('fan-1', undefined, 'flow'), ['fallback']);
});

test('a rule for one device takes the metric from the fallbacks of that device only', () => {
  assert.deepEqual(keysFor('pump-007', 'pump', 'flow'), ['one-flow']);
});

test('silence judges the device and names no metric', () => {
  const plan = planFor(policies, { device: toDeviceKey('pump-001'), deviceType: 'pump' });
  assert.deepEqual(
    plan.device.map(({ key }) => key),
    ['silent'],
  );
  assert.deepEqual(planFor(policies, { device: toDeviceKey('x') }).device, []);
});
