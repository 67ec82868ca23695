import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeByteWriter } from './byteWriter.ts';

test('what was finished stays as it is while more is written, however much', () => {
  const to = makeByteWriter(8);
  const finished = Array.from({ length: 200 }, (_, index) => {
    to.text('x'.repeat(index), 1);
    return to.finish();
  });
  for (const [index, bytes] of finished.entries()) {
    assert.equal(bytes.toString().slice(index < 128 ? 1 : 2), 'x'.repeat(index));
  }
});

test('what was discarded is gone, and what was reset is written over', () => {
  const to = makeByteWriter(64);
  to.byte(1);
  to.discard();
  to.byte(2);
  const first = to.finish();
  assert.deepEqual([...first], [2]);
  to.byte(3);
  to.reset();
  to.byte(4);
  assert.deepEqual([...to.finish()], [4]);
  assert.deepEqual([...first], [4], 'the same memory');
});

test('numbers of every size are written as the formats want them', () => {
  const to = makeByteWriter(1);
  const hex = (write: () => void): string => {
    write();
    return to.finish().toString('hex');
  };
  assert.equal(
    hex(() => to.varint(300)),
    'ac02',
  );
  // The greatest varint a double holds exactly, and the longs around the limits of 32 bits.
  for (const value of [0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40 + 5, 2 ** 53 - 1]) {
    to.varint(value);
    let read = 0n;
    for (const [index, byte] of to.finish().entries())
      read |= BigInt(byte & 127) << BigInt(7 * index);
    assert.equal(read, BigInt(value));
  }
  assert.equal(
    hex(() => to.zigzag(-1)),
    '01',
  );
  assert.equal(
    hex(() => to.zigzag(-64)),
    '7f',
  );
  assert.equal(
    hex(() => to.double(-0.1)),
    '9a9999999999b9bf',
  );
});
