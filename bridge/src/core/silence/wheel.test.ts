import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../fixtures/random.ts';
import { makeWheel } from './wheel.ts';

/** Turns the wheel and answers whom it looked at, in order; nobody is due again. */
function turn(wheel: ReturnType<typeof makeWheel>, at: number): readonly number[] {
  const seen: number[] = [];
  wheel.turn(at, (index) => {
    seen.push(index);
    return Infinity;
  });
  return seen.toSorted((one, other) => one - other);
}

test('who is due is looked at, once, and never later than that', () => {
  const random = makeRandom(8);
  const wheel = makeWheel();
  const due = new Map<number, number>();
  let now = 5_000_000_000_000;
  let early = 0;
  for (let step = 0; step < 3000; step += 1) {
    for (let count = random.below(20); count > 0; count -= 1) {
      const index = random.below(40_000);
      const wanted = [0, 800, 9000, 4_000_000][random.below(4)] ?? 0;
      const dueAt = random.below(30) === 0 ? Infinity : now + random.below(wanted + 1);
      wheel.put(index, dueAt, now);
      due.set(index, dueAt);
    }
    now += random.below(50) === 0 ? random.below(5_000_000) : random.below(3000);
    const looked = new Set<number>();
    wheel.turn(now, (index) => {
      assert.ok(!looked.has(index), 'once');
      looked.add(index);
      const dueAt = due.get(index) ?? Infinity;
      if (dueAt > now) {
        assert.notEqual(dueAt, Infinity, 'who was taken out is not looked at');
        early += 1;
        return dueAt;
      }
      due.set(index, Infinity);
      return Infinity;
    });
    for (const [index, dueAt] of due) {
      if (dueAt <= now) assert.fail(`device ${index}, due at ${dueAt}, was passed over at ${now}`);
      if (dueAt === Infinity) due.delete(index);
    }
  }
  assert.ok(early < 30_000, `${early} too early`);
});

test('who is due again at once waits for the next turn', () => {
  const wheel = makeWheel();
  wheel.put(3, 1000, 1000);
  const seen: number[] = [];
  for (const at of [1000, 1000, 2000]) {
    wheel.turn(at, (index) => {
      seen.push(index);
      return -Infinity;
    });
  }
  assert.deepEqual(seen, [3, 3, 3]);
});

test('a device that is not due for long is not looked at every time', () => {
  const wheel = makeWheel();
  wheel.put(1, 10_000_000, 0);
  let looks = 0;
  for (let at = 0; at < 9_999_000; at += 1000) {
    wheel.turn(at, () => {
      looks += 1;
      return 10_000_000;
    });
  }
  assert.ok(looks <= 5, `${looks} looks`);
  assert.deepEqual(turn(wheel, 10_000_000), [1]);
});

test('a cleared wheel begins anew, at an earlier time too', () => {
  const wheel = makeWheel();
  for (const index of [1, 2, 3]) wheel.put(index, 90_000, 80_000);
  wheel.put(2, Infinity, 80_000);
  wheel.clear();
  assert.deepEqual(turn(wheel, 100_000), []);
  wheel.clear();
  wheel.put(1, 2000, 1000);
  wheel.put(2, 2000, 1000);
  assert.deepEqual(turn(wheel, 1000), []);
  assert.deepEqual(turn(wheel, 2500), [1, 2]);
});
