import assert from 'node:assert/strict';
import { test } from 'node:test';

import { filtersOverlap } from './topicFilter.ts';

test('filters overlap where one topic can match both, whichever comes first', () => {
  const overlapping = [
    ['a/b', 'a/b'],
    ['a/+', 'a/b'],
    ['a/+/c', 'a/b/+'],
    ['#', 'a/b/c'],
    ['a/#', 'a'],
    ['a/#', 'a/b/c'],
    ['a/#', '+/b'],
    ['+', '#'],
    ['$share/#', '$share/x'],
    ['a//c', 'a/+/c'],
  ];
  const disjoint = [
    ['a/b', 'a/c'],
    ['a/+', 'a'],
    ['a/+', 'a/b/c'],
    ['a/+/c', 'a/b/d'],
    ['a/#', 'b/#'],
    ['a/#', 'ab'],
    ['#', '$SYS/x'],
    ['+/x', '$SYS/x'],
    ['plant/pump/+', 'plant/chiller/+'],
  ];
  for (const [a = '', b = ''] of overlapping) {
    assert.ok(filtersOverlap(a, b), `${a} and ${b}`);
    assert.ok(filtersOverlap(b, a), `${b} and ${a}`);
  }
  for (const [a = '', b = ''] of disjoint) {
    assert.ok(!filtersOverlap(a, b), `${a} and ${b}`);
    assert.ok(!filtersOverlap(b, a), `${b} and ${a}`);
  }
});
