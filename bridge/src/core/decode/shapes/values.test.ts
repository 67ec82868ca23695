import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import { makeRandom } from '../../fixtures/random.ts';
import { utf8End } from './utf8.ts';
import { scalarEnd, valueEnd } from './values.ts';

const PIECES =
  '{ } [ ] , : " "a" "b": 1 -2.5e3 01 true false null nul \\ \\n \\u00e4 \\u00g4 \\u12 " \\" "\\"" ü 😀'.split(
    ' ',
  );

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('a value ends where JSON.parse would have it end, and is none where JSON.parse refuses it', () => {
  const random = makeRandom(5);
  let sound = 0;
  for (let round = 0; round < 30_000; round += 1) {
    const count = 1 + random.below(7);
    const pieces = Array.from({ length: count }, () => PIECES[random.below(PIECES.length)] ?? '');
    if (random.below(8) === 0) pieces.push(['\n', '\t', '\u0001', '\u00a0'][random.below(4)] ?? '');
    // What follows is not looked at, and would make some that are cut whole again.
    const text = pieces.join(random.below(2) === 0 ? '' : ' ').trim();
    const bytes = Buffer.from(`${text}"}]`);
    const end = bytes.length - 3;
    const whole = valueEnd(bytes, 0, end) === end;
    if (whole !== isJson(text)) assert.fail(`${text} ${whole ? 'was taken' : 'was refused'}`);
    const isContainer = text.startsWith('{') || text.startsWith('[');
    if ((scalarEnd(bytes, 0, end) === end) !== (whole && !isContainer)) assert.fail(text);
    if (whole) sound += 1;
  }
  assert.ok(sound > 800, `${sound}`);
});

test('every byte in a string, and behind a backslash, is taken or refused as JSON.parse has it', () => {
  for (let byte = 0; byte < 0x80; byte += 1) {
    for (const before of ['', '\\', '\\u004']) {
      const text = `"a${before}${String.fromCharCode(byte)}0"`;
      const bytes = Buffer.from(text);
      assert.equal(valueEnd(bytes, 0, bytes.length) === bytes.length, isJson(text), text);
    }
  }
});

test('nesting is followed so far and no further', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
  assert.equal(valueEnd(nested(32), 0, 64), 64);
  assert.equal(valueEnd(nested(33), 0, 66), -1);
  assert.equal(valueEnd(nested(100_000), 0, 200_000), -1);
});

test('every sequence of two bytes is UTF-8 or not as Node says, and longer ones by their edges', () => {
  const edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
  const check = (...list: readonly number[]): void => {
    const bytes = Buffer.from(list);
    // One character from end to end, or none that begins so.
    const valid =
      isUtf8(bytes) && bytes.toString().length <= 2 && [...bytes.toString()].length === 1;
    assert.equal(utf8End(bytes, 0, bytes.length) === bytes.length, valid, list.join());
  };
  for (let lead = 0x80; lead < 0x100; lead += 1) {
    check(lead);
    for (let second = 0; second < 0x100; second += 1) check(lead, second);
    for (const second of edges) {
      for (const third of edges) {
        check(lead, second, third);
        for (const fourth of edges) check(lead, second, third, fourth);
      }
    }
  }
});
