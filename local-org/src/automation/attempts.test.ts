import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limits } from '../flow/limits.ts';
import { attemptPartially } from './attempts.ts';

/** Runs with an attempt that fails the given items in its first, second and third round. */
function run(rounds: readonly (readonly string[])[], keepRest = false) {
  const tried: string[][] = [];
  let undone = 0;
  const limits = new Limits();
  const failed = attemptPartially<string, string>({
    store: {
      transaction(work) {
        try {
          return work();
        } catch (error) {
          undone += 1;
          throw error;
        }
      },
    },
    limits,
    items: ['a', 'b', 'c', 'd'],
    keepRest,
    tooMany: 'too many attempts',
    attempt: (items) => {
      limits.count('queries', 60);
      tried.push([...items]);
      return new Map((rounds[tried.length - 1] ?? []).map((item) => [item, 'bad']));
    },
  });
  return {
    failed: Object.fromEntries(failed),
    tried: tried.map((items) => items.join('')),
    undone,
  };
}

test('what failed is left out of the next attempt, which starts from nothing', () => {
  const { failed, tried, undone } = run([['b'], ['c'], []]);
  assert.deepEqual(failed, { b: 'bad', c: 'bad' });
  assert.deepEqual(tried, ['abcd', 'acd', 'ad']);
  assert.equal(undone, 2);
});

test('a failure in the third attempt fails all that are left', () => {
  const { failed, tried, undone } = run([['a'], ['b'], ['c']]);
  assert.deepEqual(failed, { a: 'bad', b: 'bad', c: 'bad', d: 'too many attempts' });
  assert.deepEqual(tried, ['abcd', 'bcd', 'cd']);
  assert.equal(undone, 3);
});

test('each attempt has the limits that were left before the first', () => {
  assert.doesNotThrow(() => run([['a'], [], []]), 'two times 60 queries are above 100');
});

test('where nothing was set off by the save, the good rows of the first attempt stay', () => {
  const { failed, tried, undone } = run([['b'], ['c']], true);
  assert.deepEqual(failed, { b: 'bad' });
  assert.deepEqual(tried, ['abcd']);
  assert.equal(undone, 0);
});
