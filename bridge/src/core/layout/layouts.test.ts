import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMetricSets } from '../../model/metricSets.ts';
import { policyOf } from '../fixtures/policies.ts';
import { readingOf } from '../fixtures/readings.ts';
import { HEADER } from './layout.ts';
import { makeLayouts } from './layouts.ts';
import { standingFromStart } from '../policy/standing.ts';

const stuck = { kind: 'stuck', repeats: 3 } as const;
const setsOf = makeMetricSets({});
const policies = [
  policyOf(stuck, { key: 'any' }),
  policyOf(stuck, { key: 'pump', match: { deviceType: 'pump', metric: 'a' } }),
  policyOf(stuck, { key: 'own', match: { device: 'd-7', metric: 'b' } }),
  policyOf({ kind: 'silence', afterMs: 1000 }, { key: 'silent' }),
];

const reading = (names: readonly string[], changes = {}) => ({
  ...readingOf(0, {}, changes),
  metrics: setsOf(names),
  values: names.map(() => 0),
});
const keysOf = (lanes: readonly { readonly policy: { readonly key: string } }[] | undefined) =>
  lanes?.map(({ policy }) => policy.key);

test('devices of one type, mapping and metrics share a layout', () => {
  const layouts = makeLayouts(standingFromStart(policies));
  const first = layouts.first(reading(['a', 'b']));
  assert.equal(layouts.first(reading(['a', 'b'], { device: 'd-8' })), first);
  assert.notEqual(layouts.first(reading(['a', 'b'], { deviceType: 'fan' })), first);
  assert.notEqual(layouts.first(reading(['a', 'b'], { source: 'other' })), first);
  assert.notEqual(layouts.first(reading(['a', 'b'], { device: 'd-7' })), first);
  assert.deepEqual(keysOf(first.bound[0]?.lanes), ['pump']);
  assert.deepEqual(keysOf(first.bound[1]?.lanes), ['any']);
  assert.deepEqual(keysOf(first.deviceLanes), ['silent']);
  // Two series, and three numbers for each of their lanes; silence keeps none.
  assert.equal(first.width, HEADER + 2 + 6);
});

test('a layout of further metrics begins with all of the one before', () => {
  const layouts = makeLayouts(standingFromStart(policies));
  const before = layouts.first(reading(['a', 'b']));
  const after = layouts.next(before, reading(['c', 'b']));
  assert.deepEqual(
    after.series.map(({ name }) => name),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(after.series.slice(0, 2), before.series);
  assert.deepEqual(after.lanes.slice(0, before.lanes.length), before.lanes);
  assert.deepEqual(
    after.bound.map((series) => series?.name),
    ['c', 'b'],
  );
  assert.equal(layouts.next(after, reading(['a'])), after);
});

test('a device that changes between two types finds both as they were', () => {
  const layouts = makeLayouts(standingFromStart(policies));
  const pump = layouts.first(reading(['a']));
  layouts.hold(pump);
  const fan = layouts.next(pump, reading(['a'], { deviceType: 'fan' }));
  layouts.hold(fan);
  assert.deepEqual(keysOf(fan.bound[0]?.lanes), ['any']);
  assert.deepEqual(keysOf(fan.lanes), ['silent', 'pump', 'any']);
  const again = layouts.next(fan, reading(['a']));
  layouts.hold(again);
  assert.deepEqual(keysOf(again.bound[0]?.lanes), ['pump']);
  assert.equal(again.width, fan.width, 'so no block has to move');
  assert.equal(layouts.next(again, reading(['a'], { deviceType: 'fan' })), fan);
  assert.equal(layouts.next(fan, reading(['a'])), again);
});

test('a layout nobody uses is forgotten, and its id used again', () => {
  const layouts = makeLayouts(standingFromStart(policies));
  const one = layouts.first(reading(['a']));
  layouts.hold(one);
  layouts.hold(one);
  layouts.release(one);
  assert.deepEqual(layouts.list(), [one]);
  const two = layouts.next(one, reading(['b']));
  layouts.hold(two);
  layouts.release(one);
  assert.deepEqual(layouts.list(), [two]);
  const three = layouts.first(reading(['a']));
  assert.notEqual(three, one);
  assert.equal(three.id, one.id);
});

test('every set of metrics keeps its binding however many there are', () => {
  const layouts = makeLayouts(standingFromStart(policies));
  const all = Array.from({ length: 30 }, (_, index) => `m${index}`);
  const layout = layouts.first(reading(all));
  for (let round = 0; round < 2; round += 1) {
    for (const name of all) {
      assert.equal(layouts.next(layout, reading([name])), layout);
      assert.deepEqual(
        layout.bound.map((series) => series?.name),
        [name],
      );
    }
  }
});
