import assert from 'node:assert/strict';
import { test } from 'node:test';

import { summariseProfile } from './profileSummary.ts';

test('functions are listed by their own time, without the idle time', () => {
  const frame = (id: number, functionName: string) => ({
    id,
    callFrame: { functionName, url: 'file:///a/b/c/d.ts', lineNumber: 9 },
  });
  const text = JSON.stringify({
    nodes: [frame(1, '(idle)'), frame(2, 'decode'), frame(3, '')],
    samples: [1, 2, 3, 2],
    timeDeltas: [1_000, 30, 25, 45],
  });
  assert.deepEqual(summariseProfile(text), [
    ' 75.0 %  decode b/c/d.ts:10',
    ' 25.0 %  (anonymous) b/c/d.ts:10',
  ]);
  assert.equal(summariseProfile(text, 1).length, 1);
});
