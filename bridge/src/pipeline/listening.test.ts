import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeQueueCheck } from './listening.ts';

/** Asks once for each reading of the ingress's idle meter. */
function ask(...idleMs: readonly number[]): boolean[] {
  let asked = 0;
  const hasHeardAll = makeQueueCheck(() => ({
    listening: true,
    reason: 'ok',
    idleMs: idleMs[asked] ?? 0,
  }));
  return idleMs.map(() => {
    const answer = hasHeardAll();
    asked += 1;
    return answer;
  });
}

test('a bridge with time to spare has heard all that was sent', () => {
  assert.deepEqual(ask(700, 1400, 2100), [true, true, true]);
});

test('a bridge that is behind has not, until it has caught up', () => {
  assert.deepEqual(ask(700, 720, 720, 1400), [true, false, false, true]);
});

test('a broker whose window is full has more to say, whatever the pauses', () => {
  const hasHeard = (full: number): boolean =>
    makeQueueCheck(() => ({
      listening: true,
      reason: 'ok',
      idleMs: 700,
      window: { size: 20, full },
    }))();
  assert.deepEqual([hasHeard(0.9), hasHeard(0.1)], [false, true]);
});

test('an ingress that does not measure its pauses is believed', () => {
  assert.equal(makeQueueCheck(() => ({ listening: true, reason: 'ok' }))(), true);
});
