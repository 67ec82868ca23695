import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { DeviceKey } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import { err, ok } from '../model/result.ts';
import type { LateAttribution, UnmatchedSignal, UnmatchedSignals } from '../ports/identity.ts';
import { reattribute } from './reattribute.ts';

const id = toRecordId;
const pump = toDeviceKey('pump-1');
const going = new AbortController().signal;

/** A device that was on a1 until 100 and on a2 since, of two owners. */
function makeCopy() {
  const copy = openIdentityCopy(':memory:');
  const all = { upTo: undefined, more: false };
  const device = { id: id('d1'), key: pump, aliases: ['SN-1'] };
  copy.apply('device', { changes: [{ kind: 'device', record: device }], ...all });
  const placed = [
    { id: id('i1'), deviceId: id('d1'), assetId: id('a1'), from: toEpochMs(0), to: toEpochMs(100) },
    { id: id('i2'), deviceId: id('d1'), assetId: id('a2'), from: toEpochMs(100) },
  ];
  const changes = placed.map((record) => ({ kind: 'installation' as const, record }));
  copy.apply('installation', { changes, ...all });
  const asset = { id: id('a1'), accountId: id('c1') };
  copy.apply('device-asset', { changes: [{ kind: 'asset', record: asset }], ...all });
  return copy;
}

/** An org with these signals, in pages of two; it keeps what is written and what was asked. */
function makeOrg(signals: readonly UnmatchedSignal[]) {
  const written: LateAttribution[] = [];
  const asked: (readonly DeviceKey[] | 'all')[] = [];
  const unmatched: UnmatchedSignals = {
    async find(before, devices) {
      asked.push(devices);
      const wanted = signals.filter(
        (one) =>
          (before === undefined || one.id < before) &&
          (devices === 'all' || devices.includes(one.device)),
      );
      return ok(wanted.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, 2));
    },
    async write(attributions) {
      written.push(...attributions);
      return ok(attributions.length);
    },
  };
  return { unmatched, written, asked };
}

const signal = (name: string, at: number, changes: Partial<UnmatchedSignal> = {}) => ({
  id: id(name),
  device: pump,
  occurredAt: toEpochMs(at),
  ...changes,
});

test('earlier signals get the Asset and the Account of their own time, by any name of the device', async () => {
  using copy = makeCopy();
  const late = [
    signal('s1', 50),
    signal('s2', 99, { device: toDeviceKey('SN-1') }),
    signal('s3', 100),
  ];
  const { unmatched, written } = makeOrg(late);
  assert.deepEqual(await reattribute({ copy, unmatched }, 'all', going), ok(3));
  const first = { deviceId: 'd1', installationId: 'i1', assetId: 'a1', accountId: 'c1' };
  assert.deepEqual(
    written.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    [
      { id: 's1', ...first },
      { id: 's2', ...first },
      { id: 's3', deviceId: 'd1', installationId: 'i2', assetId: 'a2' },
    ],
  );
});

test('what is still unknown, or contradicts what a person has set, is left alone', async () => {
  using copy = makeCopy();
  const { unmatched, written } = makeOrg([
    signal('s1', -5),
    signal('s2', 50, { device: toDeviceKey('nobody') }),
    signal('s3', 50, { assetId: id('a9') }),
    signal('s4', 150, { assetId: id('a2') }),
    signal('s5', 50, { assetId: id('a1') }),
  ]);
  assert.deepEqual(await reattribute({ copy, unmatched }, 'all', going), ok(1));
  assert.deepEqual(
    written.map(({ id: name, accountId }) => [name, accountId]),
    [['s5', 'c1']],
  );
});

test('only the devices that something was learnt of are asked for, fifty at a time', async () => {
  using copy = makeCopy();
  const { unmatched, asked } = makeOrg([]);
  const devices = new Set(Array.from({ length: 120 }, (_, index) => toDeviceKey(`d-${index}`)));
  await reattribute({ copy, unmatched }, devices, going);
  assert.deepEqual(
    asked.map((keys) => keys.length),
    [50, 50, 20],
  );
  asked.length = 0;
  await reattribute({ copy, unmatched }, new Set(), going);
  assert.deepEqual(asked, []);
});

test('an org that goes away in between is said, to try again', async () => {
  using copy = makeCopy();
  const failure = { kind: 'unreachable', reason: 'away', action: 'wait' } as const;
  const { unmatched } = makeOrg([signal('s1', 50)]);
  const broken = { ...unmatched, write: async () => err(failure) };
  assert.deepEqual(await reattribute({ copy, unmatched: broken }, 'all', going), err(failure));
});
