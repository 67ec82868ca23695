import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import type { IdentityChange } from '../ports/identity.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { makeDirectory } from './directory.ts';

const id = toRecordId;
const at = toEpochMs;
const pump = toDeviceKey('pump-1');
const serial = toDeviceKey('SN-1');
const HOUR = 3_600_000;

function setUp() {
  const copy = openIdentityCopy(':memory:');
  const logger = makeTestLogger();
  const outcomes: string[] = [];
  let now = 1_000;
  let reads = 0;
  let isBroken = false;
  const directory = makeDirectory({
    copy: {
      ...copy,
      facts(name) {
        reads += 1;
        if (isBroken) throw new Error('disk I/O error');
        return copy.facts(name);
      },
    },
    clock: () => at(now),
    counters: { eventAttributed: (outcome) => void outcomes.push(outcome) },
    logger,
    trustForMs: HOUR,
  });
  return {
    copy,
    directory,
    logger,
    outcomes,
    reads: () => reads,
    pass: (milliseconds: number) => (now += milliseconds),
    break: (broken: boolean) => (isBroken = broken),
    tell(...changes: IdentityChange[]): void {
      copy.apply('device', { changes, upTo: undefined });
      copy.markComplete(at(now));
    },
    [Symbol.dispose]: () => copy[Symbol.dispose](),
  };
}

const record = { id: id('d1'), key: pump, aliases: ['SN-1'], assetId: id('a2') };
const device: IdentityChange = { kind: 'device', record };
const placed = (name: string, asset: string, from: number, to?: number): IdentityChange => ({
  kind: 'installation',
  record: {
    ...{ id: id(name), deviceId: id('d1'), assetId: id(asset), from: at(from) },
    ...(to !== undefined && { to: at(to) }),
  },
});
const asset: IdentityChange = { kind: 'asset', record: { id: id('a2'), accountId: id('c2') } };

test('a signal is attributed as of its time, by the key or another name of its device', () => {
  using box = setUp();
  box.tell(device, placed('i1', 'a1', 0, 100), placed('i2', 'a2', 100), asset);
  const { directory } = box;
  assert.deepEqual(directory.identify(pump, at(99)), { installationId: 'i1', assetId: 'a1' });
  const now = { installationId: 'i2', assetId: 'a2', accountId: 'c2' };
  assert.deepEqual(directory.identify(pump, at(100)), now);
  assert.deepEqual(directory.identify(serial, at(100)), { device: pump, ...now });
  assert.deepEqual(box.outcomes, ['matched', 'matched', 'matched']);
});

test('a device is looked up once, until something changes', () => {
  using box = setUp();
  box.tell(device, asset);
  for (let time = 0; time < 10; time += 1) box.directory.identify(pump, at(time));
  assert.equal(box.reads(), 1);
  assert.equal(box.directory.identify(pump, at(50)).assetId, 'a2');
  box.tell(placed('i1', 'a1', 0));
  assert.equal(box.directory.identify(pump, at(50)).assetId, 'a1');
  assert.equal(box.reads(), 2);
});

test('who is unknown, or on two Assets at once, stays unmatched', () => {
  using box = setUp();
  box.tell(device, placed('i1', 'a1', 0), placed('i2', 'a2', 100));
  assert.deepEqual(box.directory.identify(pump, at(150)), {});
  assert.deepEqual(box.directory.identify(toDeviceKey('nobody'), at(150)), {});
  assert.deepEqual(box.outcomes, ['unmatched', 'unmatched']);
});

test('before everything was read the org is left to find out, and half of a copy is not believed', () => {
  using box = setUp();
  box.copy.apply('device', { changes: [device, asset], upTo: undefined });
  assert.deepEqual(box.directory.identify(serial, at(1)), {});
  assert.deepEqual(box.outcomes, ['left-to-org']);
  assert.equal(box.reads(), 0);
});

test('a copy that is too old says no more than which device an alias stands for', () => {
  using box = setUp();
  box.tell(device, asset);
  box.pass(HOUR);
  assert.equal(box.directory.identify(pump, at(1)).assetId, 'a2');
  box.pass(1);
  assert.deepEqual(box.directory.identify(pump, at(1)), {});
  assert.deepEqual(box.directory.identify(serial, at(1)), { device: pump });
  assert.deepEqual(box.outcomes.slice(1), ['left-to-org', 'left-to-org']);
});

test('a copy that cannot be read is said once and holds nothing up', () => {
  using box = setUp();
  box.tell(device, asset);
  box.break(true);
  assert.deepEqual(box.directory.identify(pump, at(1)), {});
  assert.deepEqual(box.directory.identify(pump, at(1)), {});
  assert.equal(box.logger.lines.length, 1);
  assert.match(box.logger.lines[0] ?? '', /delete identity\.sqlite/);
  box.break(false);
  assert.equal(box.directory.identify(pump, at(1)).assetId, 'a2');
});
