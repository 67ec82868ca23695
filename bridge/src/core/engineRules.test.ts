import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import type { Policy } from '../model/policy.ts';
import type { Signal } from '../model/signal.ts';
import { makeEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { beginImage, loadImage } from './fixtures/images.ts';
import { policyOf } from './fixtures/policies.ts';
import { readingOf, START } from './fixtures/readings.ts';
import { writeRules } from './policy/rules.ts';
import type { Rules } from './policy/rules.ts';

const high = policyOf(
  { kind: 'threshold', direction: 'above', limit: 7, clear: 5 },
  { key: 'high', match: { metric: 'vibration' }, signalType: 'fault.vibration-high' },
);
const silent = policyOf({ kind: 'silence', afterMs: 5000 }, { key: 'silent' });
const rulesOf = (file: readonly Policy[], changes: Partial<Rules> = {}): string =>
  writeRules({ file, org: [], off: [], places: new Map(), ...changes });
const at = (afterMs: number) => toEpochMs(START + afterMs);
const replace = (engine: Engine, file: readonly Policy[], position: number, changes = {}) =>
  engine.replaceRules(rulesOf(file, changes), position, at(position));
const feed = (engine: Engine, afterMs: number, vibration: number, device = 'pump-001') =>
  engine.accept(
    readingOf(afterMs, { vibration }, { device: toDeviceKey(device), receivedAt: at(afterMs) }),
    at(afterMs),
  );
const phases = (signals: readonly Signal[]): readonly string[] =>
  signals.map(({ policyKey, phase, sequence }) => `${policyKey} ${phase} ${sequence}`);

test('a limit that changes holds from the next reading on, and what is open stays open', () => {
  const engine = makeEngine([high]);
  assert.deepEqual(phases(feed(engine, 0, 8)), ['high Opened 0']);
  const higher: Policy = {
    ...high,
    version: 2,
    detector: { kind: 'threshold', direction: 'above', limit: 9, clear: 8.5 },
  };
  assert.deepEqual(replace(engine, [higher], 10), []);
  const [cleared] = feed(engine, 1000, 8);
  assert.deepEqual([cleared?.phase, cleared?.policyVersion], ['Cleared', 2]);
  assert.deepEqual(engine.policies, [higher]);
});

test('an episode whose policy is removed ends there, with a signal that says so', () => {
  const engine = makeEngine([high, silent]);
  const [opened] = feed(engine, 0, 8);
  feed(engine, 0, 2, 'pump-002');
  const [ended, ...others] = replace(engine, [silent], 500);
  assert.deepEqual(others, []);
  assert.equal(ended?.phase, 'Cleared');
  assert.equal(ended.episodeKey, opened?.episodeKey);
  assert.equal(ended.sequence, 1);
  assert.equal(ended.occurredAt, START + 500);
  assert.match(ended.explanation, /no longer watched by the policy high/);
  assert.deepEqual(feed(engine, 1000, 9), []);
  // One that comes back later is a new one, and begins a new episode.
  assert.deepEqual(replace(engine, [high, silent], 1500), []);
  const [again] = feed(engine, 2000, 9);
  assert.equal(again?.phase, 'Opened');
  assert.notEqual(again.episodeKey, opened?.episodeKey);
});

test('an episode ends too where its policy holds for other devices now, or another gave it way', () => {
  const own = policyOf(high.detector, {
    ...{ key: 'own', match: { metric: 'vibration', device: 'pump-001' } },
    signalType: high.signalType,
  });
  const elsewhere: Policy = { ...high, match: { ...high.match, deviceType: 'fan' } };
  for (const [policies, opens] of [
    [[high, own], ['own Opened 0']],
    [[elsewhere], []],
  ] as const) {
    const engine = makeEngine([high]);
    feed(engine, 0, 8);
    assert.deepEqual(phases(replace(engine, policies, 10)), ['high Cleared 1']);
    assert.deepEqual(phases(feed(engine, 1000, 8)), opens);
  }
});

test('silence is judged by the policies of now also for devices that have not spoken since', () => {
  const engine = makeEngine([{ ...silent, detector: { kind: 'silence', afterMs: 3_600_000 } }]);
  feed(engine, 0, 2);
  assert.deepEqual(engine.tick(at(60_000), at(60_000)), []);
  assert.deepEqual(replace(engine, [silent], 60_001), []);
  assert.deepEqual(phases(engine.tick(at(61_000), at(61_000))), ['silent Opened 0']);
});

test('a silence that ended with its policy is not said twice when the policy is back', () => {
  const engine = makeEngine([silent]);
  feed(engine, 0, 2);
  const [first] = engine.tick(at(6_000), at(6_000));
  assert.equal(first?.phase, 'Opened');
  assert.deepEqual(phases(replace(engine, [], 7_000)), ['silent Cleared 1']);
  assert.deepEqual(replace(engine, [silent], 8_000), []);
  const [second] = engine.tick(at(9_000), at(9_000));
  assert.equal(second?.phase, 'Opened');
  assert.equal(second.occurredAt, START + 8_000, 'it begins with the policy');
  assert.notEqual(second.episodeKey, first.episodeKey);
});

test('policies for an Asset or an Account hold for the devices that are there', () => {
  const [asset, account] = [toRecordId('02i00000000000A'), toRecordId('001000000000001')];
  const onAsset: Policy = { ...high, key: 'asset', match: { metric: 'vibration', assetId: asset } };
  const ofOwner: Policy = {
    ...{ ...high, key: 'owner', match: { metric: 'vibration', accountId: account } },
  };
  const places = new Map([
    ['d-1', { assetId: asset, accountId: account }],
    ['d-2', { accountId: account }],
  ]);
  const engine = makeEngine([]);
  feed(engine, 0, 1, 'd-1');
  replace(engine, [high, onAsset, ofOwner], 1, { places });
  assert.deepEqual(phases(feed(engine, 1000, 8, 'd-1')), ['asset Opened 0']);
  assert.deepEqual(phases(feed(engine, 1000, 8, 'd-2')), ['owner Opened 0']);
  assert.deepEqual(phases(feed(engine, 1000, 8, 'd-3')), ['high Opened 0']);
  // It is moved: what its old place asked for ends there.
  const moved = new Map([['d-1', { accountId: account }]]);
  assert.deepEqual(
    phases(replace(engine, [high, onAsset, ofOwner], 2, { places: moved })).toSorted(),
    ['asset Cleared 1', 'owner Cleared 1'],
  );
  assert.deepEqual(phases(feed(engine, 2000, 8, 'd-1')), ['owner Opened 0']);
  assert.deepEqual(phases(feed(engine, 2000, 8, 'd-2')), ['high Opened 0']);
});

test('an image carries the rules it was made under, whatever the engine it is loaded into begins with', () => {
  const engine = makeEngine([silent]);
  const rules = rulesOf([], { org: [high], off: ['other'] });
  engine.replaceRules(rules, 7, at(0));
  feed(engine, 1000, 8);
  const next = makeEngine([silent]);
  loadImage(next, beginImage(engine)());
  assert.equal(next.rules, rules);
  assert.deepEqual(next.policies, [high]);
  assert.deepEqual(phases(feed(next, 2000, 4)), ['high Cleared 1']);
});

test('rules of another version are refused', () => {
  const text = rulesOf([high]).replace('"version":1', '"version":9');
  assert.throws(() => makeEngine([]).replaceRules(text, 1, at(0)), /version 9; 1 is known/);
});

test('the evidence has no course of values where the purpose of the policy does not need it', () => {
  for (const [purpose, count] of [
    ['Service', 2],
    ['Safety', 2],
    ['Engagement', 0],
    ['Compliance', 0],
  ] as const) {
    const engine = makeEngine([{ ...high, purpose }]);
    feed(engine, 0, 2);
    const [opened] = feed(engine, 1000, 8);
    const evidence = JSON.parse(opened?.snapshot ?? '{}') as {
      readonly points: readonly unknown[];
      readonly state: object;
    };
    assert.equal(evidence.points.length, count);
    assert.equal(Object.keys(evidence.state).length > 0, count > 0);
  }
});
