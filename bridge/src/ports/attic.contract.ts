import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Aside, Attic } from './attic.ts';

const key = (number: number) => toDeviceKey(`d-${number}`);
const aside = (state: string, dueAt = Infinity): Aside => ({ state, dueAt });
const dueOf = (attic: Attic, at: number) => [...attic.due(toEpochMs(at))].toSorted();

async function keep(attic: Attic, sequence: number): Promise<void> {
  attic.stage(sequence);
  assert.ok((await attic.write()).ok);
}

/** What every attic promises. `open` gives an empty one; `reopen` what a start finds. */
export function testAttic(
  name: string,
  open: () => Promise<{ attic: Attic; reopen: () => Attic } & AsyncDisposable>,
): void {
  test(`${name}: a device that was put is there until it is taken`, async () => {
    await using opened = await open();
    const { attic } = opened;
    assert.equal(attic.take(key(1)), undefined);
    attic.put(key(1), aside('one', 5));
    attic.put(key(2), aside('two'));
    await keep(attic, 1);
    attic.put(key(3), aside('three'));
    assert.equal(attic.size, 3);
    assert.deepEqual(attic.take(key(1)), aside('one', 5));
    assert.deepEqual(attic.take(key(3)), aside('three'));
    assert.equal(attic.take(key(1)), undefined);
    assert.equal(attic.size, 1);
    await keep(attic, 2);
    assert.equal(attic.take(key(1)), undefined);
    assert.deepEqual(attic.take(key(2)), aside('two'));
    assert.equal(attic.size, 0);
  });

  test(`${name}: a device whose time has come is told, on disk or not, until it is taken`, async () => {
    await using opened = await open();
    const { attic } = opened;
    attic.put(key(1), aside('one', 100));
    attic.put(key(2), aside('two', 200));
    await keep(attic, 1);
    attic.put(key(3), aside('three', 150));
    attic.put(key(4), aside('four'));
    assert.deepEqual(dueOf(attic, 99), []);
    assert.deepEqual(dueOf(attic, 150), [key(1), key(3)]);
    attic.take(key(1));
    assert.deepEqual(dueOf(attic, 250), [key(2), key(3)]);
  });

  test(`${name}: a start finds what belonged to the state it begins from`, async () => {
    await using opened = await open();
    const { attic } = opened;
    attic.put(key(1), aside('one'));
    attic.put(key(2), aside('two'));
    await keep(attic, 1);
    attic.take(key(1));
    attic.put(key(3), aside('three', 7));
    await keep(attic, 2);
    attic.put(key(1), aside('one again'));
    attic.take(key(3));
    await keep(attic, 3);
    attic.take(key(1));
    attic.put(key(4), aside('never written'));

    for (const [sequence, expected] of [
      [3, { 1: 'one again', 2: 'two' }],
      [2, { 2: 'two', 3: 'three' }],
      [1, { 1: 'one', 2: 'two' }],
      [undefined, {}],
    ] as const) {
      const found = opened.reopen();
      found.restore(sequence);
      assert.equal(found.size, Object.keys(expected).length, `as of ${sequence}`);
      const states = [1, 2, 3, 4].map((number) => [number, found.take(key(number))?.state]);
      const there = states.filter(([, state]) => state !== undefined);
      assert.deepEqual(Object.fromEntries(there), expected);
    }
  });

  test(`${name}: a state that was not kept is drafted again under its sequence`, async () => {
    await using opened = await open();
    const { attic } = opened;
    attic.put(key(1), aside('one'));
    await keep(attic, 1);
    attic.take(key(1));
    attic.put(key(2), aside('two'));
    await keep(attic, 2);
    // The state itself was refused by the disk.
    attic.put(key(1), aside('one again'));
    attic.take(key(2));
    attic.put(key(2), aside('two again'));
    await keep(attic, 2);
    const later = opened.reopen();
    later.restore(2);
    assert.equal(later.take(key(1))?.state, 'one again');
    assert.equal(later.take(key(2))?.state, 'two again');
    const earlier = opened.reopen();
    earlier.restore(1);
    assert.equal(earlier.take(key(1))?.state, 'one');
    assert.equal(earlier.take(key(2)), undefined);
  });

  test(`${name}: what happens while a stage is written belongs to the next`, async () => {
    await using opened = await open();
    const { attic } = opened;
    for (let number = 0; number < 1_000; number += 1) attic.put(key(number), aside(`${number}`));
    attic.stage(1);
    const written = attic.write();
    assert.equal(attic.take(key(999))?.state, '999');
    assert.equal(attic.take(key(0))?.state, '0');
    attic.put(key(0), aside('zero'));
    assert.ok((await written).ok);
    assert.equal(attic.size, 999);
    assert.equal(attic.take(key(999)), undefined);
    const found = opened.reopen();
    found.restore(1);
    assert.equal(found.size, 1_000);
    assert.equal(found.take(key(0))?.state, '0');
    assert.equal(found.take(key(999))?.state, '999');
  });

  test(`${name}: what is pruned is what no kept state needs`, async () => {
    await using opened = await open();
    const { attic } = opened;
    attic.put(key(1), aside('one'));
    await keep(attic, 1);
    attic.take(key(1));
    await keep(attic, 2);
    await attic.prune(1);
    const earlier = opened.reopen();
    earlier.restore(1);
    assert.equal(earlier.take(key(1))?.state, 'one');
  });
}
