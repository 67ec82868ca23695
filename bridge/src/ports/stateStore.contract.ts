import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import type { StateDraft, StateHead, StateStore } from './stateStore.ts';

export const headAt = (cursor: number): StateHead => ({
  cursor: toLogPosition(cursor),
  listenedAt: toEpochMs(cursor * 10),
  parts: ['keys', 'blocks'],
  words: `{"at":${cursor}}`,
});

/** Pieces that say which state they belong to, small ones and a few large ones. */
export function putPieces(draft: StateDraft, mark: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const bytes = new Uint8Array(index % 50 === 7 ? 300_000 : 1_000).fill((mark + index) % 251);
    draft.put(index % 3 === 0 ? 'keys' : 'blocks', index, bytes);
    // What was put is copied: the memory goes on changing.
    bytes.fill(255);
  }
}

export async function keep(store: StateStore, cursor: number, count = 100): Promise<void> {
  const draft = store.begin(headAt(cursor));
  putPieces(draft, cursor, count);
  await draft.room();
  const kept = await draft.commit();
  assert.ok(kept.ok, 'the state is kept');
}

/** What the store gives back must be the state of `cursor`, whole, or nothing at all. */
export async function assertRestores(
  store: StateStore,
  cursor: number | undefined,
  count = 100,
): Promise<void> {
  const seen = new Set<number>();
  const state = await store.restore((part, index, bytes) => {
    assert.equal(part, index % 3 === 0 ? 'keys' : 'blocks');
    assert.equal(bytes.length, index % 50 === 7 ? 300_000 : 1_000);
    assert.ok(bytes.every((byte) => byte === ((cursor ?? 0) + index) % 251));
    assert.ok(!seen.has(index));
    seen.add(index);
  });
  if (cursor === undefined) assert.equal(state, undefined);
  else {
    assert.deepEqual(state && { ...state, sequence: 0 }, { ...headAt(cursor), sequence: 0 });
    assert.equal(seen.size, count);
  }
}

/** What every store of states promises. `open` gives an empty one. */
export function testStateStore(
  name: string,
  open: () => Promise<{ store: StateStore } & AsyncDisposable>,
): void {
  test(`${name}: an empty store has no state`, async () => {
    await using opened = await open();
    await assertRestores(opened.store, undefined);
    assert.equal(opened.store.oldest(), undefined);
  });

  test(`${name}: the newest state comes back whole, and the one before is kept`, async () => {
    await using opened = await open();
    const { store } = opened;
    for (const cursor of [5, 9, 12]) await keep(store, cursor);
    await assertRestores(store, 12);
    assert.equal(store.newest()?.cursor, 12);
    assert.equal(store.oldest()?.cursor, 9);
  });

  test(`${name}: a state that is given up leaves the one before`, async () => {
    await using opened = await open();
    const { store } = opened;
    await keep(store, 5);
    const draft = store.begin(headAt(9));
    putPieces(draft, 9, 40);
    assert.throws(() => store.begin(headAt(10)), /already/);
    assert.equal(store.newest()?.cursor, 5);
    await draft.discard();
    await assertRestores(store, 5);
    await keep(store, 11);
    await assertRestores(store, 11);
  });

  test(`${name}: sequences rise with every state that is kept`, async () => {
    await using opened = await open();
    const { store } = opened;
    await keep(store, 5);
    const first = store.newest()?.sequence ?? 0;
    const draft = store.begin(headAt(6));
    assert.equal(draft.sequence, first + 1);
    assert.ok((await draft.commit()).ok);
    assert.equal(store.newest()?.sequence, first + 1);
  });
}
