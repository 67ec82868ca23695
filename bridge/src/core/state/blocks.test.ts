import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../fixtures/random.ts';
import { makeBlocks } from './blocks.ts';
import type { Blocks } from './blocks.ts';

interface Held {
  readonly place: number;
  readonly width: number;
  readonly first: number;
}

/** Takes, fills and frees blocks of many widths; answers what must be there. */
function work(blocks: Blocks, held: Held[], seed: number, steps: number): void {
  const random = makeRandom(seed);
  for (let step = 0; step < steps; step += 1) {
    if (held.length > 0 && random.below(5) < 2) {
      const index = random.below(held.length);
      const [{ place, width } = { place: 0, width: 0 }] = held.splice(index, 1);
      blocks.free(place, width);
    } else {
      const width = random.below(40) === 0 ? 1 + random.below(9_000) : 1 + random.below(60);
      const place = blocks.take(width);
      const numbers = numbersOf(blocks, { place, width });
      assert.ok(
        numbers.every((value) => value === 0),
        'a new block is all 0',
      );
      const first = 1 + random.below(1e6);
      fill(blocks, { place, width, first });
      held.push({ place, width, first });
    }
  }
}

function numbersOf(blocks: Blocks, { place, width }: { place: number; width: number }) {
  const at = blocks.offset(place);
  return blocks.page(place).subarray(at, at + width);
}

function fill(blocks: Blocks, { place, width, first }: Held): void {
  blocks.touch(place);
  const numbers = numbersOf(blocks, { place, width });
  for (let index = 0; index < width; index += 1) numbers[index] = first + index;
}

function check(blocks: Blocks, held: readonly Held[]): void {
  for (const one of held) {
    const wrong = numbersOf(blocks, one).findIndex((value, index) => value !== one.first + index);
    assert.equal(wrong, -1, `block of ${one.width} at ${one.place}`);
  }
}

test('blocks keep their numbers whatever is taken and given back around them', () => {
  const blocks = makeBlocks();
  const held: Held[] = [];
  work(blocks, held, 1, 6_000);
  check(blocks, held);
});

test('a block never crosses its page, and one that is wider than a page has one of its own', () => {
  const blocks = makeBlocks();
  for (const width of [1, 7, 2_044, 2_045, 60_000, 131_068, 131_069, 300_000]) {
    const place = blocks.take(width);
    assert.ok(blocks.offset(place) + width <= blocks.page(place).length);
    fill(blocks, { place, width, first: width });
  }
});

test('memory given back is used again, by other widths too', () => {
  const blocks = makeBlocks();
  const round = (width: number) => Array.from({ length: 5_000 }, () => blocks.take(width));
  for (const place of round(40)) blocks.free(place, 40);
  const bytes = blocks.bytes();
  for (const width of [38, 20, 40]) for (const place of round(width)) blocks.free(place, width);
  for (const width of [3_000, 200_000]) {
    blocks.free(blocks.take(width), width);
    const before = blocks.bytes();
    blocks.free(blocks.take(width), width);
    assert.equal(blocks.bytes(), before);
  }
  assert.ok(blocks.bytes() <= bytes + 4 * 1024 * 1024);
});

test('a block is not given back with a width it does not have', () => {
  const blocks = makeBlocks();
  const place = blocks.take(5);
  assert.throws(() => blocks.free(place, 6), /no block of 6 numbers/);
});

test('an image shows the blocks as they were when it began, however they change meanwhile', () => {
  const blocks = makeBlocks();
  const held: Held[] = [];
  work(blocks, held, 2, 4_000);
  blocks.free(blocks.take(200_000), 200_000);
  const then = [...held];
  const saved = new Map<number, Uint8Array>();
  blocks.freeze((index, bytes) => {
    assert.ok(!saved.has(index), 'a piece is saved once');
    saved.set(index, Uint8Array.from(bytes));
  });
  for (let round = 0; round < 10; round += 1) {
    work(blocks, held, 10 + round, 300);
    for (const [index, one] of held.entries()) {
      if (index % 7 === round) fill(blocks, (held[index] = { ...one, first: one.first + 1 }));
    }
    blocks.drain(40);
  }
  while (blocks.drain(100));
  blocks.thaw();
  check(blocks, held);

  const restored = makeBlocks();
  for (const [index, bytes] of [...saved].toReversed()) restored.load(index, bytes);
  restored.loaded();
  check(restored, then);
  work(restored, then, 3, 3_000);
  check(restored, then);
});

test('pieces that do not fit are refused', () => {
  const blocks = makeBlocks();
  assert.throws(() => blocks.load(0, new Uint8Array(100)), /do not fit/);
  assert.throws(() => blocks.load(63, new Uint8Array(2 * 2048 * 8)), /do not fit/);
  blocks.load(1, new Uint8Array(2048 * 8));
  assert.throws(() => blocks.load(1, new Uint8Array(2048 * 8)), /twice/);
});
