import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeRandom } from '../core/fixtures/random.ts';
import type { Random } from '../core/fixtures/random.ts';
import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import type { AssetRecord, DeviceRecord, Installation, Ownership } from '../model/identity.ts';
import type { IdentityChange } from '../ports/identity.ts';
import { makeFolder } from '../testing/bridgeProcess.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { makeDirectory } from './directory.ts';

const LENGTH = 30;
const NAMES = ['k0', 'k1', 'k2', 'n0', 'n1', 'n2'];
const clock = () => toEpochMs(1);

/** The org in lists: what was told last of each record, and whom something is about by going through all of them. */
function makeModel() {
  const devices = new Map<string, DeviceRecord>();
  const installations = new Map<string, Installation>();
  const ownerships = new Map<string, Ownership>();
  const assets = new Map<string, AssetRecord>();
  const within = (spans: readonly (Installation | Ownership)[], at: number) =>
    spans.filter(({ from, to = Infinity }) => at >= from && at < to);
  return {
    tell(change: IdentityChange): void {
      if (change.kind === 'device') devices.set(change.record.id, change.record);
      if (change.kind === 'installation') installations.set(change.record.id, change.record);
      if (change.kind === 'ownership') ownerships.set(change.record.id, change.record);
      if (change.kind === 'asset') assets.set(change.record.id, change.record);
      if (change.kind === 'deleted')
        for (const all of [devices, installations, ownerships, assets]) all.delete(change.id);
    },
    /** Asset and Account, as far as they are certain. */
    whose(name: string, at: number): readonly [string | undefined, string | undefined] {
      const byKey = [...devices.values()].filter(({ key }) => key === name);
      const byAlias = [...devices.values()].filter(({ aliases }) => aliases.includes(name));
      const [device, ...others] = byKey.length > 0 ? byKey : byAlias;
      if (device === undefined || others.length > 0) return [undefined, undefined];
      const kept = [...installations.values()].filter(({ deviceId }) => deviceId === device.id);
      const on = within(kept, at);
      const asset =
        kept.length === 0 ? device.assetId : on.length === 1 ? on[0]?.assetId : undefined;
      if (asset === undefined) return [undefined, undefined];
      const owned = [...ownerships.values()].filter(({ assetId }) => assetId === asset);
      if (owned.length === 0) return [asset, assets.get(asset)?.accountId];
      const by = within(owned, at) as readonly Ownership[];
      return [asset, by.length === 1 ? by[0]?.accountId : undefined];
    },
  };
}

/** A record of a few, made, changed or deleted. */
function anyChange(random: Random): IdentityChange {
  const number = random.below(3);
  const asset = toRecordId(`a${random.below(3)}`);
  const from = toEpochMs(random.below(LENGTH));
  const to = toEpochMs(from + 1 + random.below(LENGTH));
  const span = { from, ...(random.below(3) > 0 && { to }) };
  const assetId = random.below(8) === 0 ? {} : { assetId: asset };
  switch (random.below(9)) {
    case 0:
    case 1: {
      // An alias may stand at two devices, or be the key of a third.
      const aliases = NAMES.filter((name) => name !== `k${number}` && random.below(4) === 0);
      const key = toDeviceKey(`k${number}`);
      return { kind: 'device', record: { id: toRecordId(`d${number}`), key, aliases, ...assetId } };
    }
    case 2:
    case 3:
    case 4: {
      const id = toRecordId(`i${random.below(5)}`);
      const deviceId = toRecordId(`d${number}`);
      return { kind: 'installation', record: { id, deviceId, ...assetId, ...span } };
    }
    case 5:
    case 6: {
      const id = toRecordId(`o${random.below(5)}`);
      const accountId = toRecordId(`c${number}`);
      return { kind: 'ownership', record: { id, assetId: asset, accountId, ...span } };
    }
    case 7:
      return { kind: 'asset', record: { id: asset, accountId: toRecordId(`now${number}`) } };
    default:
      return { kind: 'deleted', id: toRecordId(`${'dioa'[random.below(4)]}${random.below(5)}`) };
  }
}

test('whatever is told in whatever order, and however late something comes, it is about whom the org says for its time', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = makeRandom(seed);
  using folder = makeFolder();
  for (let round = 0; round < 8; round += 1) {
    const file = join(folder.path, `${round}.sqlite`);
    const model = makeModel();
    let copy = openIdentityCopy(file);
    const options = { clock, counters: noCounters, logger: makeTestLogger(), trustForMs: 1_000 };
    let directory = makeDirectory({ copy, ...options });
    copy.markComplete(clock());
    for (let step = 0; step < 60; step += 1) {
      const changes = Array.from({ length: 1 + random.below(4) }, () => anyChange(random));
      for (const change of changes) model.tell(change);
      copy.apply('device', { changes, upTo: undefined });
      if (random.below(20) === 0) {
        copy[Symbol.dispose]();
        copy = openIdentityCopy(file);
        directory = makeDirectory({ copy, ...options });
      }
      // Signals of all times, older after newer; most devices are remembered from the question before.
      for (let signal = 0; signal < 15; signal += 1) {
        const name = NAMES[random.below(NAMES.length)] ?? '';
        const at = random.below(2 * LENGTH);
        const { assetId, accountId } = directory.identify(toDeviceKey(name), toEpochMs(at));
        assert.deepEqual(
          [assetId, accountId],
          model.whose(name, at),
          `seed ${seed}, round ${round}, step ${step}: ${name} at ${at}`,
        );
      }
    }
    copy[Symbol.dispose]();
  }
});
