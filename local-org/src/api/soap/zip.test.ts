import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeZip } from './testZip.ts';
import { readZip, ZipError } from './zip.ts';

const read = (zip: Buffer): [string, string][] =>
  [...readZip(zip)].map(([name, bytes]) => [name, bytes.toString()]);

test('the files of a zip are read by their path, folders left out', () => {
  const long = 'x'.repeat(100_000);
  assert.deepEqual(read(makeZip({ 'a/b.txt': 'one', 'a/': '', 'c.txt': long })), [
    ['a/b.txt', 'one'],
    ['c.txt', long],
  ]);
});

test('a comment behind the zip does not hide its directory', () => {
  assert.equal(read(Buffer.concat([makeZip({ a: '1' }), Buffer.from('said later')])).length, 1);
});

for (const path of ['../a', '/a', 'a/../../b', 'a//b', 'a\\b']) {
  test(`the path ${path} is refused`, () => {
    assert.throws(() => readZip(makeZip({ [path]: '' })), /leads out of the package/);
  });
}

test('what is no zip, is cut short or lies about itself is refused', () => {
  assert.throws(() => readZip(Buffer.from('hello')), ZipError);
  const zip = makeZip({ 'a.txt': 'some text', 'b.txt': 'more text' });
  assert.throws(() => readZip(zip.subarray(20)), ZipError);
  const bomb = makeZip({ 'a.txt': 'x'.repeat(1000) });
  // The size that the directory announces.
  bomb.writeUInt32LE(10, bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  assert.throws(() => readZip(bomb), ZipError);
});
