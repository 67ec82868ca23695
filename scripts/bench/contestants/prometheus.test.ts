import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sumMetrics } from './prometheus.ts';

test('values of all label sets of a name are added up, comments left out', () => {
  const text = [
    '# HELP a What it is 7',
    '# TYPE a counter',
    'a{phase="Opened"} 5',
    'a{phase="Cleared, or {so}"} 2.5',
    'b 1e3',
    '',
  ].join('\n');
  assert.deepEqual(
    [...sumMetrics(text)],
    [
      ['a', 7.5],
      ['b', 1_000],
    ],
  );
});
