import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closed, failed, permission, probed, succeeded } from './breaker.ts';
import type { BreakerState, Failure } from './breaker.ts';

const options = { threshold: 3, firstMs: 1_000, maxMs: 60_000 };
const fail = (state: BreakerState, changes: Partial<Failure> = {}): BreakerState =>
  failed(state, { now: 0, random: 0.999_999_999, lasting: false, ...changes }, options);

test('it opens at the third failure in a row, and each failure has its pause', () => {
  const one = fail(closed);
  const two = fail(one);
  const three = fail(two);
  assert.deepEqual([one.kind, two.kind, three.kind], ['closed', 'closed', 'open']);
  assert.deepEqual([one.until, two.until, three.until], [2_000, 4_000, 8_000]);
  assert.equal(permission(one, 1_999), 'wait');
  assert.equal(permission(one, 2_000), 'go');
  assert.equal(permission(three, 7_999), 'wait');
  assert.equal(permission(three, 8_000), 'probe', 'one question, and not the whole backlog');
});

test('what no repeat heals opens it at once', () => {
  assert.equal(fail(closed, { lasting: true }).kind, 'open');
});

test('a success in between forgets the failures before it', () => {
  const again = fail(succeeded());
  assert.deepEqual([again.kind, again.failures], ['closed', 1]);
});

test('after a good probe one real question decides: well closes it, ill opens it for longer', () => {
  const open = fail(fail(fail(closed)));
  const half = probed(open);
  assert.equal(half.kind, 'half-open');
  assert.equal(permission(half, 0), 'go');
  assert.deepEqual(succeeded(), closed);
  const again = fail(half);
  assert.deepEqual([again.kind, again.failures, again.until], ['open', 4, 16_000]);
  const probeFailed = fail(open);
  assert.deepEqual([probeFailed.kind, probeFailed.until], ['open', 16_000]);
});

test('a probe while all is well changes nothing', () => {
  assert.deepEqual(probed(closed), closed);
});

test('the pause is drawn between the first and a ceiling that doubles up to its maximum', () => {
  let state = closed;
  for (let failure = 1; failure <= 100; failure += 1) {
    const shortest = fail(state, { random: 0 });
    assert.equal(shortest.until, 1_000, 'never less than the first');
    state = fail(state);
    assert.equal(state.until, Math.min(60_000, 1_000 * 2 ** Math.min(failure, 30)));
  }
});

test('a failure that says how long it lasts is believed', () => {
  assert.equal(fail(closed, { atLeastMs: 300_000 }).until, 300_000);
  assert.equal(fail(closed, { atLeastMs: 10 }).until, 2_000);
});

test('in any story of an hour with the org away some two a minute are asked', () => {
  let state: BreakerState = closed;
  let asked = 0;
  let seed = 7;
  for (let now = 0; now < 3_600_000; now += 100) {
    if (permission(state, now) === 'wait') continue;
    asked += 1;
    seed = (seed * 16_807) % 2_147_483_647;
    state = fail(state, { now, random: seed / 2_147_483_647 });
  }
  // Half a minute apart on average, once the pauses have grown.
  assert.ok(asked > 60 && asked < 180, `${asked} questions`);
});
