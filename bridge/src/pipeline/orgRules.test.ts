import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyOf } from '../core/fixtures/policies.ts';
import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import type { OrgPolicy } from '../ports/policies.ts';
import { orgRulesOf, placesOf } from './orgRules.ts';

const id = toRecordId('a01000000000001AAA');
const told = { status: '', message: '' };
const stuck = { kind: 'stuck', repeats: 3 } as const;
const first = policyOf(stuck, { key: 'p', match: { device: 'pump-1', metric: 'flow' } });

test('a policy that makes no sense leaves its last good version in force, and says which', () => {
  const bad: OrgPolicy = { kind: 'bad', id, key: 'p', version: 2, problem: 'x'.repeat(255), told };
  const { org, verdicts } = orgRulesOf([bad], [first]);
  assert.deepEqual(org, [first]);
  const [{ status, message } = { status: '', message: '' }] = verdicts;
  assert.equal(status, 'Refused');
  assert.equal(message.length, 255);
  assert.ok(message.endsWith('x Version 1 stays in force.'));
  const fresh = orgRulesOf([{ ...bad, problem: 'no' }], []);
  assert.deepEqual(fresh.org, []);
  assert.deepEqual(fresh.verdicts, [{ id, status: 'Refused', message: 'no' }]);
});

test('what stands at a policy already is not said again', () => {
  const good: OrgPolicy = { kind: 'good', id, policy: first, told };
  assert.deepEqual(orgRulesOf([good], []).verdicts, [{ id, status: 'In Force', message: '' }]);
  const known = { ...good, told: { status: 'In Force', message: '' } };
  assert.deepEqual(orgRulesOf([known], []), { org: [first], off: [], verdicts: [] });
});

test('one that is off switches its key off, one that is gone or only routes is not there', () => {
  const off: OrgPolicy = { kind: 'off', id, key: 'p', told };
  const idle: OrgPolicy = { kind: 'idle', id, key: 'q', told };
  const { org, off: keys, verdicts } = orgRulesOf([off, idle], [first]);
  assert.deepEqual([org, keys], [[], ['p']]);
  assert.deepEqual(verdicts, [{ id, status: 'Waiting', message: 'It is not active.' }]);
  assert.deepEqual(orgRulesOf([], [first]), { org: [], off: [], verdicts: [] });
});

test('a policy whose device was deleted does not become one for all devices', () => {
  const policy = { ...first, match: { metric: 'flow' } };
  const orphan: OrgPolicy = { kind: 'good', id, policy, told };
  const { org, verdicts } = orgRulesOf([orphan], [first]);
  assert.deepEqual(org, [first]);
  assert.equal(verdicts[0]?.status, 'Refused');
  assert.match(verdicts[0].message, /has been deleted/);
  assert.ok(verdicts[0].message.length <= 255);
  // Somebody has saved it so, which raises the version.
  const meant = { ...policy, version: 2 };
  assert.deepEqual(orgRulesOf([{ ...orphan, policy: meant }], [first]).org, [meant]);
});

test('places are those of devices on named Assets and of named Accounts, as of now', () => {
  using copy = openIdentityCopy(':memory:');
  const [asset, other] = [toRecordId('02i000000000001AAA'), toRecordId('02i000000000002AAA')];
  const [owner, buyer] = [toRecordId('001000000000001AAA'), toRecordId('001000000000002AAA')];
  const deviceId = toRecordId('a02000000000001AAA');
  const from = toEpochMs(1_000);
  const policies = [
    policyOf(stuck, { key: 'a', match: { assetId: asset } }),
    policyOf(stuck, { key: 'b', match: { accountId: buyer } }),
  ];
  assert.equal(placesOf(policies, copy, from), undefined, 'nothing is known yet');
  assert.deepEqual(placesOf([first], copy, from), new Map());
  const upTo = undefined;
  copy.apply('device', {
    changes: [
      { kind: 'device', record: { id: deviceId, key: toDeviceKey('d'), aliases: ['SN-1'] } },
    ],
    upTo,
  });
  copy.apply('installation', {
    changes: [
      {
        kind: 'installation',
        record: { id: toRecordId('i1'), deviceId, assetId: asset, from, to: toEpochMs(2_000) },
      },
      {
        kind: 'installation',
        record: { id: toRecordId('i2'), deviceId, assetId: other, from: toEpochMs(2_000) },
      },
    ],
    upTo,
  });
  copy.apply('device-asset', {
    changes: [
      { kind: 'asset', record: { id: asset, accountId: owner } },
      { kind: 'asset', record: { id: other, accountId: buyer } },
    ],
    upTo,
  });
  copy.markComplete(from);
  const at = (now: number) =>
    [...(placesOf(policies, copy, toEpochMs(now)) ?? [])].toSorted(([one], [another]) =>
      one < another ? -1 : 1,
    );
  assert.deepEqual(at(1_500), [
    ['SN-1', { assetId: asset }],
    ['d', { assetId: asset }],
  ]);
  assert.deepEqual(at(2_500), [
    ['SN-1', { accountId: buyer }],
    ['d', { accountId: buyer }],
  ]);
});
