import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeColumn } from './column.ts';

test('a column holds one number an index, and an image of it those of its moment', () => {
  const column = makeColumn();
  for (let index = 0; index < 20_000; index += 3) column.set(index, -index);
  const saved = new Map<number, Uint8Array>();
  column.freeze((piece, bytes) => saved.set(piece, Uint8Array.from(bytes)));
  for (let index = 0; index < 40_000; index += 7) column.set(index, 1);
  while (column.drain(1));
  column.thaw();
  const restored = makeColumn();
  for (const [piece, bytes] of saved) restored.load(piece, bytes);
  restored.loaded();
  for (let index = 0; index < 40_000; index += 1) {
    const then = index < 20_000 && index % 3 === 0 ? -index : 0;
    assert.equal(restored.get(index) | 0, then | 0);
    assert.equal(column.get(index) | 0, (index % 7 === 0 ? 1 : then) | 0);
  }
  assert.throws(() => restored.load(0, new Uint8Array(5)), /do not fit/);
});
