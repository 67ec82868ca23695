import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../../fixtures/random.ts';
import type { Random } from '../../fixtures/random.ts';
import { numberText } from '../fixtures/fuzzScalars.ts';
import { numberEnd, scanNumber } from './number.ts';

/** The number, or undefined where the text is not from end to end a JSON number. */
function scanned(text: string): number | undefined {
  const into = new Float64Array(2);
  const bytes = Buffer.from(`7${text},5`);
  const end = scanNumber(bytes, 1, bytes.length, into, 1);
  if (numberEnd(bytes, 1, bytes.length) !== end) assert.fail(`${text} ends at ${end}`);
  return end === 1 + text.length ? into[1] : undefined;
}

/** What JSON.parse makes of it, with 0 for -0. */
function parsed(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' ? value + 0 : undefined;
  } catch {
    return undefined;
  }
}

function compare(text: string): void {
  // JSON.parse takes white space at the ends; that is not part of the number.
  if (text !== text.trim()) return;
  const [found, wanted] = [scanned(text), parsed(text)];
  if (!Object.is(found, wanted)) assert.fail(`${text} is ${found} and not ${wanted}`);
}

const anyText = (random: Random): string =>
  Array.from({ length: 1 + random.below(7) }, () => '0123456789-+.eE x'[random.below(17)]).join('');

test('numbers of every form are what JSON.parse says, to the last bit', () => {
  const random = makeRandom(11);
  for (let round = 0; round < 15_000; round += 1) {
    compare(numberText(random));
    compare(anyText(random));
    const digits = String(random.next()).slice(2, 3 + random.below(17));
    compare(`${random.below(1_000)}.${digits}`);
    compare(`${random.below(10)}.${digits}e${random.below(650) - 325}`);
  }
});

test('whole numbers up to 2^53 and beyond are exact where JSON.parse is', () => {
  for (const base of [10 ** 14, 10 ** 15, 10 ** 16, 2 ** 31, 2 ** 32, 2 ** 53]) {
    for (let off = -3; off <= 3; off += 1) {
      for (const suffix of ['', '.5', '.0', '0', '00000']) compare(`-${base + off}${suffix}`);
    }
  }
});

test('a number ends where the bytes end', () => {
  const bytes = Buffer.from('12.5e3');
  const into = new Float64Array(1);
  const ends = Array.from({ length: 7 }, (_entry, end) => scanNumber(bytes, 0, end, into, 0));
  assert.deepEqual(ends, [-1, 1, 2, -1, 4, -1, 6]);
});
