import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import { episodeKeyOf, eventKeyOf } from './keys.ts';

const pump = toDeviceKey('pump-001');

test('keys are the documented SHA-256, so they stay the same for ever', () => {
  // printf '["pump-001","pump-vibration-high","vibration",1795413600000]' | sha256sum
  const episode = episodeKeyOf(pump, 'pump-vibration-high', 'vibration', toEpochMs(1795413600000));
  assert.equal(episode, '1a437d1bb3003c877f95faf0e7bc7d68a1143bbd2100bf0fe46ae4d8f31ecbba');
  // printf '["<episode key>","Opened",0]' | sha256sum
  assert.equal(
    eventKeyOf(episode, 'Opened', 0),
    '83c1f7c81e8fd125fe4fdd76c5b32bff0cddd1a44fd051f0a2bde30f2c470990',
  );
});

test('every part changes the key, and parts do not run into each other', () => {
  const at = toEpochMs(5);
  const keys = [
    episodeKeyOf(pump, 'a', 'b', at),
    episodeKeyOf(pump, 'ab', '', at),
    episodeKeyOf(pump, 'a', undefined, at),
    episodeKeyOf(pump, 'b', 'a', at),
    episodeKeyOf(toDeviceKey('pump-002'), 'a', 'b', at),
    episodeKeyOf(pump, 'a', 'b', toEpochMs(6)),
    episodeKeyOf(pump, 'a","b', '', at),
  ];
  const [first] = keys;
  assert.ok(first !== undefined);
  const events = [
    eventKeyOf(first, 'Opened', 0),
    eventKeyOf(first, 'Updated', 0),
    eventKeyOf(first, 'Updated', 1),
  ];
  const all = [...keys, ...events];
  assert.equal(new Set(all).size, all.length);
  for (const key of all) assert.match(key, /^[0-9a-f]{64}$/);
});
