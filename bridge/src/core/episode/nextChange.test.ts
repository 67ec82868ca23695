import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../fixtures/random.ts';
import { advance, quiet } from './episode.ts';
import type { Observation } from './episode.ts';
import { nextChange } from './nextChange.ts';

const levels = ['normal', 'between', 'abnormal'] as const;
const ranks = ['Critical', 'High', 'Medium'] as const;

test('nothing changes before the next change, whatever the episode is in', () => {
  const random = makeRandom(5);
  const seen = { before: 0, changed: 0 };
  for (let round = 0; round < 300; round += 1) {
    const timing = {
      openAfterMs: random.below(5) * 100,
      clearAfterMs: random.below(5) * 100,
      updateEveryMs: random.below(10) * 300,
    };
    let state = quiet;
    let at = 0;
    for (let step = 0; step < 100; step += 1) {
      at += 1 + random.below(400);
      const severity = ranks[random.below(3)] ?? 'Medium';
      const seenNow: Observation = { at, level: levels[random.below(3)] ?? 'normal', severity };
      state = advance(state, seenNow, timing).state;
      const next = nextChange(state, seenNow, timing);
      for (const later of [at, at + random.below(1000), Math.min(next - 1, at + 10_000)]) {
        if (later >= next) continue;
        assert.equal(advance(state, { ...seenNow, at: later }, timing).state, state);
        seen.before += 1;
      }
      // One further millisecond for the end of a time that must be exceeded.
      if (!Number.isFinite(next)) continue;
      const after = advance(state, { ...seenNow, at: Math.max(next, at) + 1 }, timing);
      assert.notEqual(after.state, state);
      seen.changed += 1;
    }
  }
  assert.ok(seen.before > 10_000 && seen.changed > 5000, JSON.stringify(seen));
});
