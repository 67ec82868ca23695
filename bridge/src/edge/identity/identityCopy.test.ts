import assert from 'node:assert/strict';
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import type { IdentityChange } from '../../ports/identity.ts';
import { openIdentityCopy } from './identityCopy.ts';

const id = toRecordId;
const at = toEpochMs;
const pump = toDeviceKey('pump-1');
const page = (changes: readonly IdentityChange[], stamp = 's1') => ({
  changes,
  upTo: { stamp, id: 'x' },
  more: false,
});
const device = (name: string, key: string, aliases: readonly string[] = [], asset?: string) => ({
  kind: 'device' as const,
  record: {
    id: id(name),
    key: toDeviceKey(key),
    aliases,
    ...(asset !== undefined && { assetId: id(asset) }),
  },
});
const installation = (name: string, on: string | undefined, from: number, to?: number) => ({
  kind: 'installation' as const,
  record: {
    id: id(name),
    deviceId: id('d1'),
    ...(on !== undefined && { assetId: id(on) }),
    from: at(from),
    ...(to !== undefined && { to: at(to) }),
  },
});
const ownership = (name: string, asset: string, account: string) => ({
  kind: 'ownership' as const,
  record: { id: id(name), assetId: id(asset), accountId: id(account), from: at(0) },
});
const asset = (name: string, account?: string) => ({
  kind: 'asset' as const,
  record: { id: id(name), ...(account !== undefined && { accountId: id(account) }) },
});

