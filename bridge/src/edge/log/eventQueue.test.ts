import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEventQueue } from './eventQueue.ts';

test('whatever is added and removed, the queue is in order and holds what is left', () => {
  const queue = makeEventQueue<number>((a, b) => a - b);
  const model = new Set<number>();
  let seed = 7;
  const below = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit;
  for (let step = 0; step < 20_000; step += 1) {
    const [first] = queue;
    const value = step + below(50);
    if (below(5) < (step < 10_000 ? 3 : 2) && !model.has(value)) {
      queue.add(value);
      model.add(value);
    } else if (first !== undefined) {
      const some = below(4) === 0 ? queue.at(below(queue.size)) : first;
      assert.ok(some !== undefined);
      queue.remove(some);
      model.delete(some);
    }
    queue.remove(-1);
    assert.equal(queue.size, model.size);
    if (step % 500 === 0)
      assert.deepEqual(
        [...queue],
        [...model].toSorted((a, b) => a - b),
      );
  }
  assert.deepEqual(
    [...queue],
    [...model].toSorted((a, b) => a - b),
  );
});