function inFolder(work: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'));
  try {
    work(join(folder, 'identity.sqlite'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a name finds its device with all timelines that are about it, and nothing else', () => {
  using copy = openIdentityCopy(':memory:');
  const devices = [device('d1', 'pump-1', ['SN-1'], 'a1'), device('d2', 'pump-2', ['SN-2'], 'a9')];
  copy.apply('device', page(devices));
  const placed = [installation('i2', 'a2', 20), installation('i1', undefined, 5, 20)];
  copy.apply('installation', page(placed));
  copy.apply('ownership', page([ownership('o1', 'a2', 'c1'), ownership('o9', 'a9', 'c9')]));
  copy.apply('device-asset', page([asset('a1', 'c1'), asset('a2'), asset('a9', 'c9')]));
  const expected = {
    devices: [devices[0]?.record],
    installations: [placed[1]?.record, placed[0]?.record],
    ownerships: [ownership('o1', 'a2', 'c1').record],
    assets: [asset('a1', 'c1').record, asset('a2').record],
  };
  assert.deepEqual(copy.facts(pump), expected);
  assert.deepEqual(copy.facts(toDeviceKey('SN-1')), expected);
  assert.deepEqual(copy.facts(toDeviceKey('SN-3')).devices, []);
  assert.deepEqual(copy.counts(), { devices: 2, installations: 2 });
});

test('a change replaces what was there, also the aliases, and a deletion takes it away', () => {
  using copy = openIdentityCopy(':memory:');
  copy.apply('device', page([device('d1', 'pump-1', ['old'])]));
  copy.apply('installation', page([installation('i1', 'a1', 5)]));
  copy.apply('device', page([device('d1', 'pump-1', ['new'])]));
  copy.apply('installation', page([installation('i1', 'a1', 5, 9)]));
  assert.equal(copy.facts(toDeviceKey('old')).devices.length, 0);
  assert.equal(copy.facts(toDeviceKey('new')).installations[0]?.to, 9);
  copy.apply('installation', page([{ kind: 'deleted', id: id('i1') }]));
  assert.deepEqual(copy.facts(pump).installations, []);
  copy.apply('device', page([{ kind: 'deleted', id: id('d1') }]));
  assert.deepEqual(copy.facts(pump).devices, []);
  assert.deepEqual(copy.facts(toDeviceKey('new')).devices, []);
});

test('it goes on after a restart from where it was, and is empty after it was cleared', () => {
  inFolder((file) => {
    {
      using copy = openIdentityCopy(file);
      copy.apply('device', page([device('d1', 'pump-1')], 's7'));
    }
    using copy = openIdentityCopy(file);
    assert.deepEqual([...copy.upTo()], [['device', { stamp: 's7', id: 'x' }]]);
    copy.markComplete(at(5));
    copy.clear();
    assert.equal(copy.completeAt(), undefined);
    assert.equal(copy.upTo().size, 0);
    assert.equal(copy.facts(pump).devices.length, 0);
  });
});

test('a page with a row that cannot be kept changes nothing', () => {
  using copy = openIdentityCopy(':memory:');
  const broken = { ...installation('i1', 'a1', 5).record, deviceId: undefined };
  const changes = [device('d1', 'pump-1'), { kind: 'installation', record: broken }];
  assert.throws(() => copy.apply('device', page(changes as unknown as IdentityChange[])));
  assert.equal(copy.facts(pump).devices.length, 0);
  assert.equal(copy.upTo().size, 0);
});

test('it answers which devices something was learnt of, by all their names, before and after', () => {
  using copy = openIdentityCopy(':memory:');
  const [one, two] = [device('d1', 'pump-1', ['SN-1']), device('d2', 'pump-2', [], 'a2')];
  const learn = (change: IdentityChange) => [...copy.apply('device', page([change]))].toSorted();
  assert.deepEqual(learn(one), ['SN-1', 'pump-1']);
  assert.deepEqual(learn(one), [], 'what is read again is no news');
  assert.deepEqual(learn(two), ['pump-2']);
  assert.deepEqual(learn(installation('i1', 'a1', 5)), ['SN-1', 'pump-1']);
  assert.deepEqual(learn(ownership('o1', 'a1', 'c1')), ['SN-1', 'pump-1']);
  assert.deepEqual(learn(asset('a2', 'c1')), ['pump-2']);
  assert.deepEqual(learn(asset('a2', 'c1')), []);
  assert.deepEqual(learn(device('d1', 'pump-1', ['SN-2'])), ['SN-1', 'SN-2', 'pump-1']);
  const moved = {
    kind: 'installation',
    record: { ...installation('i1', 'a1', 5).record, deviceId: id('d2') },
  };
  assert.deepEqual(learn(moved as IdentityChange), ['SN-2', 'pump-1', 'pump-2']);
  assert.deepEqual(learn({ kind: 'deleted', id: id('d1') }), ['SN-2', 'pump-1']);
  assert.deepEqual(learn({ kind: 'deleted', id: id('d1') }), []);
});

test('its version changes with what it answers, and only then', () => {
  using copy = openIdentityCopy(':memory:');
  const versions = [copy.version()];
  for (const one of [device('d1', 'pump-1'), device('d1', 'pump-1'), device('d1', 'pump-2')]) {
    copy.apply('device', page([one]));
    versions.push(copy.version());
  }
  assert.deepEqual(versions, [0, 1, 1, 2]);
});

test('held against all of the org it drops what is no longer told, and knows when that was', () => {
  inFolder((file) => {
    {
      using copy = openIdentityCopy(file);
      copy.apply('device', page([device('d1', 'pump-1', [], 'a1'), device('d2', 'pump-2')]));
      copy.apply('installation', page([installation('i1', 'a1', 5), installation('i2', 'a1', 9)]));
      copy.beginComparison();
      copy.apply('device', page([device('d1', 'pump-1', [], 'a1')]));
    }
    using copy = openIdentityCopy(file);
    assert.equal(copy.comparedAt(), undefined, 'a restart has interrupted it');
    copy.markComplete(at(3));
    assert.equal(copy.comparedAt(), 3, 'the first time is one');
    copy.beginComparison();
    copy.apply('device', page([device('d1', 'pump-1', [], 'a1')]));
    copy.apply('installation', page([installation('i2', 'a1', 9)]));
    assert.deepEqual([...copy.endComparison(at(7))].toSorted(), ['pump-1', 'pump-2']);
    assert.deepEqual(copy.counts(), { devices: 1, installations: 1 });
    assert.deepEqual([copy.completeAt(), copy.comparedAt()], [3, 7]);
  });
});

test('a file that is no copy is made anew, to be filled from the org again', () => {
  inFolder((file) => {
    writeFileSync(file, 'this was a disk that lied'.repeat(500));
    using copy = openIdentityCopy(file);
    assert.equal(copy.upTo().size, 0);
    copy.apply('device', page([device('d1', 'pump-1')]));
    assert.equal(copy.facts(pump).devices.length, 1);
  });
});

test('a file of which a part is damaged is made anew as soon as that shows, and what is read of it meanwhile fails', () => {
  const keys = Array.from({ length: 3_000 }, (_, index) => `pump-${index}`);
  const findAll = (copy: ReturnType<typeof openIdentityCopy>): void =>
    keys.forEach((key) => copy.facts(toDeviceKey(key)));
  // What is read at a start stands in the first pages.
  for (const [from, showsAtOnce] of [
    [16_384, true],
    [65_536, false],
  ] as const) {
    inFolder((file) => {
      {
        using copy = openIdentityCopy(file);
        copy.apply('device', page(keys.map((key) => device(`id of ${key}`, key))));
        copy.markComplete(at(3));
      }
      const damaged = openSync(file, 'r+');
      writeSync(damaged, Buffer.alloc(statSync(file).size / 2, 0xa5), 0, undefined, from);
      closeSync(damaged);

      using copy = openIdentityCopy(file);
      assert.equal(copy.completeAt(), showsAtOnce ? undefined : 3);
      if (!showsAtOnce) assert.throws(() => findAll(copy), /malformed/);
      assert.deepEqual(
        [copy.upTo().size, copy.completeAt(), copy.comparedAt()],
        [0, undefined, undefined],
      );
      assert.equal(copy.version(), showsAtOnce ? 0 : 1);
      assert.deepEqual(copy.counts(), { devices: 0, installations: 0 });
      findAll(copy);
      copy.apply('device', page([device('d1', 'pump-1')]));
      assert.equal(copy.facts(pump).devices.length, 1);
    });
  }
});
